import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Plan } from '../../../lib/plan/model.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from '../cli/in-process.ts';
import { lockRequest } from '../state/lock-request.ts';

const base = 'openstack/lab/base';
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-broken-state-'));
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const place = (path: string): string => {
  const file = join(root, '.tandem', path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return file;
};

describe('unlock', () => {
  const unlock = async (stack: string) => {
    const { stdout, code } = await tandemInProcess(root, ['unlock', stack, '--yes', '--json']);
    return { exitCode: code, ...(JSON.parse(stdout) as { broken: unknown; unreadable: string }) };
  };
  const kinds: readonly (readonly [string, (file: string) => void])[] = [
    ['cut off', (file) => writeFileSync(file, '{"trunc')],
    ['empty', (file) => writeFileSync(file, '')],
    ['a folder', (file) => mkdirSync(join(file, 'inside'), { recursive: true })],
    ['a link', (file) => symlinkSync('/etc/hostname', file)],
    ['a link to nothing', (file) => symlinkSync('/nowhere', file)],
  ];

  test.each(kinds)('releases a lock that is %s, by id and by short name', async (_, spoil) => {
    for (const [stack, name] of [
      [base, base],
      ['openstack/lab/dev/alice', 'alice'],
    ] as const) {
      const file = place(`locks/${stack}.json`);
      spoil(file);
      const request = lockRequest({ stack, host: hostname() });
      await expect(localLocks(root).acquire(request)).rejects.toMatchObject({ code: 'broken-lock' });
      const why = expect.any(String) as string;
      expect(await unlock(name)).toMatchObject({ exitCode: 0, stack, broken: null, unreadable: why });
      const held = await localLocks(root).acquire(request);
      expect(held.token).toBeGreaterThan(1e12);
      await held.release();
    }
  });

  it('moves away what is in the place of a lock and of no stack', async () => {
    const file = place('locks/foo.json');
    writeFileSync(file, 'x');
    expect(await unlock('foo')).toMatchObject({ exitCode: 0, stack: 'foo' });
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(join(root, '.tandem/broken'), { recursive: true })).toContainEqual(
      expect.stringMatching(/locks\/foo\.json$/),
    );
  });

  it('says so where nobody holds it', async () => {
    expect(await unlock(base)).toMatchObject({ code: 'not-locked' });
  });
});

test('plan: a record that cannot be read is an error of its own stack, and others are planned', async () => {
  writeFileSync(place(`record/${base}.json`), '{"trunc');
  const { stdout, code } = await tandemInProcess(root, ['plan', 'lab', 'openstack/paris/base', '--json']);
  const { stacks } = JSON.parse(stdout) as Plan;
  const told = stacks.map(({ id, status, changes }) => ({ id, status, isPlanned: changes.length > 0 }));
  expect(told).toContainEqual({ id: base, status: 'error', isPlanned: false });
  expect(told.filter((each) => each.id !== base).some((each) => each.isPlanned)).toBe(true);
  expect(stacks.find((each) => each.id === base)?.reason).toContain(join(root, '.tandem/record', `${base}.json`));
  expect(code).toBe(1);
});
