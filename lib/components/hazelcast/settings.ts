import { z } from 'zod';
import type { Finding, TierInputs } from '../../bring-up/component.ts';
import { majorityOf } from '../../config/majority.ts';
import { count } from '../../config/schema/common.ts';
import { type HeapLimits, heapFindings } from '../shared/heap.ts';

export const hazelcastSettings = z.strictObject({
  heapMiB: count(256, 65_536)
    .optional()
    .describe("Heap of the JVM in MiB, which holds all entries. Default: half of the flavor's memory."),
  backups: count(0, 6)
    .default(1)
    .describe(
      'Copies of each entry on other members, made before a write is acknowledged. 0 loses entries with a member.',
    ),
  majorityWrites: z
    .boolean()
    .default(true)
    .describe(
      'Whether maps take writes only where most members are: a part of the grid that is cut off then loses none, since it takes none. Without effect below three servers.',
    ),
  evictAtHeapPercent: count(0, 90)
    .default(0)
    .describe('From this share of used heap on, in percent, maps drop what was used least recently. 0: never.'),
});

export type HazelcastSettings = z.output<typeof hazelcastSettings>;

export const HAZELCAST_HEAP: HeapLimits = {
  defaultPercent: 50,
  maximumPercent: 75,
  rest: 'threads, buffers and the system',
};

type Inputs = TierInputs<HazelcastSettings>;

/** Members without which maps take no writes; 1 where any will do. */
export function leastMembers({ settings, count: members }: Pick<Inputs, 'settings' | 'count'>): number {
  return settings.majorityWrites && members >= 3 ? majorityOf(members) : 1;
}

/** Copies are in different zones, where there are two or more. */
export function zoneAware({ zones, count: members }: Pick<Inputs, 'zones' | 'count'>): boolean {
  return zones.length >= 2 && members >= 2;
}

export function hazelcastFindings(inputs: Inputs): readonly Finding[] {
  return [...heapFindings(inputs, HAZELCAST_HEAP), ...backupFindings(inputs)];
}

function backupFindings(inputs: Inputs): readonly Finding[] {
  const { backups } = inputs.settings;
  const at = ['settings', 'backups'] as const;
  if (backups > 0 && backups >= inputs.count)
    return [
      {
        at,
        code: 'replication-above-nodes',
        message: `got ${backups} on a tier of ${inputs.count}; no member has two copies of an entry, so ${backups} beside the first need ${backups + 1} members`,
        fix: `write ${Math.max(0, inputs.count - 1)}, or give the tier ${backups + 1} servers`,
      },
    ];
  if (!zoneAware(inputs) || backups < inputs.zones.length) return [];
  return [
    {
      at,
      code: 'replication-above-zones',
      message: `got ${backups} over ${inputs.zones.length} zones; no zone has two copies of an entry, so the grid would silently keep ${inputs.zones.length - 1}`,
      fix: `write ${inputs.zones.length - 1}`,
    },
  ];
}
