import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hazelcast } from '../../../../lib/components/hazelcast/component.ts';
import type { HazelcastSettings } from '../../../../lib/components/hazelcast/settings.ts';
import { fileOf, parsableFile, type TierWords, tierInputs } from '../tier-inputs.ts';

const YAML = '/etc/hazelcast/hazelcast.yaml';
const inputs = (settings: object = {}, tier: TierWords = {}) =>
  tierInputs<HazelcastSettings>(hazelcast, settings, tier);

interface Grid {
  readonly hazelcast: {
    readonly 'partition-group': { readonly enabled: boolean; readonly 'group-type': string };
    readonly 'split-brain-protection': { readonly majority: Record<string, unknown> };
    readonly map: { readonly default: Record<string, unknown> };
    readonly network: { readonly join: Record<string, { readonly enabled: boolean }> };
    readonly properties: Record<string, unknown>;
  };
}
const grid = (settings: object = {}, tier: TierWords = {}) =>
  (parse(parsableFile(hazelcast, inputs(settings, tier), YAML)) as Grid).hazelcast;

describe('what a grid is told', () => {
  test('members find each other by their addresses alone', () => {
    const { join } = grid().network;
    expect(Object.entries(join).map(([name, { enabled }]) => [name, enabled])).toEqual([
      ['auto-detection', false],
      ['multicast', false],
      ['tcp-ip', true],
    ]);
    expect(fileOf(hazelcast, inputs(), YAML)).toContain(String.raw`- @{peers|store|*|\n          - |{address}}`);
  });

  test('copies of an entry are in different zones, where there are two', () => {
    expect(grid()['partition-group']).toEqual({ enabled: true, 'group-type': 'ZONE_AWARE' });
    expect(grid({}, { zones: ['only'] })['partition-group'].enabled).toBe(false);
  });

  test.each([
    [2, true, false, 1],
    [3, true, true, 2],
    [5, true, true, 3],
    [5, false, false, 1],
  ])(
    'of %i members with majority writes %s, the majority is asked: %s, of %i',
    (count, majorityWrites, enabled, size) => {
      const { majority } = grid({ majorityWrites }, { count })['split-brain-protection'];
      expect(majority).toMatchObject({ enabled, 'minimum-cluster-size': size, 'protect-on': 'WRITE' });
    },
  );

  test('a write whose copies are in doubt is no success', () => {
    expect(grid().properties['hazelcast.operation.fail.on.indeterminate.state']).toBe(true);
    expect(grid().map.default).toMatchObject({ 'backup-count': 1, 'async-backup-count': 0 });
  });

  test('nothing is dropped unless a share of the heap is said', () => {
    expect(grid().map.default['eviction']).toMatchObject({ 'eviction-policy': 'NONE' });
    expect(grid({ evictAtHeapPercent: 70 }).map.default['eviction']).toEqual({
      'eviction-policy': 'LRU',
      'max-size-policy': 'USED_HEAP_PERCENTAGE',
      size: 70,
    });
  });
});

describe('what is refused', () => {
  const findings = (settings: object, tier: TierWords = {}) =>
    hazelcast.check?.(inputs(settings, tier)).map(({ at, code, fix }) => [at.join('.'), code, fix]);

  test('fails for more copies than other members', () => {
    expect(findings({ backups: 3 }, { count: 3 })).toEqual([
      ['settings.backups', 'replication-above-nodes', 'write 2, or give the tier 4 servers'],
    ]);
    expect(findings({ backups: 2 }, { count: 3 })).toEqual([]);
    expect(findings({ backups: 0 }, { count: 1 })).toEqual([]);
  });

  test('fails for more copies than other zones', () => {
    expect(findings({ backups: 3 }, { count: 6 })).toEqual([
      ['settings.backups', 'replication-above-zones', 'write 2'],
    ]);
    expect(findings({ backups: 3 }, { count: 6, zones: ['only'] })).toEqual([]);
  });

  test('fails for a heap above three quarters of the flavor', () => {
    expect(findings({ heapMiB: 2000 }, { memoryMiB: 2048 })?.map(([at, code]) => [at, code])).toEqual([
      ['settings.heapMiB', 'heap-above-flavor'],
    ]);
  });
});

test('the majority is the quorum, and there is none where any member writes', () => {
  expect(hazelcast.quorum?.(inputs({}, { count: 5 }))).toEqual({ members: 5, needed: 3 });
  expect(hazelcast.quorum?.(inputs({ majorityWrites: false }, { count: 5 }))).toBeUndefined();
});
