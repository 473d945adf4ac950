import type { Project } from '../../config/project.ts';
import { difference, exchange } from '../../engines/plugins.ts';
import { commandGit } from '../../git/command-git.ts';
import type { Plan } from '../../plan/model.ts';
import { goneFrom, planOffline } from '../../plan/plan.ts';
import { selectIds } from '../../stack/select.ts';
import { stacksOf } from '../../synthesis/catalogue.ts';
import type { ActionContext } from '../context.ts';
import { synthesizeCached } from '../synthesize.ts';
import { type BaseRequest, readBase } from './base.ts';
import type { Commits } from './judge.ts';

/** Synthesizes what is asked for and plans it against the base. Asks no cloud. */
export async function planAgainstBase(
  context: ActionContext,
  project: Project,
  options: Omit<BaseRequest, 'configured'>,
): Promise<{ readonly plan: Plan; readonly commits: Commits }> {
  const git = commandGit(context.root);
  const definitions = stacksOf(project);
  const configured = new Set(definitions.map((definition) => definition.id));
  const base = await readBase(context, project, git, { ...options, configured });
  const gone = goneFrom(base, configured);
  const chosen = selectIds([...configured, ...gone.map((stack) => stack.id)], options.selectors);
  const stacks = await synthesizeCached(context, definitions, chosen);
  const chosenGone = gone.filter((stack) => chosen.has(stack.id));
  const plan = await planOffline({ project, stacks, gone: chosenGone, base, git, difference, exchange });
  return { plan, commits: new Map([...base.stacks].map(([id, { commit }]) => [id, commit])) };
}
