import type { TierSoftware } from '../../bring-up/tier-software.ts';
import type { LinkDiscovery } from '../../config/link/discovery.ts';
import type { Named } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Link } from '../../config/schema/link.ts';
import { mirrorsOf } from '../environment-software.ts';
import { consul } from './component.ts';
import { consulSettings } from './settings.ts';

/** Tier of a link's servers: they are `link-<name>-consul-1` and so on. */
export const CONSUL_TIER = 'consul';

/**
 * What Consul's servers of a link run in its cloud. They know nobody of the other side beforehand: servers there join them, and gossip
 * tells. Pure.
 */
export function linkConsulSoftware(
  { name }: Named<Link>,
  { value: cloud }: Named<Cloud>,
  { cloud: { datacenter, flavor }, trust, servers }: LinkDiscovery,
): TierSoftware {
  const environment = `link-${name}`;
  const settings = consulSettings.parse({ datacenter, trust });
  return {
    inputs: {
      tier: CONSUL_TIER,
      environment,
      zone: `${environment}.${cloud.dns.zone}`,
      nameServers: cloud.dns.nameServers,
      count: servers,
      zones: Object.keys(cloud.zones).sort(),
      flavor: cloud.flavors[flavor] ?? { vcpus: 1, memoryMiB: 1024, diskGiB: 10 },
      counts: { [CONSUL_TIER]: servers },
      runs: { [CONSUL_TIER]: { [consul.name]: settings } },
    },
    runs: [{ component: consul, settings }],
    ...mirrorsOf(cloud),
  };
}
