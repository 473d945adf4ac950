import { type EffectInputs, effectOf, type FailureEffect } from './effect.ts';
import { type Failure, partId, singlesOf } from './failures.ts';
import { judgePairs, type PairGroup } from './pairs.ts';
import { judgePartition, type PartitionEffect, partitionsOf } from './partitions.ts';

/** Format `tandem.failure/1`. Times are in seconds. Fields may be added, never changed in meaning. */
export interface FailureReport {
  readonly format: 'tandem.failure/1';
  readonly cloud: string;
  readonly hosts: number;
  /** Servers of leases that were placed before anything failed; those without a host then are not counted. */
  readonly servers: number;
  /** Worst first. */
  readonly failures: readonly FailureEffect[];
  /** Racks that no longer reach each other; none where failures were named. */
  readonly partitions: readonly PartitionEffect[];
  /** Null where pairs were not asked for. */
  readonly pairs: readonly PairGroup[] | null;
}

export interface ReportRequest {
  /** @default - each single part */
  readonly failures?: readonly Failure[];
  readonly pairs: boolean;
}

export function reportFailures(inputs: EffectInputs, { failures, pairs }: ReportRequest): FailureReport {
  const { topology } = inputs.model;
  return {
    format: 'tandem.failure/1',
    cloud: topology.cloud,
    hosts: topology.hosts.length,
    servers: inputs.placement.servers.length - inputs.placement.unplaced.length,
    failures: (failures ?? singlesOf(topology)).map((failure) => effectOf(inputs, failure)).sort(worstFirst),
    partitions:
      failures === undefined
        ? partitionsOf(topology).map((partition) => judgePartition(inputs.model, inputs.placement, partition))
        : [],
    pairs: pairs ? judgePairs(inputs.model, inputs.placement) : null,
  };
}

/** Services down, then servers without a host, stopped servers, and the longest outage. */
export function worstFirst(a: FailureEffect, b: FailureEffect): number {
  return (
    b.down.length - a.down.length ||
    b.servers.unplaced.length - a.servers.unplaced.length ||
    b.servers.fallen - a.servers.fallen ||
    longest(b) - longest(a) ||
    b.reduced.length - a.reduced.length ||
    compare(a, b)
  );
}

function longest({ gaps }: FailureEffect): number {
  return gaps[0]?.seconds ?? 0;
}

function compare(a: FailureEffect, b: FailureEffect): number {
  const [left, right] = [a.failure.map(partId).join(), b.failure.map(partId).join()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Effects that read the same but for names and numbers of servers that all fit elsewhere, together; in the order given. */
export function alike(effects: readonly FailureEffect[]): FailureEffect[][] {
  const groups = Map.groupBy(effects, ({ down, reduced, gaps, servers, failure }) =>
    JSON.stringify([
      failure.length,
      down,
      reduced,
      gaps.map(({ service, seconds }) => [service, seconds]),
      servers.unplaced.length > 0 ? [servers.fallen, servers.unplaced] : servers.fallen > 0,
    ]),
  );
  return [...groups.values()];
}
