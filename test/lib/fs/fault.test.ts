import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemFault } from '../../../lib/fs/fault.ts';
import { writeFileAtomic } from '../../../lib/fs/files.ts';
import { guarded } from '../../../lib/fs/guard.ts';
import { appendLine } from '../../../lib/state/append-line.ts';
import { canMount, type SmallDisk, smallDisk } from './small-disk.ts';

const system = (code: string) => Object.assign(new Error(code), { code, path: '/proc/self/x' });

it.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-quota-exceeded'],
  ['EROFS', 'read-only-file-system'],
  ['EMFILE', 'too-many-open-files'],
  ['ENFILE', 'too-many-open-files'],
  ['EACCES', 'file-not-permitted'],
  ['EPERM', 'file-not-permitted'],
  ['EIO', 'disk-failed'],
])('%s is an expected error that names file and mount', (code, expected) => {
  const message = expect.stringContaining('/proc/self/x (on /proc)') as string;
  expect(systemFault(system(code))).toMatchObject({ code: expected, message });
});

it('leaves every other error as it is', () => {
  const other = system('ENOENT');
  expect(systemFault(other)).toBe(other);
  expect(systemFault('x')).toBe('x');
});

describe.skipIf(!canMount)('a disk', () => {
  let disk: SmallDisk;
  beforeEach(() => (disk = smallDisk(64)));
  afterEach(() => disk.close());
  const caught = async (action: () => unknown): Promise<unknown> => {
    try {
      await action();
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it('that is full keeps the old content, leaves no draft, and takes the new once there is space', async () => {
    const file = join(disk.folder, 'one.json');
    writeFileAtomic(file, 'old');
    disk.fill();
    const message = `${file} (on ${disk.folder}) could not be written: no space is left on its file system`;
    expect(await caught(() => writeFileAtomic(file, 'x'.repeat(9000)))).toMatchObject({ code: 'disk-full', message });
    expect([readFileSync(file, 'utf8'), readdirSync(disk.folder).sort()]).toEqual(['old', ['filler', 'one.json']]);
    disk.free();
    writeFileAtomic(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('that fills up in the middle of a line acknowledges no part of it', async () => {
    const file = join(disk.folder, 'journal.jsonl');
    appendLine(file, 'one');
    disk.fill(4096);
    expect(await caught(() => appendLine(file, 'x'.repeat(30_000)))).toMatchObject({ code: 'disk-full' });
    disk.free();
    appendLine(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
  });

  it('that is read-only says so, for locks too', async () => {
    disk.readOnly(true);
    const expected = { code: 'read-only-file-system', message: expect.stringContaining(disk.folder) as string };
    expect(await caught(() => writeFileAtomic(join(disk.folder, 'a'), ''))).toMatchObject(expected);
    expect(await caught(() => guarded(disk.folder, () => undefined))).toMatchObject(expected);
  });
});

it('too few descriptors are named, not a bug', () => {
  const script = `
    import { openSync } from 'node:fs';
    import { writeFileAtomic } from '${new URL('../../../lib/fs/files.ts', import.meta.url).href}';
    try { for (;;) openSync('/dev/null'); } catch {}
    try { writeFileAtomic('/tmp/never', ''); } catch (error) { console.log(error.code); }
  `;
  const run = spawnSync('sh', ['-c', 'ulimit -n 60; exec "$0" --input-type=module', process.execPath], {
    input: script,
    encoding: 'utf8',
  });
  expect(run.stdout).toBe('too-many-open-files\n');
});
