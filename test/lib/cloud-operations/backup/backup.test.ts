import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookRestore, type RestorePorts, runRestore } from '../../../../lib/cloud-operations/backup/restore.ts';
import { BackupStore } from '../../../../lib/cloud-operations/backup/store.ts';
import { type BackupPorts, type BackupSource, takeBackup } from '../../../../lib/cloud-operations/backup/take.ts';
import { inventoryGroups } from '../../../../lib/private-cloud/kolla/inventory.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { localJournal } from '../../../../lib/state/local-journal.ts';
import { localLocks } from '../../../../lib/state/local-locks.ts';
import { cloudOf } from '../../private-cloud/kolla/layouts.ts';
import { FakeCloud } from './fake-cloud.ts';

const MEMBERS = ['control-a-1', 'control-b-1', 'control-c-1'];
const WATCHED = { name: 'prometheus', hosts: ['control-a-1'], children: [] };
const signal = new AbortController().signal;
const options = { signal, emit: () => undefined };

let root: string;
let identity: string;
let cloud: FakeCloud;
let store: BackupStore;
let source: BackupSource;
let time: number;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'tandem-backup-'));
  identity = await generateIdentity();
  cloud = new FakeCloud(MEMBERS, 'projects, servers');
  store = new BackupStore(join(root, 'backups'));
  time = Date.parse('2026-11-28T02:30:00Z');
  const value = cloudOf('converged');
  const backup = {
    ...{ destination: join(root, 'backups'), recipients: [await identityToRecipient(identity)], fullAt: '02:30' },
    ...{ incrementalHours: 4, keep: { daily: 2, weekly: 0 }, maximumAgeHours: 26 },
  };
  const kolla = { secrets: '/etc/kolla', user: 'kolla', baseDistro: 'debian', containerEngine: 'docker' } as const;
  const own = { ...kolla, providerInterfaces: {}, globals: {}, backup };
  const entity = { kind: 'cloud', name: 'cloud', file: 'config/clouds/cloud.yaml', value } as const;
  source = {
    cloud: { ...entity, kolla: own, backup } as unknown as BackupSource['cloud'],
    inventory: inventoryGroups(topologyOf('cloud', value), false),
    ...{ databaseHost: 'control-a-1', ovnHost: 'control-a-1' },
    record: { artefact: '{}', digest: 'sha256:1', commit: 'c0ffee' } as BackupSource['record'],
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function ports(): BackupPorts & RestorePorts {
  return {
    ...{ plays: cloud, hosts: cloud, files: cloud, store, commit: '', identities: [identity] },
    journal: localJournal(root),
    locks: localLocks(root),
    actor: { by: 'me@here', host: 'here' },
    now: () => new Date((time += 1000)),
    sleep: () => Promise.resolve(),
    onStep: () => undefined,
  };
}

const take = (kind: 'full' | 'incremental' = 'full') => takeBackup(ports(), source, { ...options, kind });
const look = (id: string, other: RestorePorts = ports()) => lookRestore(other, source, id, signal);
const restore = async (id: string, overLive = false) =>
  await runRestore(ports(), await look(id), { ...options, overLive });

describe('a backup', () => {
  it('is whole, encrypted, and says how far the database was', async () => {
    const manifest = await take();
    expect(store.list()).toStrictEqual([manifest]);
    expect(manifest.files.map(({ holds }) => holds)).toEqual([
      'database',
      'ovn-northbound',
      'ovn-southbound',
      'configuration',
    ]);
    expect(manifest.database).toMatchObject({ host: 'control-a-1', version: '10.11.6', seqno: 100, seqnoAfter: 105 });
    expect(manifest.tree).toEqual({ digest: 'sha256:1', commit: 'c0ffee' });
    expect(await store.check(manifest)).toEqual([]);
    const file = join(store.folder, manifest.id, 'configuration.json.age');
    expect(readFileSync(file, 'latin1')).not.toContain('c0ffee');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(join(store.folder, 'tandem_backup.prom'), 'utf8')).toContain('kind="full"} 1795');
    expect(await ports().journal.open()).toEqual([]);
  });

  it('leaves its age to the exporter of the database host, where Prometheus runs', async () => {
    await take();
    const told = () => cloud.calls.filter((call) => call.includes('kolla_logs'));
    expect(told()).toEqual([]);
    source = { ...source, inventory: [...source.inventory.filter(({ name }) => name !== 'prometheus'), WATCHED] };
    await take();
    const file = '/var/lib/docker/volumes/kolla_logs/_data/prometheus/tandem_backup.prom';
    expect(told()).toEqual([
      `control-a-1: install -D --mode=644 /dev/stdin ${file}.new`,
      `control-a-1: mv --force ${file}.new ${file}`,
    ]);
  });

  it('stands on its full one, and the host keeps only that', async () => {
    const full = await take();
    const first = await take('incremental');
    const second = await take('incremental');
    expect([first.base, second.base]).toEqual([full.id, full.id]);
    expect(first.database.source).not.toBe(second.database.source);
    const left = [...cloud.files.keys()].filter((path) => path.endsWith('.mbs.gz'));
    expect(left).toEqual([`control-a-1:/var/lib/docker/volumes/mariadb_backup/_data/${full.database.source}`]);
  });

  it('goes when two newer days have one', async () => {
    const ids: string[] = [];
    for (let day = 0; day < 4; day += 1) {
      ids.push((await take()).id);
      time += 86_400_000;
    }
    expect(store.list().map(({ id }) => id)).toEqual(ids.slice(2));
  });

  it('fails whole where Kolla fails, and nothing is left open', async () => {
    cloud.fails = 'play mariadb-backup';
    await expect(take()).rejects.toMatchObject({
      code: 'backup-failed',
      message: expect.stringContaining('"mariadb : mariadb-backup" failed on control-a-1') as string,
    });
    expect(store.list()).toEqual([]);
    expect(await ports().journal.open()).toEqual([]);
    expect((await take()).database.seqno).toBe(100);
  });

  it.each(['gzip --test', 'ovsdb-client'])('goes on under the same name where `%s` failed', async (what) => {
    cloud.fails = what;
    const error = await take().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'backup-failed' });
    expect(JSON.stringify(error)).not.toContain('a secret');
    expect(store.list()).toEqual([]);
    const [open] = await ports().journal.open();
    time += 60_000;
    const manifest = await take();
    expect(manifest.id).toBe(open?.arguments['id']);
    // As it was before the first try began.
    expect(manifest.database.seqno).toBe(100);
    expect(store.list()).toHaveLength(1);
    expect(await ports().journal.open()).toEqual([]);
  });

  it('fails to stand on a full one that is not here', async () => {
    const full = await take();
    store.remove(full.id);
    await expect(take('incremental')).rejects.toMatchObject({ code: 'no-full-backup' });
  });
});

