import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLeaseRepository } from '../../../lib/dev/lease-commit.ts';
import type { Published } from '../../../lib/dev/lease-repository.ts';
import { ALICE, type Checkouts, makeCheckouts, othersPush } from '../../lib/dev/lease-checkouts.ts';

let checkouts: Checkouts;
const open = (at: string) => commandLeaseRepository(join(checkouts.folder, at));
const publish = async (at: string, text: string | undefined, file = ALICE): Promise<Published> =>
  await (await open(at).survey(file)).publish({ text, message: `Change ${file}` });
const mainTip = () => checkouts.git('remote.git', 'rev-parse', 'main');

beforeEach(() => {
  checkouts = makeCheckouts();
});
afterEach(() => checkouts.remove());

/** States of a checkout in which people lease; `follows` where its branch can take the commit. */
const STATES: Readonly<Record<string, { follows: boolean; make: (c: Checkouts) => void; at?: string }>> = {
  clean: { follows: true, make: () => undefined },
  'staged, unstaged and untracked work': {
    follows: true,
    make: ({ git, write }) => {
      write('ann', 'README', 'draft\n');
      write('ann', 'staged');
      git('ann', 'add', 'staged');
      write('ann', 'untracked');
    },
  },
  'a commit of work in progress': {
    follows: false,
    make: ({ git, write }) => {
      write('ann', 'README', 'wip\n');
      git('ann', 'commit', '-qam', 'WIP');
    },
  },
  'a branch behind': { follows: true, make: (c) => othersPush(c) },
  'a branch behind, with work on the same file': {
    follows: false,
    make: (c) => {
      othersPush(c, 'README');
      c.write('ann', 'README', 'draft\n');
    },
  },
  'a diverged branch': {
    follows: false,
    make: (c) => {
      othersPush(c);
      c.write('ann', 'README', 'wip\n');
      c.git('ann', 'commit', '-qam', 'WIP');
    },
  },
  'a branch without upstream': {
    follows: false,
    make: ({ git, write }) => {
      git('ann', 'checkout', '-q', '-b', 'topic');
      write('ann', 'README', 'wip\n');
      git('ann', 'commit', '-qam', 'WIP');
    },
  },
  'a detached HEAD': { follows: true, make: ({ git }) => void git('ann', 'checkout', '-q', '--detach') },
  'a detached HEAD behind': {
    follows: false,
    make: (c) => {
      c.git('ann', 'checkout', '-q', '--detach');
      othersPush(c);
    },
  },
  'a rebase under way': {
    follows: false,
    make: (c) => {
      othersPush(c, 'README', 'theirs\n');
      c.write('ann', 'README', 'mine\n');
      c.git('ann', 'commit', '-qam', 'WIP');
      c.git('ann', 'fetch', '-q');
      expect(() => c.git('ann', 'rebase', 'origin/main')).toThrow();
    },
  },
  'a merge under way': {
    follows: false,
    make: (c) => {
      othersPush(c, 'README', 'theirs\n');
      c.write('ann', 'README', 'mine\n');
      c.git('ann', 'commit', '-qam', 'WIP');
      c.git('ann', 'fetch', '-q');
      expect(() => c.git('ann', 'merge', 'origin/main')).toThrow();
    },
  },
  'a pre-commit hook that fails': { follows: true, make: (c) => c.hook('ann/.git', 'pre-commit', 'exit 1') },
  'line ends of Windows': { follows: true, make: ({ git }) => void git('ann', 'config', 'core.autocrlf', 'true') },
  'a shallow clone': {
    follows: true,
    at: 'shallow',
    make: (c) => {
      othersPush(c);
      c.clone('shallow', '--depth=1');
      othersPush(c, 'more');
    },
  },
  'a partial clone': { follows: true, at: 'partial', make: (c) => void c.clone('partial', '--filter=blob:none') },
  'a worktree': {
    follows: true,
    at: 'tree',
    make: ({ git }) => void git('ann', 'worktree', 'add', '-q', '-b', 'side', '../tree', 'origin/main'),
  },
  'a sparse checkout': {
    follows: true,
    at: 'sparse',
    make: ({ clone, git }) => {
      clone('sparse', '--sparse');
      git('sparse', 'sparse-checkout', 'set', '--cone', '--sparse-index', 'config');
    },
  },
};

