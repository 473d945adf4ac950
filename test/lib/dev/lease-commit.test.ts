import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLeaseRepository } from '../../../lib/dev/lease-commit.ts';

let folder: string;
const git = (at: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'commit.gpgsign=false', ...args], {
    cwd: join(folder, at),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
const write = (at: string, file: string, text = 'x\n'): void => {
  mkdirSync(dirname(join(folder, at, file)), { recursive: true });
  writeFileSync(join(folder, at, file), text);
};
const clone = (name: string): void => {
  git('', 'clone', '-q', 'remote.git', name);
  for (const [key, value] of [
    ['user.name', name],
    ['user.email', `${name}@example.org`],
    ['commit.gpgsign', 'false'],
  ] as const)
    git(name, 'config', key, value);
};
const open = (at: string) => commandLeaseRepository(join(folder, at));
const ALICE = 'config/dev/alice.yaml';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lease-git-'));
  git('', 'init', '-q', '--bare', '-b', 'main', 'remote.git');
  clone('ann');
  git('ann', 'checkout', '-q', '-b', 'main');
  write('ann', 'README');
  git('ann', 'add', '-A');
  git('ann', 'commit', '-q', '-m', 'begin');
  git('ann', 'push', '-q', 'origin', 'main');
  clone('bob');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('committing a lease', () => {
  it('takes that file alone, whatever else is staged or changed', async () => {
    write('ann', 'README', 'changed\n');
    write('ann', 'staged');
    git('ann', 'add', 'staged');
    write('ann', ALICE);
    expect(await open('ann').commit(ALICE, 'Lease alice')).toBe(true);
    expect(git('ann', 'show', '--name-only', '--format=%s', 'HEAD').split('\n').filter(Boolean)).toEqual([
      'Lease alice',
      ALICE,
    ]);
    expect(git('ann', 'status', '--porcelain')).toMatch(/A {2}staged/);
    expect(git('ann', 'status', '--porcelain')).toMatch(/M README/);
  });

  it('waits for its like, and for a git of somebody else', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `config/dev/${name}.yaml`);
    for (const name of names) write('ann', name);
    write('ann', '.git/index.lock', '');
    const all = names.map((name) => open('ann').commit(name, `Lease ${name}`));
    setTimeout(() => rmSync(join(folder, 'ann/.git/index.lock')), 300);
    expect(await Promise.all(all)).toEqual(names.map(() => true));
    await Promise.all(names.map((name) => open('ann').push(name)));
    expect(git('', '--git-dir', 'remote.git', 'log', '--format=%s', 'main').split('\n')).toHaveLength(7);
  });

  it('does nothing where the commit has it so already, and where there is no repository', async () => {
    write('ann', ALICE);
    await open('ann').commit(ALICE, 'Lease alice');
    expect(await open('ann').commit(ALICE, 'again')).toBe(false);
    mkdirSync(join(folder, 'bare'));
    write('bare', ALICE);
    expect(await open('bare').commit(ALICE, 'x')).toBe(false);
    expect(await open('bare').push('alice')).toEqual({ kind: 'none' });
  });

  it('commits a deletion', async () => {
    write('ann', ALICE);
    await open('ann').commit(ALICE, 'Lease alice');
    rmSync(join(folder, 'ann', ALICE));
    expect(await open('ann').commit(ALICE, 'Give alice back')).toBe(true);
    expect(git('ann', 'ls-files', ALICE)).toBe('');
    expect(await open('ann').lastChange(ALICE)).toMatch(/^\d{4}-/);
  });

  it('fails with what git says', async () => {
    write('ann', ALICE);
    const hook = join(folder, 'ann/.git/hooks/pre-commit');
    writeFileSync(hook, '#!/bin/sh\necho no leases on Fridays >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    await expect(open('ann').commit(ALICE, 'x')).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('Fridays'),
    });
  });
});

describe('pushing a lease', () => {
  const lease = async (who: string, name: string) => {
    write(who, `config/dev/${name}.yaml`, `${name}\n`);
    await open(who).commit(`config/dev/${name}.yaml`, `Lease ${name}`);
    return await open(who).push(name);
  };

  it('rebases onto what others pushed meanwhile, and keeps what is changed here', async () => {
    expect(await lease('bob', 'bruno')).toEqual({ kind: 'pushed', branch: 'main' });
    write('ann', 'README', 'my draft\n');
    expect(await lease('ann', 'alice')).toEqual({ kind: 'pushed', branch: 'main' });
    expect(git('ann', 'status', '--porcelain')).toMatch(/M README/);
    git('bob', 'pull', '-q');
    expect(existsSync(join(folder, 'bob', ALICE))).toBe(true);
  });

  it('goes to a branch of its own where the remote protects this one', async () => {
    const hook = join(folder, 'remote.git/hooks/update');
    writeFileSync(hook, '#!/bin/sh\n[ "$1" = refs/heads/main ] || exit 0\necho "protected branch" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    expect(await lease('ann', 'alice')).toMatchObject({
      kind: 'branch',
      branch: 'lease/alice',
      base: 'main',
      command: expect.stringContaining('--head lease/alice'),
    });
    expect(git('remote.git', 'show', `lease/alice:${ALICE}`)).toBe('alice');
    // Once more, as after a kill.
    expect(await open('ann').push('alice')).toMatchObject({ kind: 'branch' });
  });

  it('tells who has taken a name', async () => {
    await lease('bob', 'alice');
    expect(await open('ann').takenBy(ALICE)).toBe('bob <bob@example.org>');
    expect(await open('ann').takenBy('config/dev/other.yaml')).toBeUndefined();
    expect(await open('bob').takenBy(ALICE)).toBeUndefined();
  });

  it('fails, with the tree as it was, where both leased the same name', async () => {
    await lease('bob', 'alice');
    write('ann', ALICE, 'another\n');
    await open('ann').commit(ALICE, 'Lease alice');
    await expect(open('ann').push('alice')).rejects.toMatchObject({ code: 'git-failed' });
    expect(existsSync(join(folder, 'ann/.git/rebase-merge'))).toBe(false);
    expect(git('ann', 'symbolic-ref', '--short', 'HEAD')).toBe('main');
  });
});
