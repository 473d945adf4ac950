import { isRootDiskInCeph } from '../../config/capacity.ts';
import { storedGiB } from '../../config/demand.ts';
import { demandsOn } from '../../config/placed-leases.ts';
import type { Project } from '../../config/project.ts';
import type { Cloud, Flavor } from '../../config/schema/cloud.ts';
import { type FailureDomain, survivedDomains } from '../topology/failure-domains.ts';
import { topologyOf } from '../topology/topology.ts';
import { placeLeases, roomAfter } from './placement.ts';
import { lossesOf } from './survival.ts';

/** How many more servers of a flavor a zone takes beside all leases. */
export interface FlavorRoom {
  readonly zone: string;
  readonly flavor: string;
  /** While every host is up. */
  readonly now: number;
  /** After the worst failure that leaves the zone a host, with all that fell placed again. */
  readonly afterWorst: number;
  /** `rack b`; undefined where no failure leaves it a host. */
  readonly worst: string | undefined;
}

/**
 * What fits still, by zone and flavor. Each count is for that flavor alone, without anti-affinity, and exact for where Tandem places
 * the leases; where they really stand, a server more or less may fit. Pure.
 */
export function roomLeft(project: Project, cloudName: string): FlavorRoom[] {
  const cloud = project.clouds.get(cloudName)?.value;
  if (cloud === undefined) return [];
  const placement = placeLeases(project, cloudName);
  const losses = lossesOf(placement, survivedDomains(cloud, topologyOf(cloudName, cloud))).map((loss) => ({
    domain: loss.domain,
    off: new Set(loss.domain.hosts),
    room: roomAfter(placement, loss),
  }));
  const pool = poolLeft(project, cloudName, cloud);
  const whole = roomAfter(placement, { moved: [] });
  return Object.keys(cloud.zones).flatMap((zone) =>
    Object.entries(cloud.flavors).map(([name, flavor]): FlavorRoom => {
      const now = fits(whole, zone, flavor, pool, new Set());
      let worst: { domain: FailureDomain; count: number } | undefined;
      for (const { domain, off, room } of losses) {
        if (!placement.hosts.some((host) => host.zone === zone && !off.has(host.name))) continue;
        const count = fits(room, zone, flavor, pool, off);
        if (worst === undefined || count < worst.count) worst = { domain, count };
      }
      const label = worst === undefined ? undefined : `${worst.domain.kind} ${worst.domain.name}`;
      return { zone, flavor: name, now, afterWorst: worst?.count ?? 0, worst: label };
    }),
  );
}

/** GiB that leases leave of the storage for root disks, wherever their servers stand. */
function poolLeft(project: Project, name: string, cloud: Cloud): number {
  if (!isRootDiskInCeph(cloud)) return Number.POSITIVE_INFINITY;
  return demandsOn(project, name).reduce((left, demand) => left - storedGiB(cloud, demand), cloud.storage.usableGiB);
}

function fits(
  room: ReturnType<typeof roomAfter>,
  zone: string,
  flavor: Flavor,
  pool: number,
  off: ReadonlySet<string>,
): number {
  const { vcpus, memoryMiB, diskGiB } = flavor;
  const of = (gib: number): number => (diskGiB === 0 ? Number.POSITIVE_INFINITY : Math.floor(gib / diskGiB));
  const onHosts = room
    .filter((host) => host.zone === zone && !off.has(host.name))
    .reduce(
      (sum, host) =>
        sum + Math.max(0, Math.floor(Math.min(host.vcpus / vcpus, host.memoryMiB / memoryMiB, of(host.diskGiB)))),
      0,
    );
  return Math.min(onHosts, Math.max(0, of(pool)));
}

/** `120 small, 14 large`: what fits still on a cloud after the worst failure, each flavor by itself, over all zones. */
export function describeRoom(room: readonly FlavorRoom[]): string {
  const byFlavor = Map.groupBy(room, ({ flavor }) => flavor);
  return [...byFlavor]
    .map(([flavor, each]) => `${each.reduce((sum, { afterWorst }) => sum + afterWorst, 0)} ${flavor}`)
    .join(', ');
}
