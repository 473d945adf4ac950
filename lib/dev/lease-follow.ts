import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeLeaseText } from './lease-file.ts';
import type { LeaseGit } from './lease-git.ts';

/** A lease as a commit has it. */
export interface CommittedLease {
  readonly file: string;
  /** Undefined where the commit removed it. */
  readonly text: string | undefined;
  readonly blob: string | undefined;
  readonly commit: string;
}

const UNDER_WAY = {
  'rebase-merge': 'a rebase is under way',
  'rebase-apply': 'a rebase is under way',
  MERGE_HEAD: 'a merge is under way',
  CHERRY_PICK_HEAD: 'a cherry-pick is under way',
  REVERT_HEAD: 'a revert is under way',
  BISECT_LOG: 'a bisection is under way',
} as const;

/**
 * Brings a checkout to the commit of a lease: its file always, its branch where that is a fast-forward that touches nothing which is
 * being worked on. Returns why the branch did not follow; undefined where it did, or has the lease so already.
 */
export async function follow(git: LeaseGit, lease: CommittedLease): Promise<string | undefined> {
  const { file, text, blob, commit } = lease;
  writeLeaseText(git.root, file, text);
  const head = await headOf(git);
  const isThere = head !== undefined && (await blobAt(git, head, file)) === blob;
  const underWay = await whatIsUnderWay(git);
  if (underWay !== undefined) return isThere ? undefined : underWay;
  // As the commit has it, it stands in the way of no fast-forward, and of no pull with --autostash.
  await stage(git, file, blob);
  if (isThere) return undefined;
  if (head === undefined) {
    await git.require('follow the commit of the lease', ['update-ref', 'HEAD', commit]);
    return undefined;
  }
  const branch = await git.ask('symbolic-ref', '--quiet', '--short', 'HEAD');
  const parent = await git.ask('rev-parse', '--verify', '--quiet', `${commit}^`);
  if (branch === undefined && parent !== head) return 'HEAD is detached';
  if (!(await isAncestor(git, head, commit))) return `${branch ?? 'HEAD'} has commits of its own`;
  const merge = ['merge', '--quiet', '--ff-only', '--no-squash', '--no-verify-signatures', commit];
  const { code, errors } = await git.run(merge);
  return code === 0 ? undefined : `git refused to fast-forward: ${(errors.trim().split('\n')[0] ?? '').trim()}`;
}

async function stage(git: LeaseGit, file: string, blob: string | undefined): Promise<void> {
  const path = await pathOf(git, file);
  const change = blob === undefined ? ['--force-remove', path] : ['--add', '--cacheinfo', `100644,${blob},${path}`];
  // Names are of the repository's root here.
  const top = (await git.ask('rev-parse', '--show-toplevel')) ?? git.root;
  await git.require('stage the lease', ['-C', top, 'update-index', ...change]);
}

/** What git is in the middle of; undefined where nothing. */
export async function whatIsUnderWay(git: LeaseGit): Promise<string | undefined> {
  const asked = Object.keys(UNDER_WAY).flatMap((name) => ['--git-path', name]);
  const paths = (await git.ask('rev-parse', ...asked))?.split('\n') ?? [];
  return Object.values(UNDER_WAY).find((_, at) => {
    const path = paths[at];
    return path !== undefined && existsSync(resolve(git.root, path));
  });
}

/** The commit that is checked out; undefined where there is none yet. */
export async function headOf(git: LeaseGit): Promise<string | undefined> {
  return await git.ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}');
}

export async function isAncestor(git: LeaseGit, commit: string, of: string): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', commit, of])).code === 0;
}

/** A file of the project, as the repository names it. */
export async function pathOf(git: LeaseGit, file: string): Promise<string> {
  return `${(await git.ask('rev-parse', '--show-prefix')) ?? ''}${file}`;
}

/** The blob of a file at a commit; undefined where it is not there. */
export async function blobAt(git: LeaseGit, commit: string, file: string): Promise<string | undefined> {
  return await git.ask('rev-parse', '--verify', '--quiet', `${commit}:./${file}`);
}
