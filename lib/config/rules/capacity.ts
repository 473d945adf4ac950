import { without } from '../../net/ranges.ts';
import {
  type Capacity,
  capacityOf,
  floatingAddressesOf,
  isRootDiskInCeph,
  largestPoolOf,
  tenantAddressesOf,
} from '../capacity.ts';
import { type Demand, storedGiB, totalOf } from '../demand.ts';
import type { Problem } from '../diagnostic.ts';
import { linkDemandsOn } from '../link/demand.ts';
import { type PlacedLease, placedLeases } from '../placed-leases.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { RuleInput } from './rule.ts';

interface Resource {
  readonly what: string;
  /** What the cloud has, and which part of its configuration says so. */
  readonly has: (cloud: Cloud) => number;
  readonly from: string;
  readonly takes: (demand: Demand, cloud: Cloud) => number;
}

const RESOURCES: readonly Resource[] = [
  {
    what: 'vCPUs',
    has: (cloud) => capacityOf(cloud).vcpus,
    from: 'its compute hosts and overcommit',
    takes: ({ servers }) => totalOf(servers, 'vcpus'),
  },
  {
    what: 'MiB of memory',
    has: (cloud) => capacityOf(cloud).memoryMiB,
    from: 'its compute hosts and overcommit',
    takes: ({ servers }) => totalOf(servers, 'memoryMiB'),
  },
  {
    what: 'GiB of local disk',
    has: (cloud) => capacityOf(cloud).diskGiB,
    from: 'its compute hosts',
    takes: ({ servers }, cloud) => (isRootDiskInCeph(cloud) ? 0 : totalOf(servers, 'diskGiB')),
  },
  {
    what: 'GiB of storage',
    has: (cloud) => cloud.storage.usableGiB,
    from: 'storage.usableGiB',
    takes: (demand, cloud) => storedGiB(cloud, demand),
  },
  {
    what: 'floating addresses',
    has: floatingAddressesOf,
    from: 'the allocation of the external network that leases use',
    takes: ({ externalAddresses }) => externalAddresses,
  },
  {
    what: 'tenant addresses',
    has: tenantAddressesOf,
    from: 'its tenant pools',
    takes: tenantAddresses,
  },
];

/** One that fits into no pool is told by another rule. */
function tenantAddresses({ networks, prefixLength }: Demand, cloud: Cloud): number {
  return prefixLength < largestPoolOf(cloud) ? 0 : networks * 2 ** (32 - prefixLength);
}

/**
 * The link of a cloud and all its leases together fit on it, and into each of its zones. Told at the first lease that does not: whoever added it
 * is there to choose. Losing a rack is not counted here, but among the invariants of high availability.
 */
export function checkCapacity(input: RuleInput): Problem[] {
  return [...input.clouds.values()].flatMap(({ name, value }) => {
    if (!isCapacityKnown(value)) return [];
    const leases = placedLeases(input).filter((placed) => placed.cloud.name === name);
    const link = linkDemandsOn(input.links, { name, value });
    const problems = RESOURCES.flatMap((resource) => {
      const has = resource.has(value);
      const ofLink = link.reduce((sum, demand) => sum + resource.takes(demand, value), 0);
      const found = firstBeyond(leases, has, ({ demand }) => resource.takes(demand, value), ofLink);
      return found === undefined
        ? []
        : [
            tooMuch(
              found.placed,
              `${resource.what}${ofLink === 0 ? '' : `, ${ofLink} of the link among them,`} of ${has} that cloud ${name} has (${resource.from})`,
              found.sum,
            ),
          ];
    });
    // A zone can be full while the others are not; where the cloud is, that says it all.
    return problems.length > 0
      ? problems
      : Object.keys(value.zones).flatMap((zone) => zoneProblems(name, value, zone, leases));
  });
}

/** Where hosts name racks or hardware that do not exist, a zone is empty or an allocation reversed, another rule says so. */
function isCapacityKnown(cloud: Cloud): boolean {
  const hosts = Object.values(cloud.hosts);
  const racks = Object.values(cloud.zones).flatMap((zone) => zone.racks);
  return (
    hosts.every((host) => Object.hasOwn(cloud.racks, host.rack) && Object.hasOwn(cloud.hardware, host.hardware)) &&
    racks.every((rack, index) => Object.hasOwn(cloud.racks, rack) && racks.indexOf(rack) === index) &&
    Object.keys(cloud.zones).every((zone) => capacityOf(cloud, zone).vcpus > 0) &&
    Object.values(cloud.networks).every(({ allocation }) => without(allocation, allocation.except).length > 0) &&
    Object.keys(cloud.tenants).length > 0
  );
}

function zoneProblems(name: string, cloud: Cloud, zone: string, leases: readonly PlacedLease[]): Problem[] {
  const capacity = capacityOf(cloud, zone);
  const keys: readonly (readonly [keyof Capacity, string])[] = [
    ['vcpus', 'vCPUs'],
    ['memoryMiB', 'MiB of memory'],
    ['diskGiB', 'GiB of local disk'],
  ];
  return keys.flatMap(([key, what]) => {
    const found = firstBeyond(leases, capacity[key], (placed) => leastInZone(placed, key));
    return found === undefined
      ? []
      : [tooMuch(found.placed, `${what} of ${capacity[key]} in zone ${zone} of cloud ${name}`, found.sum)];
  });
}

/** What spread tiers take of every zone at the least, whichever zone each begins with. */
function leastInZone({ demand, lease, cloud }: PlacedLease, key: keyof Capacity): number {
  if (lease.value.state === 'frozen') return 0;
  const zones = Object.keys(cloud.value.zones).length;
  return spread(demand).reduce((sum, { count, flavor }) => sum + Math.floor(count / zones) * (flavor?.[key] ?? 0), 0);
}

function spread(demand: Demand): Demand['tiers'] {
  return demand.tiers.filter(({ tier }) => tier.placement === 'spread');
}

function firstBeyond(
  leases: readonly PlacedLease[],
  limit: number,
  takes: (placed: PlacedLease) => number,
  first = 0,
): { placed: PlacedLease; sum: number } | undefined {
  let sum = first;
  let found: PlacedLease | undefined;
  for (const placed of leases) {
    sum += takes(placed);
    if (sum > limit) found ??= placed;
  }
  return found === undefined ? undefined : { placed: found, sum };
}

function tooMuch({ lease, blueprint }: PlacedLease, of: string, sum: number): Problem {
  const message = `got "${blueprint.name}"; from this lease on the capacity is exceeded: all leases together take ${sum} ${of}`;
  return lease.origin
    .at('blueprint')
    .problem('no-capacity', message, 'lower counts or flavors, end or freeze a lease, or add hosts');
}
