import { commandGit } from '../../git/command-git.ts';
import { findSubject } from '../../plan/why/subject.ts';
import { explainCauses, type Why } from '../../plan/why/why.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { synthesizeCached } from '../synthesize.ts';

export interface WhyOptions {
  /** A resource, `stack:resource`, a stack, or `file:line`. */
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
  const { subject, causes, within } = findSubject(project, stacks, asked);
  return explainCauses(project, within ?? stacks, commandGit(context.root), subject, causes);
}
