import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandGit } from '../../../lib/git/command-git.ts';
import type { Git } from '../../../lib/git/git.ts';
import { blobUrl, webUrl } from '../../../lib/git/remote-url.ts';
import { memoryGit } from './memory-git.ts';

type Files = Readonly<Record<string, string>>;

/** Makes a history, however the repository is kept. */
interface History {
  readonly git: Git;
  readonly commit: (summary: string, files: Files, author?: string) => string;
  readonly checkout: (commit: string) => void;
  readonly write: (files: Files) => void;
  readonly branch: (name: string, commit: string) => void;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function real(): History {
  return repository();
}

function repository(): History & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-git-'));
  folders.push(folder);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  git('config', 'commit.gpgsign', 'false');
  git('config', 'advice.detachedHead', 'false');
  const write = (files: Files) => {
    for (const file of git('ls-files', '--cached', '--others').split('\n').filter(Boolean))
      rmSync(join(folder, file), { force: true });
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  };
  return {
    folder,
    git: commandGit(folder),
    commit(summary, files, author = 'Ada') {
      write(files);
      git('add', '--all');
      git(
        'commit',
        '--quiet',
        '--allow-empty',
        `--author=${author} <${author}@example.org>`,
        '-m',
        `${summary}\n\nMore.`,
      );
      return git('rev-parse', 'HEAD');
    },
    checkout: (commit) => void git('checkout', '--quiet', '--force', commit),
    write,
    branch: (name, commit) => void git('branch', '--force', name, commit),
  };
}

function fake(): History {
  const git = memoryGit();
  return {
    git,
    commit: (summary, files, author) => git.commit(summary, files, author === undefined ? {} : { author }),
    checkout: (commit) => git.checkout(commit),
    write: (files) => git.write(files),
    branch: (name, commit) => git.branch(name, commit),
  };
}

