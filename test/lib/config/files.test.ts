import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryFiles, memoryFiles } from '../../../lib/config/files.ts';
import { commitFiles } from '../../../lib/config/git-files.ts';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import { behavesAsConfigFiles, CONTENT, LINKS } from './files.contract.ts';

const base = mkdtempSync(join(tmpdir(), 'tandem-files-'));
const repository = join(base, 'repository');
/** A project in a folder of its repository, as in a monorepo. */
const project = join(repository, 'infra');

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: repository,
    stdio: 'pipe',
  });

beforeAll(() => {
  for (const [file, content] of Object.entries(CONTENT)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), content);
  }
  for (const [link, target] of Object.entries(LINKS)) symlinkSync(target, join(project, link));
  writeFileSync(join(repository, 'outside.yaml'), 'secret: 1\n');
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--no-gpg-sign', '-m', 'first');
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('memoryFiles', () => {
  behavesAsConfigFiles(() => memoryFiles(CONTENT), false);
});

describe('directoryFiles', () => {
  behavesAsConfigFiles(() => directoryFiles(project), true);
});

describe('commitFiles', () => {
  behavesAsConfigFiles(() => commitFiles(project, 'HEAD'), true);

  it('reads the commit, not the working tree', () => {
    writeFileSync(join(project, 'config/dev/alice.yaml'), 'blueprint: changed\n');
    git('commit', '--quiet', '--no-gpg-sign', '--all', '-m', 'second');
    expect(new TextDecoder().decode(commitFiles(project, 'HEAD~1').read('config/dev/alice.yaml'))).toBe(
      'blueprint: app\n',
    );
    expect(new TextDecoder().decode(commitFiles(project, 'main').read('config/dev/alice.yaml'))).toBe(
      'blueprint: changed\n',
    );
  });

  it.each(['nowhere', '', '--help', 'HEAD:infra', 'HEAD~99'])('fails for the revision "%s"', (revision) => {
    expect(errorOf(() => commitFiles(project, revision))).toBe('config-unknown-revision');
  });

  it('fails outside a repository', () => {
    const outside = mkdtempSync(join(base, 'none-'));
    expect(errorOf(() => commitFiles(outside, 'HEAD'))).toBe('config-no-repository');
  });

  it('fails in a shallow clone for what is not in it, and says so', () => {
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${repository}`, join(base, 'shallow')]);
    expect(errorOf(() => commitFiles(join(base, 'shallow'), 'HEAD~1'))).toBe('config-shallow-clone');
    expect(commitFiles(join(base, 'shallow/infra'), 'HEAD').list('config')).toContain('tandem.yaml');
  });
});

function errorOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof TandemError) return error.code;
    throw error;
  }
  return undefined;
}