describe('a lease’s commit', () => {
  it.each(Object.entries(STATES))('goes alone, from a checkout with %s', async (_, { follows, make, at = 'ann' }) => {
    make(checkouts);
    const tip = mainTip();
    const status = () => checkouts.git(at, 'status', '--porcelain', '--', ':!config/dev');
    const head = checkouts.git(at, 'rev-parse', 'HEAD');
    const before = status();
    const published = await publish(at, 'a: 1\n');
    expect(published).toMatchObject({ kind: 'pushed', isNew: true, branch: 'origin/main', commit: mainTip() });
    expect(checkouts.arrived(tip)).toEqual([`A ${ALICE}`]);
    expect(checkouts.git('remote.git', 'rev-parse', 'main^')).toBe(tip);
    expect(status()).toBe(before);
    expect(checkouts.read(at, ALICE)).toBe('a: 1\n');
    expect(published.notFollowed === undefined).toBe(follows);
    expect(checkouts.git(at, 'rev-parse', 'HEAD')).toBe(follows ? published.commit : head);
  });

  it.each(['clean', 'a diverged branch'])(
    'is changed and removed alone as well, from one that is %s',
    async (state) => {
      STATES[state]?.make(checkouts);
      const tip = mainTip();
      await publish('ann', 'a: 1\n');
      expect(await publish('ann', 'a: 2\n')).toMatchObject({ isNew: true });
      expect(await publish('ann', 'a: 2\n')).toMatchObject({ isNew: false });
      expect(checkouts.git('remote.git', 'show', `main:${ALICE}`)).toBe('a: 2');
      expect(await publish('ann', undefined)).toMatchObject({ isNew: true });
      expect(checkouts.arrived(tip)).toEqual([]);
      expect(existsSync(join(checkouts.folder, 'ann', ALICE))).toBe(false);
      expect(checkouts.git('ann', 'status', '--porcelain')).toBe('');
    },
  );

  it.each(['--rebase', '--no-rebase'])(
    'is brought to a branch with commits of its own by the pull that is advised, %s',
    async (way) => {
      STATES['a diverged branch']?.make(checkouts);
      await publish('ann', 'a: 1\n');
      checkouts.git('ann', 'pull', '-q', '--autostash', way);
      expect(checkouts.git('ann', 'status', '--porcelain')).toBe('');
      await publish('ann', 'a: 2\n');
      checkouts.git('ann', 'pull', '-q', '--autostash', way);
      expect([checkouts.git('ann', 'status', '--porcelain'), checkouts.read('ann', ALICE)]).toEqual(['', 'a: 2\n']);
    },
  );

  it('goes from a project in a folder of the repository', async () => {
    mkdirSync(join(checkouts.folder, 'ann/infra/config'), { recursive: true });
    await publish('ann/infra', 'a: 1\n');
    expect(checkouts.git('remote.git', 'ls-tree', '-r', '--name-only', 'main')).toContain(`infra/${ALICE}`);
    expect(checkouts.git('ann', 'status', '--porcelain')).toBe('');
  });

  it('stays here where there is no remote, or an empty one', async () => {
    checkouts.git('ann', 'remote', 'remove', 'origin');
    expect(await publish('ann', 'a: 1\n')).toMatchObject({ kind: 'local', branch: 'HEAD', isNew: true });
    expect(checkouts.git('ann', 'show', '--name-only', '--format=%s', 'HEAD').split('\n')).toContain(ALICE);
    checkouts.git('', 'init', '-q', '--bare', '-b', 'trunk', 'empty.git');
    checkouts.git('ann', 'remote', 'add', 'origin', '../empty.git');
    expect(await publish('ann', 'a: 2\n')).toMatchObject({ kind: 'local', isNew: true });
    expect(checkouts.git('ann', 'status', '--porcelain')).toBe('');
  });

  it('is a file where there is no repository', async () => {
    mkdirSync(join(checkouts.folder, 'bare'));
    expect(await publish('bare', 'a: 1\n')).toMatchObject({ kind: 'none', commit: undefined });
    expect(checkouts.read('bare', ALICE)).toBe('a: 1\n');
  });

  it('goes to a branch of its own where the remote protects this one', async () => {
    checkouts.hook('remote.git', 'update', '[ "$1" = refs/heads/main ] || exit 0\necho "protected branch" >&2\nexit 1');
    const own = { kind: 'aside', branch: 'origin/lease/alice', command: expect.stringContaining('--head lease/alice') };
    expect(await publish('ann', 'a: 1\n')).toMatchObject(own);
    expect(await publish('ann', 'a: 2\n')).toMatchObject(own);
    expect(checkouts.git('remote.git', 'show', `lease/alice:${ALICE}`)).toBe('a: 2');
    expect(checkouts.git('remote.git', 'rev-list', '--count', 'main..lease/alice')).toBe('1');
    // A colleague without it is behind, as if it were on the branch.
    checkouts.clone('bob');
    expect(await open('bob').survey(ALICE)).toMatchObject({ isBehind: true });
    expect(await open('ann').survey(ALICE)).toMatchObject({ isBehind: false });
  });

  it('is signed where the user signs commits, and is not made where that fails', async () => {
    checkouts.git('ann', 'config', 'commit.gpgsign', 'true');
    checkouts.git('ann', 'config', 'gpg.program', 'false');
    const tip = mainTip();
    await expect(publish('ann', 'a: 1\n')).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('sign the commit'),
    });
    expect([mainTip(), existsSync(join(checkouts.folder, 'ann', ALICE))]).toEqual([tip, false]);
  });

  it('is not made where a hook refuses the push, which is told', async () => {
    checkouts.hook('ann/.git', 'pre-push', 'echo no leases on Fridays >&2; exit 1');
    await expect(publish('ann', 'a: 1\n')).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('Fridays'),
      next: expect.stringContaining('`git remote set-url origin URL`'),
    });
    expect(checkouts.git('ann', 'status', '--porcelain')).toBe('');
  });

  it('waits for a git of somebody else', async () => {
    checkouts.write('ann', '.git/index.lock', '');
    const publishing = publish('ann', 'a: 1\n');
    setTimeout(() => rmSync(join(checkouts.folder, 'ann/.git/index.lock')), 600);
    expect(await publishing).toMatchObject({ kind: 'pushed', notFollowed: undefined });
  });

  it('ends when it is asked to stop', async () => {
    checkouts.hook('ann/.git', 'pre-push', 'sleep 60');
    const stop = new AbortController();
    const repository = commandLeaseRepository(join(checkouts.folder, 'ann'), stop.signal);
    const branch = await repository.survey(ALICE);
    setTimeout(() => stop.abort(), 500);
    await expect(branch.publish({ text: 'a: 1\n', message: 'x' })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('two people at once', () => {
  beforeEach(() => void checkouts.clone('bob'));

  it('on different leases: both arrive', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const all = names.map((name, n) => publish(n % 2 === 0 ? 'ann' : 'bob', `${name}\n`, `config/dev/${name}.yaml`));
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(names.map(() => 'pushed'));
    expect(checkouts.git('remote.git', 'rev-list', '--count', 'main')).toBe('7');
  });

  it('on the same lease: one wins, the other is told, and its checkout is as it was', async () => {
    await publish('ann', 'a: 1\n');
    checkouts.git('bob', 'pull', '-q');
    const [ann, bob] = await Promise.all([open('ann').survey(ALICE), open('bob').survey(ALICE)]);
    await ann.publish({ text: 'a: 2\n', message: 'x' });
    await expect(bob.publish({ text: 'a: 3\n', message: 'y' })).rejects.toMatchObject({ code: 'lease-changed' });
    expect([checkouts.read('bob', ALICE), checkouts.git('bob', 'status', '--porcelain')]).toEqual(['a: 1\n', '']);
    expect(await open('bob').survey(ALICE)).toMatchObject({ isBehind: true, by: 'ann <ann@example.org>' });
    expect(await open('ann').survey(ALICE)).toMatchObject({ isBehind: false });
  });

  it('is not behind for a change of its own that nobody else has', async () => {
    await publish('ann', 'a: 1\n');
    checkouts.write('ann', ALICE, 'a: mine\n');
    expect(await open('ann').survey(ALICE)).toMatchObject({ isBehind: false });
    othersPush(checkouts);
    expect(await open('ann').survey(ALICE)).toMatchObject({ isBehind: false });
  });
});

describe('before anything is written', () => {
  it('says that git has no identity', async () => {
    checkouts.git('ann', 'config', '--unset', 'user.name');
    checkouts.git('ann', 'config', '--unset', 'user.email');
    checkouts.git('ann', 'config', 'user.useConfigOnly', 'true');
    const { HOME, XDG_CONFIG_HOME } = process.env;
    Object.assign(process.env, { HOME: checkouts.folder, XDG_CONFIG_HOME: checkouts.folder });
    try {
      await expect(open('ann').requireReady()).rejects.toMatchObject({ code: 'no-git-identity' });
    } finally {
      Object.assign(process.env, { HOME, XDG_CONFIG_HOME });
      if (XDG_CONFIG_HOME === undefined) delete process.env['XDG_CONFIG_HOME'];
    }
    // As the error says, and from a folder below.
    checkouts.git('ann', 'config', 'user.name', 'Ann');
    checkouts.git('ann', 'config', 'user.email', 'ann@example.org');
    await expect(open('ann/other').requireReady()).resolves.toBeUndefined();
  });

  it('says that the remote cannot be reached', async () => {
    checkouts.git('ann', 'remote', 'set-url', 'origin', join(checkouts.folder, 'gone.git'));
    await expect(open('ann').survey(ALICE)).rejects.toMatchObject({ code: 'git-failed' });
  });
});