describe.each([
  ['the git command', real],
  ['the fake', fake],
])('%s', (_, start) => {
  const base = { 'config/a.yaml': 'one: 1\ntwo: 2\n', 'lib/x.ts': 'x\n' };

  it('knows who wrote what was committed since', async () => {
    const { git, commit } = start();
    expect(await git.authorsOf(['config'])).toEqual([]);
    const first = commit('first', base);
    commit('second', { ...base, 'config/a.yaml': 'one: 2\n' }, 'Bob');
    commit('third', { ...base, 'config/a.yaml': 'one: 3\n', 'lib/x.ts': 'y\n' }, 'Alice');
    commit('fourth', { ...base, 'config/a.yaml': 'one: 3\n', 'lib/x.ts': 'z\n' }, 'Carol');
    expect(await git.authorsOf(['config'], first)).toEqual(['alice@example.org', 'bob@example.org']);
    expect(await git.authorsOf(['config', 'lib'], first)).toContain('carol@example.org');
    expect(await git.authorsOf(['config'])).toEqual(['alice@example.org']);
    expect(await git.authorsOf(['stacks'], first)).toEqual([]);
  });

  it('has no head before the first commit', async () => {
    expect(await start().git.head()).toBeUndefined();
  });

  it('resolves HEAD and short ids, and nothing else', async () => {
    const { git, commit } = start();
    const first = commit('first', base);
    expect(await git.head()).toBe(first);
    expect(await git.resolve('HEAD')).toBe(first);
    expect(await git.resolve(first.slice(0, 10))).toBe(first);
    expect(await git.resolve('nowhere')).toBeUndefined();
    expect(await git.resolve('--all')).toBeUndefined();
  });

  it('tells ancestors from strangers', async () => {
    const { git, commit, checkout } = start();
    const first = commit('first', base);
    const side = commit('side', { ...base, 'config/side.yaml': 's\n' });
    checkout(first);
    const main = commit('main', { ...base, 'config/main.yaml': 'm\n' });
    expect(await git.isAncestor(first, main)).toBe(true);
    expect(await git.isAncestor(main, main)).toBe(true);
    expect(await git.isAncestor(side, main)).toBe(false);
    expect(await git.isAncestor('0123456789012345678901234567890123456789', main)).toBe(false);
  });

  it('finds where HEAD left a branch, and how far that has gone', async () => {
    const { git, commit, checkout, branch } = start();
    const first = commit('first', base);
    commit('theirs', { ...base, 'config/a.yaml': 'a\n' });
    const theirs = commit('theirs too', { ...base, 'config/a.yaml': 'b\n' });
    branch('theirs', theirs);
    checkout(first);
    const own = commit('own', { ...base, 'config/own.yaml': 'o\n' });
    expect(await git.branchOf('theirs')).toBe('theirs');
    expect(await git.resolve('theirs')).toBe(theirs);
    expect(await git.mergeBase(own, theirs)).toBe(first);
    expect(await git.countSince(own, theirs)).toBe(2);
    expect(await git.countSince(theirs, first)).toBe(0);
    for (const rev of ['HEAD', first, first.slice(0, 10), 'nowhere', '--all'])
      expect(await git.branchOf(rev), rev).toBeUndefined();
  });

  it('finds the commit that deleted a file, only after the commit asked about', async () => {
    const { git, commit } = start();
    const first = commit('first', base);
    const deleted = commit('drop a', { 'lib/x.ts': 'x\n' }, 'Grace');
    const later = commit('later', { 'lib/x.ts': 'y\n' });
    expect(await git.deletionOf('config/a.yaml', first)).toMatchObject({
      id: deleted,
      author: 'Grace',
      summary: 'drop a',
    });
    expect(await git.deletionOf('config/a.yaml', later)).toBeUndefined();
    expect(await git.deletionOf('lib/x.ts', first)).toBeUndefined();
    expect(await git.lastChangeOf('lib/x.ts', first)).toMatchObject({ id: later });
    expect(await git.hasFile(first, 'config/a.yaml')).toBe(true);
    expect(await git.hasFile(later, 'config/a.yaml')).toBe(false);
  });

  it('sees changed, deleted and unknown files of the working tree', async () => {
    const { git, commit, write } = start();
    const first = commit('first', base);
    expect(await git.isDirty(['config', 'lib'])).toBe(false);
    write({ ...base, 'lib/new.ts': 'n\n' });
    expect(await git.isDirty(['config'])).toBe(false);
    expect(await git.isDirty(['lib'])).toBe(true);
    expect(await git.isSame(first, ['config'])).toBe(true);
    expect(await git.isSame(first, ['lib'])).toBe(false);
    write({ 'lib/x.ts': 'x\n' });
    expect(await git.isDirty(['config/a.yaml'])).toBe(true);
    expect(await git.isSame(first, ['config'])).toBe(false);
  });

  it('says who wrote a line, and when nobody did yet', async () => {
    const { git, commit, write } = start();
    const first = commit('first', base, 'Grace');
    const second = commit('second', { ...base, 'config/a.yaml': 'one: 1\ntwo: 22\n' });
    expect(await git.writerOf('config/a.yaml', 1)).toMatchObject({
      kind: 'commit',
      commit: { id: first, author: 'Grace', summary: 'first' },
    });
    const two = await git.writerOf('config/a.yaml', 2);
    expect(two).toMatchObject({ kind: 'commit', commit: { id: second, author: 'Ada' } });
    expect(two.kind === 'commit' && two.commit.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await git.writerOf('config/a.yaml')).toMatchObject({ kind: 'commit', commit: { id: second } });
    expect(await git.writerOf('lib/x.ts')).toMatchObject({ kind: 'commit', commit: { id: first } });
    write({ ...base, 'config/a.yaml': 'one: 1\ntwo: 33\n' });
    expect(await git.writerOf('config/a.yaml', 2)).toEqual({ kind: 'uncommitted' });
    expect(await git.writerOf('config/none.yaml', 1)).toEqual({ kind: 'uncommitted' });
    expect(await git.writerOf('config/none.yaml')).toEqual({ kind: 'uncommitted' });
  });

  it('says that there is no history before the first commit', async () => {
    const { git, write } = start();
    write(base);
    expect(await git.writerOf('config/a.yaml', 1)).toEqual({ kind: 'no-history' });
  });
});

