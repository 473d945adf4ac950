import type { Blueprint, Tier } from './schema/blueprint.ts';
import type { Cloud, Flavor } from './schema/cloud.ts';
import type { Lease } from './schema/lease.ts';

/** One tier of a dev environment, the lease's differences applied. */
export interface TierDemand {
  readonly name: string;
  readonly tier: Tier;
  readonly count: number;
  readonly flavorName: string;
  /** Undefined where the cloud has no such flavor. */
  readonly flavor: Flavor | undefined;
}

/** What a dev environment takes from its cloud. */
export interface Demand {
  readonly tiers: readonly TierDemand[];
  readonly servers: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  readonly volumeGiB: number;
  /** Servers' and public load balancers', and the router's own. */
  readonly floatingAddresses: number;
  readonly loadBalancers: number;
}

/** Sums what a blueprint needs under a lease on a cloud. A frozen one keeps its volumes and addresses, but runs nothing. */
export function demandOf(lease: Lease, blueprint: Blueprint, cloud: Cloud): Demand {
  const tiers = Object.entries(blueprint.tiers).map(([name, tier]): TierDemand => {
    const own = Object.hasOwn(lease.tiers, name) ? lease.tiers[name] : undefined;
    const flavorName = own?.flavor ?? tier.flavor;
    const flavor = Object.hasOwn(cloud.flavors, flavorName) ? cloud.flavors[flavorName] : undefined;
    return { name, tier, count: own?.count ?? tier.count, flavorName, flavor };
  });
  const sum = (amount: (demand: TierDemand) => number) => tiers.reduce((total, each) => total + amount(each), 0);
  const running = lease.state === 'frozen' ? 0 : 1;
  const balanced = tiers.filter(({ tier }) => tier.loadBalancer !== undefined);
  return {
    tiers,
    servers: sum(({ count }) => count),
    vcpus: running * sum(({ count, flavor }) => count * (flavor?.vcpus ?? 0)),
    memoryMiB: running * sum(({ count, flavor }) => count * (flavor?.memoryMiB ?? 0)),
    diskGiB: running * sum(({ count, flavor }) => count * (flavor?.diskGiB ?? 0)),
    volumeGiB: sum(
      ({ count, tier }) => count * Object.values(tier.volumes).reduce((total, { sizeGiB }) => total + sizeGiB, 0),
    ),
    floatingAddresses:
      1 +
      sum(({ count, tier }) => (tier.floatingAddress ? count : 0)) +
      balanced.filter(({ tier }) => tier.loadBalancer?.public === true).length,
    loadBalancers: balanced.length,
  };
}
