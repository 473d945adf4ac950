import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cassandra } from '../../../../lib/components/cassandra/component.ts';
import { DEPENDENCIES, dependenciesDigest, fetchDependencies } from '../../../../lib/components/cassandra/jars.ts';
import type { CassandraSettings } from '../../../../lib/components/cassandra/settings.ts';
import { fileOf, parsableFile, tierInputs } from '../tier-inputs.ts';

const inputs = (settings: object = {}, tier: Parameters<typeof tierInputs>[2] = {}) =>
  tierInputs<CassandraSettings>(cassandra, settings, tier);

describe('what a ring is told', () => {
  test('a write is acknowledged when it is on disk, unless the blueprint says otherwise', () => {
    const yaml = parse(parsableFile(cassandra, inputs(), '/etc/cassandra/cassandra.yaml')) as Record<string, unknown>;
    expect(yaml['commitlog_sync']).toBe('group');
    const periodic = parsableFile(cassandra, inputs({ commitLogSync: 'periodic' }), '/etc/cassandra/cassandra.yaml');
    expect(parse(periodic)).toMatchObject({ commitlog_sync: 'periodic', commitlog_sync_period: '10s' });
  });

  test('the first two servers, in two zones, are the seeds', () => {
    const yaml = fileOf(cassandra, inputs(), '/etc/cassandra/cassandra.yaml');
    expect(yaml).toContain(String.raw`- seeds: "@{peers|store|2|,|{address}:7000}"`);
  });

  test('its rack is its zone', () => {
    expect(fileOf(cassandra, inputs({ dataCenter: 'east' }), '/etc/cassandra/cassandra-rackdc.properties')).toBe(
      'dc=east\nrack=@{zone}\n',
    );
  });

  test('numbers that people tune leave every file as it is', () => {
    const texts = (settings: object) => cassandra.files(inputs(settings)).map(({ content }) => content);
    expect(texts({ heapMiB: 512, replicationFactor: 1, compactionMiBPerSecond: 16 })).toEqual(texts({}));
    expect(texts({ tokens: 32 })).not.toEqual(texts({}));
  });

  test.each([
    [2048, 512],
    [16384, 4096],
    [65536, 8192],
  ])('on %i MiB the heap is %i MiB', (memoryMiB, heap) => {
    expect(cassandra.values(inputs({}, { memoryMiB }))['heapMiB']).toBe(heap);
  });

  test('no port but those of clients and members opens', () => {
    const ports = cassandra.ports(inputs().settings);
    expect(ports.filter(({ from }) => from !== 'local').map(({ port, from }) => [port, from])).toEqual([
      [9042, 'clients'],
      [7000, 'members'],
    ]);
  });

  test('each jar that it needs is fetched and known by its checksum', () => {
    const script = fetchDependencies('/opt/cassandra/lib');
    expect(DEPENDENCIES.length).toBe(88);
    expect(DEPENDENCIES.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
    expect(new Set(DEPENDENCIES.map(({ file }) => file)).size).toBe(88);
    const line = script.split('\n').find((each) => each.startsWith('com/github/jnr 1.3.11'));
    expect(line).toBe('com/github/jnr 1.3.11 jffi jffi:native');
    expect(script).toContain(`"$(sum /opt/cassandra/lib)" != ${dependenciesDigest()}`);
  });
});

describe('what is refused', () => {
  const findings = (settings: object, tier: Parameters<typeof tierInputs>[2] = {}) =>
    cassandra.check?.(inputs(settings, tier)).map(({ at, code, fix }) => [at.join('.'), code, fix]);

  test('fails for more copies than servers', () => {
    expect(findings({ replicationFactor: 5 }, { count: 3 })).toEqual([
      ['settings.replicationFactor', 'replication-above-nodes', 'write 3, or give the tier 5 servers'],
    ]);
    expect(findings({ replicationFactor: 5 }, { count: 5 })).toEqual([]);
  });

  test('fails for copies of which a zone takes the majority', () => {
    expect(findings({ replicationFactor: 4 }, { count: 6 })).toEqual([
      ['settings.replicationFactor', 'replication-loses-zone', 'write 3'],
    ]);
    expect(findings({ replicationFactor: 5 }, { count: 6 })).toEqual([]);
    expect(findings({ replicationFactor: 3 }, { count: 3, zones: ['a'] })).toEqual([]);
  });

  test('fails for a heap above half of the flavor', () => {
    expect(findings({ heapMiB: 1025 }, { memoryMiB: 2048 })).toEqual([
      ['settings.heapMiB', 'heap-above-flavor', 'write at most 1024, or take a flavor of 2050 MiB or more'],
    ]);
    expect(findings({ heapMiB: 1024 }, { memoryMiB: 2048 })).toEqual([]);
  });
});

test.each([
  [3, 3, 3, 2],
  [6, 3, 3, 4],
  [7, 3, 3, 4],
  [5, 5, 3, 3],
  [3, 3, 1, 2],
  [6, 3, 2, 5],
])('of %i servers with %i copies over %i zones, %i must be there', (count, replicationFactor, zones, needed) => {
  const names = Array.from({ length: zones }, (_, index) => `zone-${index}`);
  expect(cassandra.quorum?.(inputs({ replicationFactor }, { count, zones: names }))).toEqual({
    members: count,
    needed,
  });
});
