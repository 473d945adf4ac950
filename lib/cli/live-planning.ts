import { withAvailability } from '../cloud-operations/plan-availability.ts';
import { chooseDeploy } from '../deploy/choose.ts';
import { planLive } from '../deploy/plan-live.ts';
import type { Plan } from '../plan/model.ts';
import type { TandemContext } from './context.ts';
import { openDeploying } from './deploying.ts';
import { interruption } from './interruption.ts';

/** Plans what is asked for against the live clouds, and closes what that took. */
export async function makeLivePlan(
  context: TandemContext,
  { selectors, parallelism }: { readonly selectors: readonly string[]; readonly parallelism: number },
): Promise<Plan> {
  const { project, ports } = await openDeploying(context);
  try {
    const { targets, left } = await chooseDeploy(ports, project, selectors);
    for (const { id, reason } of left) context.log(`${id} is left alone: ${reason}\n`);
    const plan = await planLive(ports, { project, targets }, { signal: interruption(context), parallelism });
    return withAvailability(plan, project, context.root());
  } finally {
    await ports.close();
  }
}
