import type { Project } from '../../config/project.ts';
import { chooseDeploy } from '../../deploy/choose.ts';
import { planLive } from '../../deploy/plan-live.ts';
import { deployPorts } from '../../deploy/real.ts';
import type { Plan } from '../../plan/model.ts';
import type { ActionContext } from '../context.ts';
import { tellSkipped } from '../deploy/skipped.ts';

/** Plans what is asked for against the live clouds, and closes what that took. */
export async function planAgainstClouds(
  context: ActionContext,
  project: Project,
  { selectors }: { readonly selectors: readonly string[] },
): Promise<Plan> {
  const { root, environment, signal, resourceParallelism = 20 } = context;
  const ports = await deployPorts({ root, project, environment });
  try {
    const { targets, left } = await chooseDeploy(ports, project, selectors);
    tellSkipped(context, left);
    return await planLive(ports, { project, targets }, { signal, parallelism: resourceParallelism });
  } finally {
    await ports.close();
  }
}
