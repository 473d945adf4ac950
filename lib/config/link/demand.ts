import { defaultVolumeTypeOf, externalNetworkOf } from '../choices.ts';
import type { Demand, ServerDemand } from '../demand.ts';
import { ownEntry } from '../own-entry.ts';
import { type Entity, linkOf, type Named, type Project } from '../project.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { Link } from '../schema/link.ts';
import { serverZone } from '../server-zone.ts';
import { CONSUL_VOLUME, linkDiscovery } from './discovery.ts';
import { linkNameOf } from './name.ts';

/** What a part of a link takes of its cloud, counted as leases are. */
export interface LinkDemand extends Demand {
  readonly part: 'gateways' | 'discovery';
}

/** What the gateways of a link take of their cloud, and Consul's servers. Nothing of a flavor that the cloud lacks. Pure. */
function linkDemands({ name, value: link }: Named<Link>, cloud: Cloud): readonly LinkDemand[] {
  const { gateways } = link;
  const discovery = linkDiscovery({ kind: 'link', name, value: link });
  const of = (tier: string, flavorName: string, zones: readonly (string | undefined)[]) => {
    const flavor = ownEntry(cloud.flavors, flavorName);
    if (flavor === undefined) return [];
    const lease = linkNameOf(name);
    return zones.map((zone, at): ServerDemand => {
      const own = { id: `${lease}/${tier}-${at + 1}`, lease, tier, flavor: flavorName, zone };
      return { ...own, ...flavor, group: `${lease}/${tier}` };
    });
  };
  const whole = { name: linkNameOf(name), type: defaultVolumeTypeOf(cloud) };
  const made = demandOfServers(whole.name, of('gateway', gateways.flavor, gateways.zones));
  // The router of the link has an address outside, too. Its network is of no tenant pool, and leases may use another external network.
  const isShared = (gateways.network ?? externalNetworkOf(cloud)) === externalNetworkOf(cloud);
  const externalAddresses = isShared ? made.instances + 1 : 0;
  const addresses = { floatingAddresses: made.instances, externalAddresses };
  const part: LinkDemand = { ...made, ...addresses, part: 'gateways', routers: 1, ports: made.ports + 2 };
  if (discovery === undefined) return [part];
  const zones = Object.keys(cloud.zones);
  const own = discovery.cloud.addresses.map((_, at) => serverZone(zones, whole.name, 'consul', at + 1));
  const servers = demandOfServers(whole.name, of('consul', discovery.cloud.flavor, own));
  const volumeGiB = servers.instances * CONSUL_VOLUME.sizeGiB;
  const volumes = { volumes: servers.instances, volumeGiB, volumeGiBByType: { [whole.type]: volumeGiB } };
  return [part, { ...servers, ...volumes, part: 'discovery' }];
}

/** What the link of a cloud takes of it, where it has one. */
export function linkDemandsOn(links: Project['links'], { name, value }: Pick<Entity<Cloud>, 'name' | 'value'>) {
  const link = linkOf(links, name);
  return link === undefined ? [] : linkDemands(link, value);
}

function demandOfServers(lease: string, servers: readonly ServerDemand[]): Demand {
  const count = servers.length;
  return {
    ...{ lease, tiers: [], servers, instances: count, serverGroups: 1, serverGroupMembers: count },
    ...{ volumes: 0, volumeGiB: 0, volumeGiBByType: {}, floatingAddresses: 0, externalAddresses: 0 },
    ...{ loadBalancers: 0, members: 0, networks: 0, routers: 0, ports: count, prefixLength: 28 },
  };
}
