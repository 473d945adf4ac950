import type { Project } from '../config/project.ts';
import { commandGit } from '../git/command-git.ts';
import { explainCauses, type Why } from '../plan/why.ts';
import { findSubject } from '../plan/why-subject.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
import type { TandemContext } from './context.ts';
import { synthesizeWithProgress } from './planning.ts';

/** Answers `why`: needs every stack, since a line may affect any; most come from the cache. */
export async function explain(
  context: TandemContext,
  project: Project,
  asked: string,
  parallelism: number,
): Promise<Why> {
  const stacks = await synthesizeWithProgress(context, stacksOf(project), { parallelism });
  const { subject, causes, within } = findSubject(project, stacks, asked);
  return explainCauses(project, within ?? stacks, commandGit(context.root()), subject, causes);
}
