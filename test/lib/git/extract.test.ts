import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withCommit } from '../../../lib/git/extract.ts';
import { temporaryFolder } from '../../stacks/folders.ts';

function repository() {
  const top = temporaryFolder();
  const git = (...args: string[]) => execFileSync('git', args, { cwd: top, encoding: 'utf8' }).trim();
  git('init', '--quiet');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  const write = (file: string, content: string) => {
    mkdirSync(dirname(join(top, file)), { recursive: true });
    writeFileSync(join(top, file), content);
  };
  const commit = () => {
    git('add', '--all');
    git('commit', '--quiet', '--no-gpg-sign', '-m', 'x');
    return git('rev-parse', 'HEAD');
  };
  return { top, git, write, commit };
}

describe('a commit that is unpacked', () => {
  it('has the files of the folder as they are in it, and is gone after the work', async () => {
    const { top, write, commit } = repository();
    write('infra/a/b.txt', 'one\r\ntwo\n');
    writeFileSync(join(top, 'infra/run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    write('other.txt', 'x');
    const id = commit();
    const folder = join(temporaryFolder(), 'made/here');
    const found = await withCommit(join(top, 'infra'), id, folder, async () => [
      readFileSync(join(folder, 'a/b.txt'), 'utf8'),
      statSync(join(folder, 'run.sh')).mode & 0o777,
      existsSync(join(folder, 'other.txt')),
    ]);
    expect(found).toEqual(['one\r\ntwo\n', 0o755, false]);
    expect(existsSync(folder)).toBe(false);
  });

  it('runs no filter, substitutes nothing and leaves nothing out, whatever its .gitattributes say', async () => {
    const { top, git, write, commit } = repository();
    const witness = join(top, 'witness');
    write('.gitattributes', '*.txt filter=evil diff=evil export-subst\nhidden.ts export-ignore\n');
    write('a.txt', '$Format:%H$\n');
    write('hidden.ts', 'x');
    const id = commit();
    git('config', 'filter.evil.smudge', `sh -c 'touch ${witness}; cat'`);
    git('config', 'diff.evil.textconv', `sh -c 'touch ${witness}; cat'`);
    const folder = join(temporaryFolder(), 'here');
    const found = await withCommit(top, id, folder, async () => [
      readFileSync(join(folder, 'a.txt'), 'utf8'),
      existsSync(join(folder, 'hidden.ts')),
    ]);
    expect(found).toEqual(['$Format:%H$\n', true]);
    expect(existsSync(witness)).toBe(false);
  });

  it('has links that stay inside, and none that leave it', async () => {
    const { top, write, commit } = repository();
    write('deep/er/file', 'x');
    const links = {
      fine: 'deep/er/file',
      'deep/up': '../deep/er',
      'deep/self': '..',
      absolute: '/etc/passwd',
      out: '../outside',
      'by-another': 'deep/self/../secret',
      'deep/far': '../../x',
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(top, path));
    const id = commit();
    const folder = join(temporaryFolder(), 'here');
    const there = await withCommit(top, id, folder, async () =>
      Object.keys(links).filter((path) => lstatSync(join(folder, path), { throwIfNoEntry: false }) !== undefined),
    );
    expect(there.sort()).toEqual(['deep/self', 'deep/up', 'fine']);
  });

  it('fails for a commit that is not there', async () => {
    const { top, commit } = repository();
    writeFileSync(join(top, 'a'), '');
    commit();
    const work = withCommit(top, '0'.repeat(40), join(temporaryFolder(), 'x'), async () => 1);
    await expect(work).rejects.toThrow('not a tree object');
  });

  it('has no name that climbs out of the folder', async () => {
    const { top, git } = repository();
    const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: top, input: 'evil' }).toString().trim();
    const inner = tree(top, `100644 blob ${blob}\tevil.txt\n`);
    const names = ['..', '.git', 'fine'].map((name) => `40000 ${name}\0`);
    const raw = Buffer.concat(names.flatMap((name) => [Buffer.from(name), Buffer.from(inner, 'hex')]));
    const outer = execFileSync('git', ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], {
      ...{ cwd: top, input: raw },
    });
    const id = git('commit-tree', '-m', 'x', outer.toString().trim());
    const parent = temporaryFolder();
    const folder = join(parent, 'here');
    const found = await withCommit(top, id, folder, async () => [
      existsSync(join(folder, 'fine/evil.txt')),
      existsSync(join(folder, '.git')),
      existsSync(join(parent, 'evil.txt')),
    ]);
    expect(found).toEqual([true, false, false]);
  });
});

function tree(cwd: string, entries: string): string {
  return execFileSync('git', ['mktree'], { cwd, input: entries }).toString().trim();
}
