import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandGit } from '../../../lib/git/command-git.ts';
import { isForkEvent } from '../../../lib/git/foreign.ts';
import { temporaryFolder } from '../../stacks/folders.ts';

/** What GitHub tells a job. */
function github(event: object | null): NodeJS.ProcessEnv {
  const file = join(temporaryFolder(), 'event.json');
  writeFileSync(file, JSON.stringify(event));
  return { GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: 'acme/clouds' };
}

describe('a pull request of a fork', () => {
  it.each([
    ['a push', () => github({ ref: 'refs/heads/main' }), false],
    ['a branch', () => github({ pull_request: { head: { repo: { full_name: 'acme/clouds' } } } }), false],
    ['a fork', () => github({ pull_request: { head: { repo: { full_name: 'mallory/clouds' } } } }), true],
    [
      'a run after that of a fork',
      () => github({ workflow_run: { head_repository: { full_name: 'mallory/clouds' } } }),
      true,
    ],
    [
      'a run after one of its own',
      () => github({ workflow_run: { head_repository: { full_name: 'acme/clouds' } } }),
      false,
    ],
    ['a repository that has no name', () => ({ ...github({ pull_request: {} }), GITHUB_REPOSITORY: undefined }), true],
    ['an event that is not told', () => ({ GITHUB_EVENT_PATH: '', GITHUB_REPOSITORY: 'acme/clouds' }), false],
    ['nobody can tell', () => ({ GITHUB_EVENT_PATH: '/nowhere/event.json', GITHUB_REPOSITORY: 'acme/clouds' }), true],
    ['an event that is nothing', () => github(null), true],
    ['a fork that was deleted', () => github({ pull_request: { head: { repo: null } } }), true],
    ['a merge request', () => ({ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '1', CI_MERGE_REQUEST_PROJECT_ID: '1' }), false],
    [
      "a fork's merge request",
      () => ({ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '2', CI_MERGE_REQUEST_PROJECT_ID: '1' }),
      true,
    ],
    ['a laptop', () => ({}), false],
  ])('is told from others: %s', (_, environmentOf, isFork) => {
    expect(isForkEvent(environmentOf())).toBe(isFork);
  });
});

describe("a commit that is the project's own", () => {
  it("is in the history of HEAD or of the remote's branches, and none that was fetched from elsewhere", async () => {
    const [origin, fork, root] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const git = (cwd: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd, encoding: 'utf8' }).trim();
    const commit = (cwd: string): string => {
      git(cwd, 'commit', '--quiet', '--no-gpg-sign', '--allow-empty', '-m', `in ${cwd}`);
      return git(cwd, 'rev-parse', 'HEAD');
    };
    git(origin, 'init', '--quiet', '--initial-branch=main');
    const first = commit(origin);
    git(fork, 'clone', '--quiet', origin, '.');
    git(root, 'clone', '--quiet', origin, '.');
    const foreign = commit(fork);
    const own = commit(root);
    const remote = commit(origin);
    git(root, 'fetch', '--quiet', 'origin');
    git(root, 'fetch', '--quiet', fork, 'main:pr-7');
    const reader = commandGit(root);
    const answers = await Promise.all([first, own, remote, foreign].map((each) => reader.isOwn(each)));
    expect(answers).toEqual([true, true, true, false]);
    git(root, 'remote', 'remove', 'origin');
    expect(await reader.isOwn(foreign)).toBe(true);
  });
});
