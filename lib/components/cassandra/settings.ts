import { z } from 'zod';
import type { Finding, Quorum, TierInputs } from '../../bring-up/component.ts';
import { majorityOf } from '../../config/majority.ts';
import { count, name } from '../../config/schema/common.ts';
import { type HeapLimits, heapFindings } from '../shared/heap.ts';

export const cassandraSettings = z.strictObject({
  heapMiB: count(256, 31_744)
    .optional()
    .describe("Heap of the JVM in MiB. Default: a quarter of the flavor's memory, at most 8192."),
  replicationFactor: count(1, 9)
    .default(3)
    .describe(
      'Copies of each row: the default of keyspaces that are made, and what the quorum counts. Existing keyspaces keep theirs.',
    ),
  dataCenter: name(48)
    .default('dc1')
    .describe(
      'Name of the data centre, as keyspaces name it. CAUTION: a ring that has data does not start under another name.',
    ),
  tokens: count(1, 256)
    .default(16)
    .describe('Ranges of the ring that each node owns. CAUTION: it counts when a node joins, and never after.'),
  commitLogSync: z
    .enum(['group', 'periodic'])
    .default('group')
    .describe(
      '`group`: a write is acknowledged when it is on disk, written together with others of 10 ms; `periodic`: at once, and what came in the last 10 s is lost where all copies lose power together.',
    ),
  compactionMiBPerSecond: count(1, 4096).default(64).describe('What compaction writes at most, in MiB/s.'),
});

export type CassandraSettings = z.output<typeof cassandraSettings>;

/** As the project's own scripts compute it, without the floor that would take half of a small server. */
export const CASSANDRA_HEAP: HeapLimits = {
  defaultPercent: 25,
  defaultMaximumMiB: 8192,
  maximumPercent: 50,
  rest: 'buffers off the heap and the page cache',
};

/**
 * Servers that must be there for writes at QUORUM, wherever a row's copies are. Copies are in different zones, so a whole zone may go
 * where the others hold the majority of every row's copies; else only as many servers, anywhere, as copies may go.
 */
export function ringQuorum({ settings, count: nodes, zones }: TierInputs<CassandraSettings>): Quorum {
  const { replicationFactor: copies } = settings;
  const inOneZone = Math.ceil(copies / Math.max(1, zones.length));
  const ofOneZone = Math.ceil(nodes / Math.max(1, zones.length));
  const mayGo = copies - inOneZone >= majorityOf(copies) ? ofOneZone : copies - majorityOf(copies);
  return { members: nodes, needed: Math.max(1, nodes - mayGo) };
}

export function cassandraFindings(inputs: TierInputs<CassandraSettings>): readonly Finding[] {
  return [...heapFindings(inputs, CASSANDRA_HEAP), ...replicationFindings(inputs)];
}

function replicationFindings({ settings, count: nodes, zones }: TierInputs<CassandraSettings>): readonly Finding[] {
  const { replicationFactor: copies } = settings;
  const at = ['settings', 'replicationFactor'] as const;
  if (copies > nodes)
    return [
      {
        at,
        code: 'replication-above-nodes',
        message: `got ${copies} on a tier of ${nodes}; no server has two copies of a row, and writes at QUORUM would wait for servers that do not exist`,
        fix: nodes < 1 ? 'give the tier servers' : `write ${oddAtMost(nodes)}, or give the tier ${copies} servers`,
      },
    ];
  // With one zone or two, losing one may take the majority whatever is written here.
  if (zones.length < 3 || copies < 3) return [];
  const inOneZone = Math.ceil(copies / zones.length);
  if (copies - inOneZone >= majorityOf(copies)) return [];
  return [
    {
      at,
      code: 'replication-loses-zone',
      message: `got ${copies} over ${zones.length} zones; a zone has ${inOneZone} of the copies, and without it ${majorityOf(copies)} are not left`,
      fix: `write ${copies - 1}`,
    },
  ];
}

function oddAtMost(number: number): number {
  return number % 2 === 0 ? number - 1 : number;
}
