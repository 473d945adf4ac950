import type { Project } from '../../config/project.ts';
import { chooseDeploy } from '../../deploy/choose.ts';
import { planLive } from '../../deploy/plan-live.ts';
import type { Plan } from '../../plan/model.ts';
import { engineOptions, withClouds } from '../clouds.ts';
import type { ActionContext } from '../context.ts';
import { tellSkipped } from '../deploy/skipped.ts';

/** Plans what is asked for against the live clouds. */
export async function planAgainstClouds(
  context: ActionContext,
  project: Project,
  selectors: readonly string[],
): Promise<Plan> {
  return await withClouds(context, project, async (ports) => {
    const { targets, left } = await chooseDeploy(ports, project, selectors);
    tellSkipped(context, left);
    return await planLive(
      ports,
      { project, targets },
      { ...engineOptions(context), concurrentStacks: context.parallelism },
    );
  });
}
