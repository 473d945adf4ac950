import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { mongodb } from '../../../../lib/components/mongodb/component.ts';
import type { MongodbSettings } from '../../../../lib/components/mongodb/settings.ts';
import { brokenPlaceholders } from '../rendering.ts';
import { parsableFile, type TierWords, tierInputs } from '../tier-inputs.ts';
import { FakeReplicaSet, runScript } from './fake-shell.ts';

const inputs = (settings: object = {}, tier: TierWords = {}) => tierInputs<MongodbSettings>(mongodb, settings, tier);

/** Of the page "Self-Managed Configuration File Options" of MongoDB 8.0: what may stand in the file, with its type. */
const DOCUMENTED: Readonly<Record<string, 'string' | 'number'>> = {
  'storage.dbPath': 'string',
  'storage.wiredTiger.engineConfig.cacheSizeGB': 'number',
  'net.port': 'number',
  'net.bindIp': 'string',
  'replication.replSetName': 'string',
  'replication.oplogSizeMB': 'number',
  'security.authorization': 'string',
  'security.keyFile': 'string',
};

function leaves(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

describe('what a member is told', () => {
  test('options that MongoDB documents, of their types, and no other', () => {
    const options = leaves(parse(parsableFile(mongodb, inputs(), '/etc/mongod.conf')));
    expect(Object.fromEntries(options.map(([name, value]) => [name, typeof value]))).toEqual(DOCUMENTED);
    expect(Object.fromEntries(options)).toMatchObject({
      'replication.replSetName': 'alice-store',
      'security.authorization': 'enabled',
      'storage.wiredTiger.engineConfig.cacheSizeGB': 7.5,
    });
  });

  test.each([
    [1024, 0.25],
    [2048, 0.5],
    [4096, 1.5],
  ])('on %i MiB the cache is %d GiB', (memoryMiB, cacheGiB) => {
    expect(mongodb.values(inputs({}, { memoryMiB }))['cacheGiB']).toBe(cacheGiB);
  });

  test('secrets are for those alone who need them', () => {
    const files = mongodb.files(inputs()).filter(({ content }) => content.includes('@{secret '));
    expect(files.map(({ path, mode, owner = 'root:root' }) => [path, mode, owner])).toEqual([
      ['/etc/mongod.key', '0400', 'mongodb:mongodb'],
      ['/etc/mongodb-administrator', '0400', 'root:root'],
      ['/etc/mongodb-tools.yaml', '0400', 'root:root'],
    ]);
    expect(brokenPlaceholders(mongodb)).toEqual([]);
  });
});

describe('the script of the first member, in a shell that stands in', () => {
  const hosts = (count: number) => Array.from({ length: count }, (_, index) => `alice-store-${index + 1}:27017`);

  test('makes the set, its administrator and its members, one at a time', () => {
    const set = new FakeReplicaSet();
    expect(runScript(inputs(), hosts(3), set)).toBe(0);
    expect(set.members.map(({ host, votes, priority }) => [host, votes, priority])).toEqual([
      ['alice-store-1:27017', 1, 2],
      ['alice-store-2:27017', 1, 1],
      ['alice-store-3:27017', 1, 1],
    ]);
    expect(set.users).toEqual(['administrator']);
    expect(set.defaultWriteConcern).toEqual({ w: 'majority', wtimeout: 0 });
    expect(set.changedAtOnce).toBe(1);
    expect(set.electionTimeoutMillis).toBe(5000);
  });

  test('does nothing where nothing is missing', () => {
    const set = new FakeReplicaSet();
    runScript(inputs(), hosts(3), set);
    const { version } = set;
    expect(runScript(inputs(), hosts(3), set)).toBe(0);
    expect(set.version).toBe(version);
  });

  test('takes members in and lets them go, never with an id that another had', () => {
    const set = new FakeReplicaSet();
    runScript(inputs(), hosts(5), set);
    runScript(inputs(), hosts(3), set);
    expect(set.members.map(({ host }) => host)).toEqual(hosts(3));
    runScript(inputs({ electionTimeoutSeconds: 10 }), hosts(5), set);
    expect(set.members.map(({ host }) => host)).toEqual(hosts(5));
    expect(new Set(set.members.map(({ _id }) => _id)).size).toBe(5);
    expect(set.changedAtOnce).toBe(1);
    expect(set.electionTimeoutMillis).toBe(10_000);
  });
});

describe('what is refused', () => {
  const findings = (settings: object, tier: TierWords = {}) =>
    mongodb.check?.(inputs(settings, tier)).map(({ at, code, fix }) => [at.join('.'), code, fix]);

  test.each([2, 4, 6])('fails for %i members', (count) => {
    expect(findings({}, { count })).toEqual([['count', 'even-members', `use ${count - 1} or ${count + 1}`]]);
  });

  test.each([1, 3, 5, 7, 8, 50])('lets %i members pass', (count) => {
    expect(findings({}, { count })).toEqual([]);
  });

  test('fails for more members than a set may have', () => {
    expect(findings({}, { count: 51 })).toEqual([['count', 'too-many-members', 'use 50 or fewer']]);
  });

  test('fails for a cache that leaves nothing of the flavor', () => {
    expect(findings({ cacheMiB: 1500 }, { memoryMiB: 2048 })?.map(([at, code]) => [at, code])).toEqual([
      ['settings.cacheMiB', 'memory-above-flavor'],
    ]);
  });
});

test('seven of nine members decide', () => {
  expect(mongodb.quorum?.(inputs({}, { count: 9 }))).toEqual({ members: 7, needed: 4 });
});
