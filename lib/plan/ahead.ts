import type { History } from './history.ts';
import type { StackPlan } from './model.ts';

/** What was applied last of a stack. */
export interface Applied {
  /** Empty where it is not known. */
  readonly commit: string;
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/**
 * Whether a stack was applied from a commit that is not in the history of what is deployed now: undefined where it is not. Where history is
 * cut off or not there, that cannot be told, and is said.
 * @param head the commit that is deployed now; empty outside a repository
 */
export async function judgeAhead(
  git: Pick<History, 'isAncestor' | 'isShallow'>,
  { commit, by, at }: Applied,
  head: string,
): Promise<StackPlan['ahead']> {
  if (commit === '' || commit === head) return undefined;
  const ahead = { commit, by, at };
  if (head === '') return { ...ahead, unknown: 'this is no git repository' };
  if (await git.isAncestor(commit, head)) return undefined;
  return (await git.isShallow())
    ? { ...ahead, unknown: 'this clone is shallow; `git fetch --unshallow` tells' }
    : ahead;
}

/** `ahead of you: applied from 1a2b3c4d5e by anna on 2026-11-20; deploying from here reverts it`. */
export function describeAhead({ commit, by, at, unknown }: NonNullable<StackPlan['ahead']>): string {
  const applied = `applied from ${commit.slice(0, 10)} by ${by} on ${at.slice(0, 10)}`;
  return unknown === undefined
    ? `ahead of you: ${applied}, which is not in the history of this checkout; deploying from here reverts it`
    : `perhaps ahead of you: ${applied}; whether this checkout has that cannot be told: ${unknown}`;
}

/** Asks about each commit once, however many stacks were applied from it. */
export function remembered(git: Pick<History, 'isAncestor' | 'isShallow'>): Pick<History, 'isAncestor' | 'isShallow'> {
  const answers = new Map<string, Promise<boolean>>();
  let shallow: Promise<boolean> | undefined;
  return {
    isAncestor(ancestor, descendant) {
      const key = `${ancestor} ${descendant}`;
      const answer = answers.get(key) ?? git.isAncestor(ancestor, descendant);
      answers.set(key, answer);
      return answer;
    },
    isShallow() {
      shallow ??= git.isShallow();
      return shallow;
    },
  };
}
