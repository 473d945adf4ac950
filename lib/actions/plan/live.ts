import type { Project } from '../../config/project.ts';
import { chooseDeploy } from '../../deploy/choose.ts';
import { planLive } from '../../deploy/plan-live.ts';
import type { Plan } from '../../plan/model.ts';
import { engineOptions, withClouds } from '../clouds.ts';
import type { ActionContext } from '../context.ts';
import { tellSkipped } from '../deploy/skipped.ts';
import { type Commits, commitsOf } from './judge.ts';

/** Plans what is asked for against the live clouds. */
export async function planAgainstClouds(
  context: ActionContext,
  project: Project,
  selectors: readonly string[],
): Promise<{ readonly plan: Plan; readonly commits: Commits }> {
  return await withClouds(context, project, async (ports) => {
    const { targets, left } = await chooseDeploy(ports, project, selectors);
    tellSkipped(context, left);
    const plan = await planLive(
      ports,
      { project, targets },
      { ...engineOptions(context), concurrentStacks: context.parallelism },
    );
    return { plan, commits: await commitsOf(ports.records, plan) };
  });
}