describe('a restore', () => {
  it('brings back what was there, on every member, and says how long nothing answered', async () => {
    const { id } = await take();
    for (const each of MEMBERS) cloud.rows.set(each, '');
    cloud.running.clear();
    const { outageSeconds } = await restore(id);
    expect([...cloud.rows.values()]).toEqual(MEMBERS.map(() => 'projects, servers'));
    expect(cloud.plays.map(({ verb }) => verb)).toEqual(['mariadb-backup', 'stop', 'mariadb-recovery']);
    expect(outageSeconds).toBeGreaterThan(0);
    expect([...cloud.files.keys()].filter((path) => path.includes('/restore/'))).toEqual([]);
  });

  it('sends both files of an incremental one', async () => {
    await take();
    const { id } = await take('incremental');
    cloud.running.clear();
    const plan = await look(id);
    expect(plan.chain.map(({ kind }) => kind)).toEqual(['full', 'incremental']);
    const paths = plan.steps[0]?.actions.flatMap((each) => (each.kind === 'send' ? [each.path.split('/').at(-1)] : []));
    expect(paths).toEqual(['full.mbs.gz', 'incremental.mbs.gz']);
  });

  it('fails to replace a database that answers, unless that is said', async () => {
    const { id } = await take();
    cloud.rows.set('control-a-1', 'newer');
    await expect(restore(id)).rejects.toMatchObject({ code: 'database-alive' });
    expect(cloud.rows.get('control-a-1')).toBe('newer');
    expect(cloud.plays.map(({ verb }) => verb)).toEqual(['mariadb-backup']);
    await restore(id, true);
    expect(cloud.rows.get('control-a-1')).toBe('projects, servers');
  });

  it('goes on with the step that failed', async () => {
    const { id } = await take();
    cloud.running.clear();
    cloud.fails = 'play mariadb-recovery';
    await expect(restore(id)).rejects.toMatchObject({ code: 'restore-failed', details: { step: '5 recover' } });
    const before = cloud.calls.filter((call) => call.includes('--copy-back')).length;
    await restore(id);
    expect(cloud.calls.filter((call) => call.includes('--copy-back'))).toHaveLength(before);
    expect(cloud.rows.get('control-c-1')).toBe('projects, servers');
    expect(await ports().journal.open()).toEqual([]);
  });

  it('fails where a member is not synced at the end', async () => {
    const { id } = await take();
    cloud.running.clear();
    const own = ports();
    const plan = await look(id, own);
    const sleep = () => {
      cloud.running.delete('control-c-1');
      return Promise.resolve();
    };
    cloud.fails = 'control-c-1: mariadb --defaults-file';
    await expect(runRestore({ ...own, sleep }, plan, { ...options, overLive: false })).rejects.toThrow(
      'control-a-1 is not synced with all 3 members',
    );
  });

  it('fails without the key, before anything is touched', async () => {
    const { id } = await take();
    cloud.running.clear();
    const other = { ...ports(), identities: [await generateIdentity()] };
    const calls = cloud.calls.length;
    await expect(runRestore(other, await look(id), { ...options, overLive: false })).rejects.toMatchObject({
      code: 'backup-key-missing',
    });
    expect(cloud.calls.slice(calls).filter((call) => /: rm |^play/.test(call))).toEqual([]);
  });

  it('fails for a backup that is changed, incomplete, foreign or of another version', async () => {
    const full = await take();
    const { id } = await take('incremental');
    cloud.version = '11.4.2';
    await expect(look(full.id)).rejects.toMatchObject({ code: 'backup-unfit' });
    cloud.version = '10.11.6';
    await expect(look('20200101T000000Z-full')).rejects.toMatchObject({ code: 'no-such-backup' });
    const renamed = { ...source, cloud: { ...source.cloud, name: 'other' } };
    await expect(lookRestore(ports(), renamed, full.id, signal)).rejects.toThrow('it is of cloud cloud');
    appendFileSync(join(store.folder, full.id, 'database.mbs.gz.age'), 'x');
    await expect(look(id)).rejects.toThrow(`${full.id} is not whole: database.mbs.gz.age has`);
    store.remove(full.id);
    await expect(look(id)).rejects.toThrow(`it stands on the full backup ${full.id}, which is not there`);
  });
});
