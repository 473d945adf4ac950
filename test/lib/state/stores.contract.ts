import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StackId } from '../../../lib/stack/id.ts';
import type { Broken, StoreOptions } from '../../../lib/state/broken.ts';
import type { Journal, Operation } from '../../../lib/state/journal.ts';
import type { LineageStore } from '../../../lib/state/lineage.ts';
import type { LockRequest, LockStore } from '../../../lib/state/lock.ts';
import type { RecordStore } from '../../../lib/state/record.ts';
import type { RawStates } from '../../../lib/state/states.ts';
import type { RawVersions } from '../../../lib/state/versions.ts';
import { brokenContract } from './broken.contract.ts';
import { chainContract } from './chain.contract.ts';
import { fencingContract } from './fencing.contract.ts';
import { lockRequest } from './lock-request.ts';
import { record } from './record-of.ts';
import { statesContract } from './states.contract.ts';

export interface Stores {
  readonly records: RecordStore;
  readonly journal: Journal;
  readonly locks: LockStore;
  readonly lineage: LineageStore;
  readonly rawStates: RawStates;
  readonly rawVersions: RawVersions;
}

export interface StoresFixture {
  /** The same place, opened once more, as another process would. */
  open(options?: StoreOptions): Promise<Stores>;
  /** Puts a text in the place of a record or a lock, or at the end of an operation's journal. */
  spoil(kind: Broken['kind'], name: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const request = (stack: StackId, operation: string): LockRequest => lockRequest({ stack, operation });

const operation: Operation = {
  verb: 'deploy',
  stacks: ['openstack/lab/base'],
  by: 'ops@example',
  commit: 'abc',
  arguments: {},
  resume: 'tandem env create alice',
};

/** What every place for records, journals and locks must do, whoever keeps them. */
export function storesContract(name: string, prepare: () => Promise<StoresFixture>): void {
  describe(`stores: ${name}`, () => {
    let fixture: StoresFixture;
    let stores: Stores;
    beforeEach(async () => {
      fixture = await prepare();
      stores = await fixture.open();
    });
    afterEach(() => fixture.close());

    test('a record is read as it was written, by everybody', async () => {
      await stores.records.write(record('openstack/lab/dev/alice', 'a'));
      await stores.records.write(record('openstack/lab/dev/alice', 'b'));
      await stores.records.write(record('openstack/lab/base'));
      const other = await fixture.open();
      expect(await other.records.read('openstack/lab/dev/alice')).toEqual(record('openstack/lab/dev/alice', 'b'));
      expect((await other.records.list()).map((each) => each.stack)).toEqual([
        'openstack/lab/base',
        'openstack/lab/dev/alice',
      ]);
    });

    test('a place has one lineage, made once, however many ask for it first', async () => {
      expect(await stores.lineage.read()).toBeUndefined();
      const others = await Promise.all(Array.from({ length: 8 }, () => fixture.open()));
      const made = await Promise.all(others.map(({ lineage }, index) => lineage.own(`ops-${index}@example`)));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(await stores.lineage.read()).toEqual(made[0]);
      expect(await stores.lineage.own('later@example')).toEqual(made[0]);
    });

    test('a record that is removed, or never was, is absent', async () => {
      await stores.records.write(record('openstack/lab/base'));
      await stores.records.remove('openstack/lab/base');
      await stores.records.remove('openstack/lab/base');
      expect(await stores.records.read('openstack/lab/base')).toBeUndefined();
      expect(await stores.records.list()).toEqual([]);
    });

    test('an operation is open from its beginning to its end', async () => {
      const id = await stores.journal.begin(operation);
      await stores.journal.intend({ operation: id, key: 'apply openstack/lab/base', detail: { digest: 'x' } });
      const [open] = await (await fixture.open()).journal.open();
      expect(open).toMatchObject({ id, ...operation, done: [], begun: ['apply openstack/lab/base'] });
      await stores.journal.done({ operation: id, key: 'apply openstack/lab/base' }, { seconds: 1 });
      expect((await stores.journal.open())[0]).toMatchObject({ done: ['apply openstack/lab/base'], begun: [] });
      await stores.journal.end(id, 'succeeded');
      expect(await stores.journal.open()).toEqual([]);
    });

    test('entries stay in order, also after the end', async () => {
      const id = await stores.journal.begin(operation, '20261121T000000-abcdef');
      for (const key of ['one', 'two', 'three']) await stores.journal.intend({ operation: id, key, detail: {} });
      await stores.journal.end(id, 'failed', 'because');
      const entries = await stores.journal.entries('20261121T000000-abcdef');
      expect(entries.map((each) => ('key' in each ? each.key : each.entry))).toEqual([
        'begin',
        'one',
        'two',
        'three',
        'end',
      ]);
      expect((await stores.journal.history(10))[0]).toMatchObject({ id, outcome: 'failed', reason: 'because' });
    });

    test('a lock has one holder, and the other is told who', async () => {
      const held = await stores.locks.acquire(request('openstack/lab/base', 'one'));
      const other = await fixture.open();
      await expect(other.locks.acquire(request('openstack/lab/base', 'two'))).rejects.toMatchObject({
        code: 'state-locked',
        message: expect.stringContaining('ops@example'),
      });
      await other.locks.acquire(request('openstack/lab/dev/alice', 'two'));
      await held.release();
      expect((await other.locks.acquire(request('openstack/lab/base', 'two'))).token).toBe(2);
      expect((await other.locks.list()).map((each) => each.stack).sort()).toEqual([
        'openstack/lab/base',
        'openstack/lab/dev/alice',
      ]);
    });

    test('of many who try at once, one gets it', async () => {
      const attempts = Array.from({ length: 8 }, async (_, index) => {
        const { locks } = await fixture.open();
        return locks.acquire(request('openstack/lab/base', `operation ${index}`));
      });
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    });

    test('waiting ends with the lock, once it is free', async () => {
      const held = await stores.locks.acquire(request('openstack/lab/base', 'one'));
      let told = 0;
      const waiting = stores.locks.acquire(request('openstack/lab/base', 'two'), {
        waitSeconds: 20,
        onWait: () => void (told += 1),
      });
      setTimeout(() => void held.release(), 150);
      await (await waiting).release();
      expect(told).toBe(1);
    });

    test('a dead process of this host holds nothing', async () => {
      await stores.locks.acquire({ ...request('openstack/lab/base', 'dead'), processStarted: '1' });
      expect((await stores.locks.read('openstack/lab/base'))?.operation).toBe('dead');
      await stores.locks.acquire(request('openstack/lab/base', 'alive'));
      expect((await stores.locks.read('openstack/lab/base'))?.operation).toBe('alive');
    });

    test('a process of another host may live: its lock is broken by hand only', async () => {
      const held = await stores.locks.acquire({
        ...request('openstack/lab/base', 'far'),
        host: 'elsewhere',
        processStarted: '1',
      });
      await expect(stores.locks.acquire(request('openstack/lab/base', 'near'))).rejects.toMatchObject({
        code: 'state-locked',
      });
      expect((await stores.locks.break('openstack/lab/base', 'ops@near'))?.operation).toBe('far');
      expect(await stores.locks.break('openstack/lab/base', 'ops@near')).toBeUndefined();
      await stores.locks.acquire(request('openstack/lab/base', 'near'));
      // Who lost the lock does not release what another has now.
      await held.release();
      expect((await stores.locks.read('openstack/lab/base'))?.operation).toBe('near');
    });

    statesContract(() => ({ states: stores.rawStates, versions: stores.rawVersions }));
    fencingContract(() => fixture);
    brokenContract(() => fixture);
    chainContract(() => fixture);
  });
}