describe('who wrote a line', () => {
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'tandem-writer-'));
    folders.push(made);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: made, encoding: 'utf8' }).trim();
    return { made, git };
  };
  const make = () => {
    const { made, git } = folder();
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.org');
    mkdirSync(join(made, 'conf'));
    for (const [line, author] of [
      ['one', 'Grace'],
      ['two', 'E\u001b[31mve\u202e'],
    ] as const) {
      appendFileSync(join(made, 'conf/a.yaml'), `${line}: 1\n`);
      git('add', '--all');
      git('commit', '--quiet', `--author=${author} <x@example.org>`, '-m', `${line} \u001b]0;x\u0007`);
    }
    return { made, git };
  };

  it('is not the commit at which a shallow clone ends', async () => {
    const { made } = make();
    const { made: parent, git } = folder();
    git('clone', '--quiet', '--depth=1', `file://${made}`, 'clone');
    const shallow = commandGit(join(parent, 'clone'));
    const head = await shallow.head();
    expect(await shallow.writerOf('conf/a.yaml', 1)).toEqual({ kind: 'cut-off', commit: head });
    expect(await shallow.writerOf('conf/a.yaml')).toEqual({ kind: 'cut-off', commit: head });
    git('-C', 'clone', 'fetch', '--quiet', '--depth=2', 'origin');
    expect(await shallow.writerOf('conf/a.yaml', 2)).toMatchObject({ kind: 'commit', commit: { id: head } });
    // The first commit of all has no parents that are missing.
    expect(await shallow.writerOf('conf/a.yaml', 1)).toMatchObject({ kind: 'commit', commit: { author: 'Grace' } });
  });

  it('is found behind a link, and shown without what a terminal obeys', async () => {
    const { made } = make();
    symlinkSync('conf', join(made, 'config'));
    expect(await commandGit(made).writerOf('config/a.yaml', 2)).toMatchObject({
      kind: 'commit',
      commit: { author: 'E\\u001b[31mve\\u202e', summary: 'two \\u001b]0;x\\u0007' },
    });
  });
});

describe('names of branches', () => {
  it('are those of this clone and of remotes, not tags and not expressions', async () => {
    const { git, commit, folder } = repository();
    const first = commit('first', { a: '1' });
    execFileSync('git', ['update-ref', 'refs/remotes/origin/main', first], { cwd: folder });
    execFileSync('git', ['tag', 'v1', first], { cwd: folder });
    expect(await git.branchOf('main')).toBe('main');
    expect(await git.branchOf('refs/heads/main')).toBe('main');
    expect(await git.branchOf('origin/main')).toBe('origin/main');
    for (const rev of ['v1', 'main~0', '@', 'HEAD', 'FETCH_HEAD', 'main^{commit}'])
      expect(await git.branchOf(rev), rev).toBeUndefined();
  });

  it('of histories without a common commit have no merge base', async () => {
    const { git, commit, folder } = repository();
    const first = commit('first', { a: '1' });
    execFileSync('git', ['checkout', '--quiet', '--orphan', 'other'], { cwd: folder });
    const other = commit('other', { b: '1' });
    expect(await git.mergeBase(first, other)).toBeUndefined();
  });
});

describe('outside a repository', () => {
  it('has neither head nor commits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-nogit-'));
    folders.push(folder);
    const git = commandGit(folder);
    expect(await git.head()).toBeUndefined();
    expect(await git.isAncestor('a', 'b')).toBe(false);
    expect(await git.writerOf('x', 1)).toEqual({ kind: 'no-history' });
    expect(await git.remoteUrl()).toBeUndefined();
  });

  it('survives a folder that is not there', async () => {
    expect(await commandGit('/nonexistent/tandem').head()).toBeUndefined();
  });
});

describe('the web address of a remote', () => {
  it.each([
    ['git@github.com:acme/clouds.git', 'https://github.com/acme/clouds'],
    ['https://user:secret@github.com/acme/clouds.git', 'https://github.com/acme/clouds'],
    ['ssh://git@git.example.org:2222/acme/clouds', 'https://git.example.org/acme/clouds'],
    ['http://git.example.org:3000/acme/clouds.git/', 'http://git.example.org:3000/acme/clouds'],
    ['/srv/git/clouds.git', undefined],
    ['../clouds', undefined],
  ])('%s', (remote, url) => {
    expect(webUrl(remote)).toBe(url);
  });

  it('points at a line in the way of the host', () => {
    expect(blobUrl('https://github.com/a/b', 'c0ffee', 'config/x y.yaml', 3)).toBe(
      'https://github.com/a/b/blob/c0ffee/config/x%20y.yaml#L3',
    );
    expect(blobUrl('https://gitlab.example.org/a/b', 'c0ffee', 'f', 3)).toBe(
      'https://gitlab.example.org/a/b/-/blob/c0ffee/f#L3',
    );
  });
});
