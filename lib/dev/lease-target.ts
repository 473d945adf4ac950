import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gitFailed } from './errors.ts';
import type { LeaseGit } from './lease-git.ts';

/** The branch at a remote that leases are pushed to. */
export interface LeaseTarget {
  readonly remote: string;
  readonly branch: string;
}

/** Where commits of leases go from a checkout. */
export type LeaseHome =
  /** Onto what is checked out: there is no remote, or it has no branch yet. */
  | { readonly kind: 'local' }
  /** `hasAside`: the remote has a branch of the lease's own. */
  | ({ readonly kind: 'remote'; readonly hasAside: boolean } & LeaseTarget);

/** The branch of a lease's own, at remotes that protect the others. */
export function asideOf(name: string): string {
  return `lease/${name}`;
}

/** The upstream of the checked-out branch, the branch of its name at the remote, or the remote's default branch: the first that exists. */
export async function findHome(git: LeaseGit, name: string): Promise<LeaseHome> {
  const branch = await branchOf(git);
  const remotes = ((await git.ask('remote')) ?? '').split('\n').filter(Boolean);
  const upstreamRemote = branch === undefined ? undefined : await git.ask('config', `branch.${branch}.remote`);
  const preferred = remotes.includes('origin') ? 'origin' : remotes[0];
  const remote = upstreamRemote !== undefined && remotes.includes(upstreamRemote) ? upstreamRemote : preferred;
  if (remote === undefined) return { kind: 'local' };
  const merges =
    branch === undefined || upstreamRemote !== remote ? undefined : await git.ask('config', `branch.${branch}.merge`);
  const upstream = merges?.replace(/^refs\/heads\//, '');
  const { branches, standard } = await branchesAt(git, remote, [
    ...[upstream, branch, 'main', 'master'],
    asideOf(name),
  ]);
  const found = [upstream, branch, standard, 'main', 'master'].find((each) => each !== undefined && branches.has(each));
  if (found === undefined) return { kind: 'local' };
  return { kind: 'remote', remote, branch: found, hasAside: branches.has(asideOf(name)) };
}

/** The branch that is checked out, or that is being rebased. */
async function branchOf(git: LeaseGit): Promise<string | undefined> {
  const head = await git.ask('symbolic-ref', '--quiet', '--short', 'HEAD');
  if (head !== undefined) return head;
  for (const folder of ['rebase-merge', 'rebase-apply']) {
    const file = await git.ask('rev-parse', '--git-path', `${folder}/head-name`);
    try {
      const name = readFileSync(resolve(git.root, file ?? ''), 'utf8').trim();
      if (name.startsWith('refs/heads/')) return name.slice('refs/heads/'.length);
    } catch {
      // No rebase is under way.
    }
  }
  return undefined;
}

async function branchesAt(
  git: LeaseGit,
  remote: string,
  wanted: readonly (string | undefined)[],
): Promise<{ branches: ReadonlySet<string>; standard: string | undefined }> {
  const refs = wanted.flatMap((each) => (each === undefined ? [] : [`refs/heads/${each}`]));
  const { code, output, errors } = await git.run(['ls-remote', '--symref', remote, 'HEAD', ...refs]);
  if (code !== 0) throw gitFailed(`ask ${remote} for its branches`, errors);
  const lines = output.split('\n').map((line) => line.split('\t'));
  const names = lines.flatMap(([, ref = '']) => (ref.startsWith('refs/heads/') ? [ref.slice(11)] : []));
  const standard = lines.flatMap(([what = '', ref]) =>
    ref === 'HEAD' && what.startsWith('ref: refs/heads/') ? [what.slice(16)] : [],
  )[0];
  // A default branch that nobody has pushed yet is named all the same; it has an id only where it exists.
  const isThere = lines.some(([what = '', ref]) => ref === 'HEAD' && /^[0-9a-f]{40,}$/.test(what));
  return { branches: new Set(isThere && standard !== undefined ? [...names, standard] : names), standard };
}

/** The commit at the tip of the branch at its remote, fetched. */
export async function fetchTip(git: LeaseGit, { remote, branch }: LeaseTarget): Promise<string> {
  // A ref of its own: another fetch in this checkout must not be taken for this one.
  const own = `refs/tandem/${process.pid}-${crypto.randomUUID()}`;
  const { code, errors } = await git.run([
    ...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'],
    ...[remote, `+refs/heads/${branch}:${own}`],
  ]);
  if (code !== 0) throw gitFailed(`fetch ${branch} from ${remote}`, errors);
  const tip = await git.require('read what was fetched', ['rev-parse', '--verify', `${own}^{commit}`]);
  await git.run(['update-ref', '-d', own]);
  return tip;
}
