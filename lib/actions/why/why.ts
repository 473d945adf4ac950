import { commandGit } from '../../git/command-git.ts';
import { findSubject } from '../../plan/why/subject.ts';
import { explain, type Why } from '../../plan/why/why.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { synthesizeCached } from '../synthesize.ts';

export interface WhyOptions {
  /** A resource, `stack:resource`, a stack, a file, or `file:line`. */
  readonly asked: string;
}

/**
 * The lines that something comes from, who wrote them, and what else they affect. Needs every stack, since a line may affect any;
 * most come from the cache.
 * @throws TandemError `no-such-address`, `no-such-line`
 */
export async function why(context: ActionContext, { asked }: WhyOptions): Promise<Why> {
  const project = requireProject(context);
  const stacks = await synthesizeCached(context, stacksOf(project));
  return explain(project, stacks, commandGit(context.root), findSubject(project, stacks, asked));
}
