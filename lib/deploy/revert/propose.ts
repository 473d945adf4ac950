import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitFailed, noGitIdentity } from '../../dev/errors.ts';
import { pathOf } from '../../dev/lease-follow.ts';
import type { LeaseGit } from '../../dev/lease-git.ts';
import { revertExists } from './errors.ts';
import type { FileChange } from './inverse-files.ts';

export interface Proposal {
  readonly commit: string;
  readonly branch: string;
  /** What opens the pull request; undefined without a remote. */
  readonly command: string | undefined;
}

/** Where a branch starts, and goes. */
export interface Start {
  readonly tip: string;
  /** Undefined where there is no remote. */
  readonly home: { readonly remote: string; readonly branch: string } | undefined;
}

/** A commit of some files alone, from objects: the working tree and the index stay as they are. Signed where the user signs commits. */
export async function commitOf(
  git: LeaseGit,
  tip: string,
  changes: readonly FileChange[],
  message: string,
): Promise<string> {
  for (const ident of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'])
    if ((await git.run(['var', ident])).code !== 0) throw noGitIdentity();
  const folder = mkdtempSync(join(tmpdir(), 'tandem-index-'));
  const what = 'commit what was before the operation';
  try {
    const indexFile = join(folder, 'index');
    await git.require(what, ['read-tree', tip], { indexFile });
    for (const { file, content } of changes) {
      const path = await pathOf(git, file);
      // As it is in the repository already: no filter of a checkout applies.
      const blob =
        content === undefined
          ? undefined
          : await git.require(what, ['hash-object', '-w', '--stdin', '--no-filters'], { input: content });
      const entry = blob === undefined ? `0 ${'0'.repeat(40)}\t${path}` : `100644 ${blob}\t${path}`;
      await git.require(what, ['update-index', '--index-info'], { indexFile, input: `${entry}\n` });
    }
    const tree = await git.require(what, ['write-tree', '--missing-ok'], { indexFile });
    const isSigned = (await git.ask('config', '--type=bool', 'commit.gpgsign')) === 'true';
    return await git.require(what, ['commit-tree', tree, '-p', tip, '-m', message, ...(isSigned ? ['-S'] : [])]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives a commit its branch, here and at the remote; never moves one that is there. @throws TandemError `revert-exists`, `git-failed` */
export async function propose(git: LeaseGit, { home }: Start, branch: string, commit: string): Promise<Proposal> {
  const ref = `refs/heads/${branch}`;
  if ((await git.run(['update-ref', ref, commit, '0'.repeat(40)])).code !== 0) throw revertExists(branch);
  if (home === undefined) return { commit, branch, command: undefined };
  const { code, errors } = await git.run([
    'push',
    '--quiet',
    `--force-with-lease=${ref}:`,
    home.remote,
    `${commit}:${ref}`,
  ]);
  if (code !== 0) {
    await git.run(['update-ref', '-d', ref, commit]);
    if (/stale info/.test(errors)) throw revertExists(branch);
    throw gitFailed(`push ${branch} to ${home.remote}`, errors);
  }
  const url = (await git.ask('remote', 'get-url', home.remote)) ?? '';
  const command = /gitlab/.test(url)
    ? `glab mr create --source-branch ${branch} --target-branch ${home.branch} --fill`
    : `gh pr create --head ${branch} --base ${home.branch} --fill`;
  return { commit, branch, command };
}
