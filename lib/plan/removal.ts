import type { BaseStack } from './base.ts';
import type { Commit, History } from './history.ts';

/** Whether a stack that is no longer configured was removed on purpose. */
export type Removal =
  /** It was: by this commit. */
  | { readonly by: Commit; readonly file: string }
  /** It cannot be told from here, so nothing may destroy it: why, and what would tell. */
  | { readonly unknown: string };

/**
 * Only history proves a removal: the base's commit lies in the history of HEAD, and so does the deletion of the stack's own file, or
 * a change of it that took the stack out. A checkout that merely lacks a colleague's lease proves nothing.
 */
export async function judgeRemoval(git: History, stack: Pick<BaseStack, 'commit' | 'files'>): Promise<Removal> {
  const head = await git.head();
  if (head === undefined) return { unknown: 'this is not a git repository, so its removal cannot be verified' };
  if (stack.commit === '') return { unknown: 'it was applied without a commit; `tandem destroy` removes it by name' };
  const short = stack.commit.slice(0, 10);
  if ((await git.resolve(stack.commit)) === undefined) {
    return (await git.isShallow())
      ? { unknown: `its commit ${short} is cut off in this shallow clone; \`git fetch --unshallow\` gets it` }
      : {
          unknown: `its commit ${short} is not in this clone; it may be a colleague's who has not pushed yet; \`git fetch\``,
        };
  }
  if (!(await git.isAncestor(stack.commit, head)))
    return {
      unknown: `its commit ${short} is not in the history of this checkout; merge or rebase onto the branch that has it`,
    };
  return judgeFiles(git, stack, head);
}

async function judgeFiles(
  git: History,
  { commit, files }: Pick<BaseStack, 'commit' | 'files'>,
  head: string,
): Promise<Removal> {
  for (const file of files) {
    if (await git.hasFile(head, file)) continue;
    const by = await git.deletionOf(file, commit);
    if (by !== undefined) return { by, file };
  }
  const [own] = files;
  if (own === undefined) return { unknown: 'the record does not say which file it came from' };
  if (await git.isDirty([own]))
    return { unknown: `the change of ${own} that removes it is not committed; commit it to plan the destruction` };
  const by = await git.lastChangeOf(own, commit);
  if (by !== undefined) return { by, file: own };
  for (const file of files.slice(1)) {
    if (await git.isDirty([file]))
      return { unknown: `${file} has changes that are not committed; commit them to plan the destruction` };
    const changed = await git.lastChangeOf(file, commit);
    if (changed !== undefined) return { by: changed, file };
  }
  return { unknown: `no commit since ${commit.slice(0, 10)} removed it` };
}
