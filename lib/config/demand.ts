import { isRootDiskInCeph } from './capacity.ts';
import { defaultVolumeTypeOf } from './choices.ts';
import { ownEntry } from './own-entry.ts';
import type { Blueprint, Tier } from './schema/blueprint.ts';
import type { Cloud, Flavor } from './schema/cloud.ts';
import type { Lease } from './schema/lease.ts';
import { serverZone } from './server-zone.ts';

/** One tier of a dev environment, the lease's differences applied. */
export interface TierDemand {
  readonly name: string;
  readonly tier: Tier;
  readonly count: number;
  readonly flavorName: string;
  /** Undefined where the cloud has no such flavor. */
  readonly flavor: Flavor | undefined;
}

/** One server of a lease, as a host sees it. */
export interface ServerDemand {
  /** `anna/web-1`: unique in a cloud. */
  readonly id: string;
  readonly lease: string;
  readonly tier: string;
  readonly flavor: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  /** Availability zone that it asks for, which Nova never leaves; undefined where any will do. */
  readonly zone: string | undefined;
  /** Servers of one group never share a host: `anna/web`; undefined where they may. */
  readonly group: string | undefined;
}

/**
 * What a dev environment takes from its cloud: the one place that counts it. Rules, placement, the check before a lease, quotas and
 * prices start from here, so that an option of a tier that takes room is counted once.
 */
export interface Demand {
  readonly lease: string;
  readonly tiers: readonly TierDemand[];
  /** Servers that run, and so take room on hosts: none while the lease is frozen, and none of a tier whose flavor the cloud lacks. */
  readonly servers: readonly ServerDemand[];
  /** Servers that exist, running or shelved: each keeps its port, its volumes and its floating address. */
  readonly instances: number;
  readonly serverGroups: number;
  /** Servers of the largest server group. */
  readonly serverGroupMembers: number;
  readonly volumes: number;
  readonly volumeGiB: number;
  /** GiB by volume type, which is what the price depends on. */
  readonly volumeGiBByType: Readonly<Record<string, number>>;
  /** Servers' and public load balancers'. */
  readonly floatingAddresses: number;
  /** Addresses of the external network: the floating ones, and the router's own. */
  readonly externalAddresses: number;
  readonly loadBalancers: number;
  /** Servers behind load balancers, all together. */
  readonly members: number;
  readonly networks: number;
  readonly routers: number;
  readonly ports: number;
  readonly prefixLength: number;
}

export interface DemandInputs {
  readonly name: string;
  /** @default - as the blueprint says, and running */
  readonly lease?: Pick<Lease, 'tiers' | 'state'>;
  readonly blueprint: Pick<Blueprint, 'link' | 'tiers' | 'prefixLength'>;
  readonly cloud: Pick<Cloud, 'zones' | 'flavors' | 'storage'>;
}

/** Ports of a network that no server has: the router's, and OVN's own, which answers DHCP and metadata. */
const NETWORK_PORTS = 2;
/** Ports of a load balancer: its address, and the one that OVN probes members from. */
const LOAD_BALANCER_PORTS = 2;

const UNLEASED = { tiers: {}, state: 'active' } as const;

/** Counts what a blueprint needs under a lease on a cloud, from the configuration alone. Pure. */
export function demandOf({ name, lease = UNLEASED, blueprint, cloud }: DemandInputs): Demand {
  const tiers = Object.entries(blueprint.tiers).map(([tierName, tier]): TierDemand => {
    const own = ownEntry(lease.tiers, tierName);
    const flavorName = own?.flavor ?? tier.flavor;
    const flavor = ownEntry(cloud.flavors, flavorName);
    return { name: tierName, tier, count: own?.count ?? tier.count, flavorName, flavor };
  });
  const sum = (amount: (demand: TierDemand) => number) => tiers.reduce((total, each) => total + amount(each), 0);
  const balanced = tiers.filter(({ tier, count }) => tier.loadBalancer !== undefined && count > 0);
  const spread = tiers.filter(({ tier }) => tier.placement === 'spread');
  const instances = sum(({ count }) => count);
  const floatingAddresses =
    sum(({ count, tier }) => (tier.floatingAddress ? count : 0)) +
    balanced.filter(({ tier }) => tier.loadBalancer?.public === true).length;
  const volumeGiBByType = volumesByType(tiers, cloud);
  return {
    lease: name,
    tiers,
    servers: lease.state === 'frozen' ? [] : serversOf(name, tiers, Object.keys(cloud.zones)),
    instances,
    serverGroups: spread.length,
    serverGroupMembers: Math.max(0, ...spread.map(({ count }) => count)),
    volumes: sum(({ count, tier }) => count * Object.keys(tier.volumes).length),
    volumeGiB: Object.values(volumeGiBByType).reduce((total, gib) => total + gib, 0),
    volumeGiBByType,
    floatingAddresses,
    externalAddresses: floatingAddresses + 1,
    loadBalancers: balanced.length,
    members: balanced.reduce((total, { count }) => total + count, 0),
    networks: 1,
    routers: 1,
    ports: instances + NETWORK_PORTS + (blueprint.link ? 1 : 0) + LOAD_BALANCER_PORTS * balanced.length,
    prefixLength: blueprint.prefixLength,
  };
}

function serversOf(lease: string, tiers: readonly TierDemand[], zones: readonly string[]): ServerDemand[] {
  return tiers.flatMap(({ name: tier, tier: { placement }, count, flavorName, flavor }) => {
    if (flavor === undefined) return [];
    const isSpread = placement === 'spread';
    return Array.from(
      { length: count },
      (_, index): ServerDemand => ({
        id: `${lease}/${tier}-${index + 1}`,
        lease,
        tier,
        flavor: flavorName,
        ...flavor,
        zone: isSpread ? serverZone(zones, lease, tier, index + 1) : undefined,
        group: isSpread ? `${lease}/${tier}` : undefined,
      }),
    );
  });
}

function volumesByType(tiers: readonly TierDemand[], cloud: DemandInputs['cloud']): Record<string, number> {
  const defaultType = defaultVolumeTypeOf(cloud);
  const byType: Record<string, number> = {};
  for (const { tier, count } of tiers)
    for (const { type = defaultType, sizeGiB } of Object.values(tier.volumes))
      byType[type] = (byType[type] ?? 0) + count * sizeGiB;
  return byType;
}

/** GiB that a lease takes of the storage: its volumes, and its root disks where Nova keeps them in Ceph. */
export function storedGiB(
  cloud: Pick<Cloud, 'storage'>,
  { volumeGiB, servers }: Pick<Demand, 'volumeGiB' | 'servers'>,
): number {
  return volumeGiB + (isRootDiskInCeph(cloud) ? totalOf(servers, 'diskGiB') : 0);
}

/** What servers take of their hosts, all together. */
export function totalOf(
  servers: readonly Pick<ServerDemand, 'vcpus' | 'memoryMiB' | 'diskGiB'>[],
  key: 'vcpus' | 'memoryMiB' | 'diskGiB',
): number {
  return servers.reduce((total, server) => total + server[key], 0);
}

/** `anna-web-1`: the server's name in Nova, and its host name. */
export function instanceNameOf({ id }: Pick<ServerDemand, 'id'>): string {
  return id.replace('/', '-');
}
