import type { Placement } from '../placement/placement.ts';
import type { Topology } from '../topology/topology.ts';
import { bitsOf } from './bits.ts';
import { type FailureModel, REDUCED, statesUnder } from './model.ts';

/** Racks that no longer reach each other, while all hosts are up: between two sides no plane carries anything. */
export interface Partition {
  readonly sides: readonly [readonly string[], readonly string[]];
}

/** One side of a partition, as its clients and servers see it: the other side is as good as off. */
export interface SideEffect {
  readonly racks: readonly string[];
  readonly hosts: number;
  /** Services that do not answer on this side. */
  readonly down: readonly string[];
  /** Whether it has a balancer, which then holds the VIP: each side with one does. Null where the cloud has no VIP. */
  readonly holdsVip: boolean | null;
  /** Servers of leases on its hosts. They run on, on either side. */
  readonly servers: number;
  /** Those whose root disk does not answer. */
  readonly hanging: number;
}

export interface PartitionEffect {
  readonly sides: readonly [SideEffect, SideEffect];
  /** The side on which everything that decides by majority does; null where neither has all of it. */
  readonly serves: 0 | 1 | null;
}

/** Each rack against the others, and each two where there are four or more. */
export function partitionsOf({ racks, hosts }: Pick<Topology, 'racks' | 'hosts'>): Partition[] {
  const used = racks.filter((name) => hosts.some(({ rack }) => rack === name));
  if (used.length < 2) return [];
  const apart = (side: readonly string[]): Partition => ({
    sides: [side, used.filter((rack) => !side.includes(rack))],
  });
  const one = used.length === 2 ? used.slice(0, 1) : used;
  const two = used.flatMap((first, at) => used.slice(at + 1).map((second) => [first, second]));
  // Of four racks, a and b against c and d is c and d against a and b.
  const pairs = used.length < 4 ? [] : two.filter((side) => used.length > 4 || side.includes(used[0] ?? ''));
  return [...one.map((rack) => apart([rack])), ...pairs.map(apart)];
}

export function judgePartition(model: FailureModel, placement: Placement, { sides }: Partition): PartitionEffect {
  const [first, second] = sides;
  const effects = [sideOf(model, placement, first), sideOf(model, placement, second)] as const;
  const decided = (side: SideEffect): boolean =>
    model.services.every(
      ({ name, quorum, copies }) => (quorum !== 'majority' && copies === undefined) || !side.down.includes(name),
    );
  const serves = effects.findIndex(decided);
  return { sides: effects, serves: serves === 0 || serves === 1 ? serves : null };
}

function sideOf(model: FailureModel, placement: Placement, racks: readonly string[]): SideEffect {
  const { hosts } = model.topology;
  const beyond = hosts.flatMap(({ rack }, at) => (racks.includes(rack) ? [] : [at]));
  const gone = { hosts: bitsOf(hosts.length, beyond), planes: new Set<string>() };
  const states = statesUnder(model, gone);
  const down = model.services.filter((_, at) => (states[at] ?? 0) > REDUCED).map(({ name }) => name);
  const own = new Set(hosts.filter(({ rack }) => racks.includes(rack)).map(({ name }) => name));
  const servers = placement.hosts.reduce(
    (sum, { name }, at) => sum + (own.has(name) ? (placement.index.carried[at]?.length ?? 0) : 0),
    0,
  );
  return {
    racks,
    hosts: own.size,
    down,
    holdsVip: model.vip < 0 ? null : !down.includes('vip'),
    servers,
    hanging: down.includes('root-disks') ? servers : 0,
  };
}
