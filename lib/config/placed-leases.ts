import { type Demand, demandOf } from './demand.ts';
import { compare } from './diagnostic.ts';
import { linkDemandsOn } from './link/demand.ts';
import { blueprintOf, cloudOf, type Entity, type Project } from './project.ts';
import type { Blueprint } from './schema/blueprint.ts';
import type { Cloud } from './schema/cloud.ts';
import type { Lease } from './schema/lease.ts';

/** A lease whose blueprint and cloud both loaded. */
export interface PlacedLease {
  readonly lease: Entity<Lease>;
  readonly blueprint: Entity<Blueprint>;
  readonly cloud: Entity<Cloud>;
  readonly demand: Demand;
}

/** A project, or as much of one as loaded. */
export interface LeaseInputs extends Pick<Project, 'leases' | 'blueprints' | 'leaseBlueprints' | 'clouds' | 'links'> {
  readonly organisation: Project['organisation'] | undefined;
}

const cache = new WeakMap<LeaseInputs, readonly PlacedLease[]>();

/** Every lease with what it stands on, oldest first: what came last is what no longer fits. */
export function placedLeases(input: LeaseInputs): readonly PlacedLease[] {
  let placed = cache.get(input);
  if (placed === undefined) {
    placed = place(input);
    cache.set(input, placed);
  }
  return placed;
}

/** The leases of one cloud, oldest first. */
export function leasesOn(input: LeaseInputs, cloud: string): PlacedLease[] {
  return placedLeases(input).filter((placed) => placed.cloud.name === cloud);
}

/** What is taken of a cloud: by its link first, which was there before any lease counts on it, then by leases, oldest first. */
export function demandsOn(input: LeaseInputs, cloud: string): Demand[] {
  const site = input.clouds.get(cloud);
  const link = site === undefined ? [] : linkDemandsOn(input.links, site);
  return [...link, ...leasesOn(input, cloud).map(({ demand }) => demand)];
}

/** The name of the cloud that a lease is on; undefined where that is the default and there is no organisation. */
export function cloudNameOf({ organisation }: LeaseInputs, lease: Entity<Lease>): string | undefined {
  return organisation === undefined ? lease.value.cloud : cloudOf({ organisation }, lease);
}

function place(input: LeaseInputs): PlacedLease[] {
  const placed = [...input.leases.values()].flatMap((lease) => {
    const blueprint = blueprintOf(input, lease);
    const cloud = input.clouds.get(cloudNameOf(input, lease) ?? '');
    if (blueprint === undefined || cloud === undefined) return [];
    const { name, value } = lease;
    return [
      {
        lease,
        blueprint,
        cloud,
        demand: demandOf({ name, lease: value, blueprint: blueprint.value, cloud: cloud.value }),
      },
    ];
  });
  return placed.sort(
    (a, b) => compare(a.lease.value.since, b.lease.value.since) || compare(a.lease.name, b.lease.name),
  );
}
