import type { TierSoftware } from '../../bring-up/tier-software.ts';
import type { LinkDiscovery } from '../../config/link/discovery.ts';
import type { Named } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Link } from '../../config/schema/link.ts';
import { linkTierSoftware } from '../shared/link-tier.ts';
import { consul } from './component.ts';
import { consulSettings } from './settings.ts';

/** Tier of a link's servers: they are `link-<name>-consul-1` and so on. */
export const CONSUL_TIER = 'consul';

/**
 * What Consul's servers of a link run in its cloud. They know nobody of the other side beforehand: servers there join them, and gossip
 * tells. Pure.
 */
export function linkConsulSoftware(
  link: Named<Link>,
  cloud: Named<Cloud>,
  { cloud: { datacenter, flavor }, trust, servers }: LinkDiscovery,
): TierSoftware {
  const zones = Object.keys(cloud.value.zones).sort();
  const settings = consulSettings.parse({ datacenter, trust });
  return linkTierSoftware(link, cloud, {
    ...{ tier: CONSUL_TIER, count: servers, zones, flavor },
    component: consul,
    settings,
  });
}
