import { type Demand, demandOf } from '../demand.ts';
import { cloudOf, type Entity } from '../project.ts';
import type { Blueprint } from '../schema/blueprint.ts';
import type { Cloud } from '../schema/cloud.ts';
import type { Lease } from '../schema/lease.ts';
import type { RuleInput } from './rule.ts';

/** A lease whose blueprint and cloud both loaded. */
export interface Placed {
  readonly lease: Entity<Lease>;
  readonly blueprint: Entity<Blueprint>;
  readonly cloud: Entity<Cloud>;
  readonly demand: Demand;
}

const cache = new WeakMap<RuleInput, readonly Placed[]>();

/** Every lease with what it stands on, oldest first: what came last is what no longer fits. */
export function placedLeases(input: RuleInput): readonly Placed[] {
  let placed = cache.get(input);
  if (placed === undefined) {
    placed = place(input);
    cache.set(input, placed);
  }
  return placed;
}

/** The name of the cloud that a lease is on; undefined where that is the default and there is no organisation. */
export function cloudNameOf({ organisation }: RuleInput, lease: Entity<Lease>): string | undefined {
  return organisation === undefined ? lease.value.cloud : cloudOf({ organisation }, lease);
}

function place(input: RuleInput): Placed[] {
  const placed = [...input.leases.values()].flatMap((lease) => {
    const blueprint = input.blueprints.get(lease.value.blueprint);
    const cloud = input.clouds.get(cloudNameOf(input, lease) ?? '');
    if (blueprint === undefined || cloud === undefined) return [];
    return [{ lease, blueprint, cloud, demand: demandOf(lease.value, blueprint.value, cloud.value) }];
  });
  return placed.sort(
    (a, b) => compare(a.lease.value.since, b.lease.value.since) || compare(a.lease.name, b.lease.name),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
