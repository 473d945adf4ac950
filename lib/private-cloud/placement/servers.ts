import { demandOf } from '../../config/demand.ts';
import { cloudOf, type Project } from '../../config/project.ts';
import type { Blueprint } from '../../config/schema/blueprint.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Lease } from '../../config/schema/lease.ts';
import { serverZone } from '../../config/server-zone.ts';

/** One server of a lease, as a host sees it. */
export interface Server {
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

/** A lease with its blueprint, as far as its servers depend on it. */
export interface LeasedBlueprint {
  readonly name: string;
  readonly lease: Lease;
  readonly blueprint: Blueprint;
}

/** The leases on a cloud, oldest first: what came last is what no longer fits. Those of an unknown blueprint are left out. */
export function leasesOn(
  project: Pick<Project, 'organisation' | 'leases' | 'blueprints'>,
  cloud: string,
): LeasedBlueprint[] {
  return [...project.leases.values()]
    .flatMap((lease) => {
      const blueprint = project.blueprints.get(lease.value.blueprint);
      if (blueprint === undefined || cloudOf(project, lease) !== cloud) return [];
      return [{ name: lease.name, lease: lease.value, blueprint: blueprint.value }];
    })
    .sort((a, b) => compare(a.lease.since, b.lease.since) || compare(a.name, b.name));
}

/** The servers of a lease; none while it is frozen, and none of a tier whose flavor the cloud does not have. */
export function serversOf({ name, lease, blueprint }: LeasedBlueprint, cloud: Cloud): Server[] {
  if (lease.state === 'frozen') return [];
  const zones = Object.keys(cloud.zones);
  return demandOf(lease, blueprint, cloud).tiers.flatMap(
    ({ name: tier, tier: { placement }, count, flavorName, flavor }) =>
      flavor === undefined
        ? []
        : Array.from(
            { length: count },
            (_, index): Server => ({
              id: `${name}/${tier}-${index + 1}`,
              lease: name,
              tier,
              flavor: flavorName,
              ...flavor,
              zone: placement === 'spread' ? serverZone(zones, name, tier, index + 1) : undefined,
              group: placement === 'spread' ? `${name}/${tier}` : undefined,
            }),
          ),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
