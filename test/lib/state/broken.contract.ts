import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockNamed } from '../../../lib/deploy/unlock.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import type { Broken } from '../../../lib/state/broken.ts';
import { lockRequest } from './lock-request.ts';
import { record } from './record-of.ts';
import type { StoresFixture } from './stores.contract.ts';

const base: StackId = 'openstack/lab/base';
const lease: StackId = 'openstack/lab/dev/alice';

/** What somebody else, a crash or a newer version may have left in the place of a text. */
const spoilt: readonly (readonly [string, string])[] = [
  ['cut off', '{"format":"tandem.'],
  ['empty', ''],
  ['binary', '\u0001\ufffd{{'],
  ['of a newer format', '{"format":"tandem.record/9","stack":"openstack/lab/base"}'],
  ['of something else', '["hello"]'],
  ['of another stack', JSON.stringify(record(lease))],
];

/** One thing that cannot be read stops its own stack, is named, and hides nothing else. */
export function brokenContract(fixture: () => StoresFixture): void {
  test.each(spoilt)('a record that is %s is named, and stops its own stack alone', async (_, text) => {
    const told: Broken[] = [];
    const stores = await fixture().open({ onBroken: (each) => void told.push(each) });
    await stores.records.write(record(lease));
    await fixture().spoil('record', base, text);
    expect((await stores.records.list()).map((each) => each.stack)).toEqual([lease]);
    expect(told).toMatchObject([{ kind: 'record', name: base, where: expect.stringContaining(base) as string }]);
    expect(await stores.records.broken()).toEqual(told);
    await expect(stores.records.read(base)).rejects.toMatchObject({ code: 'broken-state-file' });
    expect(await stores.records.read(lease)).toEqual(record(lease));
  });

  test('a record that is set aside is kept as a copy, and gone', async () => {
    const { records } = await fixture().open();
    await fixture().spoil('record', base, '{"trunc');
    const folder = mkdtempSync(join(tmpdir(), 'tandem-aside-'));
    expect(readFileSync(await records.setAside(base, folder), 'utf8')).toBe('{"trunc');
    expect([await records.read(base), await records.broken()]).toEqual([undefined, []]);
    rmSync(folder, { recursive: true });
  });

  test.each(spoilt)('a lock that is %s holds its own stack alone, until it is broken by hand', async (_, text) => {
    const { locks } = await fixture().open();
    await locks.acquire(lockRequest({ stack: lease }));
    await fixture().spoil('lock', base, text);
    expect((await locks.list()).map((each) => each.stack)).toEqual([lease]);
    expect(await locks.broken()).toMatchObject([{ kind: 'lock', name: base }]);
    await expect(locks.acquire(lockRequest({ stack: base }))).rejects.toMatchObject({ code: 'broken-lock' });
    expect((await lockNamed({ locks }, base))?.stack).toBe(base);
    expect(await locks.break(base, 'eve@there')).toBeUndefined();
    expect(await lockNamed({ locks }, base)).toBeUndefined();
    // Greater than whatever was lost.
    expect((await locks.acquire(lockRequest({ stack: base }))).token).toBeGreaterThan(1e12);
  });

  const step = { key: `apply ${base}`, detail: {} };
  /** As a copy of a file that was put in the wrong place. */
  const end = { format: 'tandem.journal/1', operation: 'other', at: '2026-11-28T10:11:12.000Z', entry: 'end' };
  const ofOther = ['of another operation', JSON.stringify({ ...end, outcome: 'succeeded', reason: '' })] as const;
  test.each([...spoilt, ofOther])(
    'a line of a journal that is %s hides neither its operation nor others',
    async (_, text) => {
      const told: Broken[] = [];
      const { journal } = await fixture().open({ onBroken: (each) => void told.push(each) });
      const begin = () => journal.begin({ verb: 'deploy', stacks: [base], by: 'ops', commit: '', arguments: {} });
      const [one, two] = [await begin(), await begin()];
      await journal.intend({ operation: one, ...step });
      await fixture().spoil('journal', one, text);
      await journal.done({ operation: one, key: 'other' }, null);
      const open = await journal.open();
      expect(open.map((each) => each.id).sort()).toEqual([one, two].sort());
      // An empty line says nothing, and is no more than that.
      const broken = text === '' ? [] : [{ kind: 'journal', name: one }];
      expect(open.find((each) => each.id === one)).toMatchObject({ begun: [step.key], done: ['other'] });
      expect(await journal.broken()).toMatchObject(broken);
      expect(told).toMatchObject(broken);
      if (broken.length === 0) return;
      const folder = mkdtempSync(join(tmpdir(), 'tandem-aside-'));
      expect(readFileSync(await journal.setAside(one, folder), 'utf8')).toContain(text);
      expect(await journal.broken()).toEqual([]);
      expect((await journal.open()).find((each) => each.id === one)).toMatchObject({ begun: [step.key] });
      rmSync(folder, { recursive: true });
    },
  );

  test('an operation whose beginning cannot be read is told from its steps', async () => {
    const { journal } = await fixture().open();
    const id = '20261128T101112-abcdef';
    await fixture().spoil('journal', id, '{"trunc');
    await journal.intend({ operation: id, ...step });
    expect(await journal.open()).toMatchObject([
      { id, verb: 'unknown', stacks: [base], begun: [step.key], startedAt: '2026-11-28T10:11:12.000Z' },
    ]);
    await journal.end(id, 'abandoned');
    expect(await journal.open()).toEqual([]);
  });
}
