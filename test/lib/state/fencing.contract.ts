import { expect, test } from 'vitest';
import type { StackId } from '../../../lib/stack/id.ts';
import type { HeldLock } from '../../../lib/state/lock.ts';
import { lockRequest } from './lock-request.ts';
import { record } from './record-of.ts';
import type { Stores, StoresFixture } from './stores.contract.ts';

const base: StackId = 'openstack/lab/base';
const begun = { verb: 'deploy', stacks: [base], by: 'ops@example', commit: '', arguments: {} };
const step = { key: `apply ${base}`, detail: {} };

/** After its lock was released or taken, a holder notices, and nothing that it writes arrives. */
export function fencingContract(fixture: () => StoresFixture): void {
  /** A holder that lost its lock, with what it began; `next` is whoever holds it now. */
  const lose = async (
    how: 'released' | 'taken',
  ): Promise<{ stores: Stores; held: HeldLock; id: string; next: HeldLock | undefined; other: Stores }> => {
    const [stores, other] = [await fixture().open(), await fixture().open()];
    const held = await stores.locks.acquire(lockRequest({ stack: base, operation: 'old' }));
    const id = await stores.journal.begin(begun);
    await stores.journal.intend({ operation: id, ...step }, [held]);
    await held.assertHeld();
    await other.locks.break(base, 'eve@there');
    const next =
      how === 'released'
        ? undefined
        : await other.locks.acquire(lockRequest({ stack: base, operation: 'new', owner: 'kim@there' }));
    return { stores, held, id, next, other };
  };

  test('tokens grow with each acquisition, across release, break and takeover', async () => {
    const { locks } = await fixture().open();
    const one = await locks.acquire(lockRequest({ stack: base }));
    await one.release();
    await one.release();
    const two = await locks.acquire(lockRequest({ stack: base }));
    await locks.break(base, 'eve@there');
    const three = await locks.acquire(lockRequest({ stack: base, processStarted: '1' }));
    const four = await (await fixture().open()).locks.acquire(lockRequest({ stack: base }));
    expect([one, two, three, four].map((lock) => lock.token)).toEqual([1, 2, 3, 4]);
  });

  test('fails for a holder whose lock was released by hand, told by whom', async () => {
    const { held } = await lose('released');
    const message = expect.stringContaining('released by eve@there') as string;
    await expect(held.assertHeld()).rejects.toMatchObject({ code: 'lock-lost', message });
  });

  test('fails for a holder whose lock somebody else has, told who', async () => {
    const { held, next } = await lose('taken');
    const message = expect.stringContaining('kim@there') as string;
    await expect(held.assertHeld()).rejects.toMatchObject({ code: 'lock-lost', message });
    await next?.assertHeld();
    await held.release();
    await next?.assertHeld();
  });

  test.each(['released', 'taken'] as const)('writes nothing under a lock that was %s', async (how) => {
    const { stores, held, id, other } = await lose(how);
    await other.records.write(record(base, 'theirs'));
    const lost = { code: 'lock-lost' };
    await expect(stores.journal.done({ operation: id, key: step.key }, null, [held])).rejects.toMatchObject(lost);
    await expect(stores.journal.intend({ operation: id, key: 'x', detail: {} }, [held])).rejects.toMatchObject(lost);
    await expect(stores.journal.end(id, 'succeeded', '', [held])).rejects.toMatchObject(lost);
    await expect(stores.records.write(record(base, 'ours'), [held])).rejects.toMatchObject(lost);
    await expect(stores.records.remove(base, [held])).rejects.toMatchObject(lost);
    expect((await other.records.read(base))?.commit).toBe('theirs');
    expect(await other.journal.open()).toMatchObject([{ id, begun: [step.key], done: [] }]);
  });

  test('writes under a lock that is held, and says its token in the journal', async () => {
    const { locks, journal, records } = await fixture().open();
    const held = await locks.acquire(lockRequest({ stack: base }));
    const id = await journal.begin(begun);
    await journal.intend({ operation: id, ...step }, [held]);
    await records.write(record(base, 'a'), [held]);
    await records.write(record(base, 'b'), [held]);
    await journal.done({ operation: id, key: step.key }, null, [held]);
    expect((await records.read(base))?.commit).toBe('b');
    await records.remove(base, [held]);
    await records.remove(base, [held]);
    expect(await records.read(base)).toBeUndefined();
    expect((await journal.entries(id)).map((entry) => entry.tokens?.[base])).toEqual([undefined, 1, 1]);
  });
}
