import { gitFailed } from './errors.ts';
import type { LeaseGit } from './lease-git.ts';
import { asideOf, type LeaseTarget } from './lease-target.ts';

/** `behind`: somebody else pushed meanwhile. `protected`: the remote lets nobody push to this branch. */
export type PushOutcome = 'pushed' | 'behind' | 'protected';

/** Pushes one commit to a branch, never by force. @throws TandemError `git-failed` */
export async function pushCommit(git: LeaseGit, { remote, branch }: LeaseTarget, commit: string): Promise<PushOutcome> {
  const { code, errors } = await git.run(['push', '--quiet', remote, `${commit}:refs/heads/${branch}`]);
  if (code === 0) return 'pushed';
  if (isProtected(errors)) return 'protected';
  if (isBehind(errors)) return 'behind';
  const more = `. Where you may not push, \`git remote set-url ${remote} URL\` names a repository of yours; without a remote, leases stay in this clone`;
  throw gitFailed(`push the lease to ${remote}/${branch}`, errors, more);
}

export interface Aside {
  readonly branch: string;
  /** What opens the pull request. */
  readonly command: string;
}

/**
 * Pushes to the branch that is the lease's own: it holds the lease as it was last, alone.
 * @param before its tip as it was seen, which is replaced; undefined where it was not there
 * @returns undefined where somebody else pushed to it meanwhile
 * @throws TandemError `git-failed`
 */
export async function pushAside(
  git: LeaseGit,
  target: LeaseTarget,
  change: { readonly commit: string; readonly name: string; readonly before: string | undefined },
): Promise<Aside | undefined> {
  const branch = asideOf(change.name);
  const expected = `--force-with-lease=refs/heads/${branch}:${change.before ?? ''}`;
  const push = ['push', '--quiet', expected, target.remote, `${change.commit}:refs/heads/${branch}`];
  const { code, errors } = await git.run(push);
  if (/\(stale info\)/.test(errors) || (code !== 0 && isBehind(errors))) return undefined;
  if (code !== 0) throw gitFailed(`push ${branch} to ${target.remote}`, errors);
  const url = (await git.ask('remote', 'get-url', target.remote)) ?? '';
  const command = /gitlab/.test(url)
    ? `glab mr create --source-branch ${branch} --target-branch ${target.branch} --fill`
    : `gh pr create --head ${branch} --base ${target.branch} --fill`;
  return { branch, command };
}

function isBehind(errors: string): boolean {
  return /\(fetch first\)|\(non-fast-forward\)|cannot lock ref|failed to update ref|incorrect old value/.test(errors);
}

/** What GitHub, GitLab, Bitbucket and a plain hook say. */
function isProtected(errors: string): boolean {
  return /protected branch|GH006|GH013|not allowed to push|pre-receive hook declined|hook declined|prohibited/i.test(
    errors,
  );
}
