import { repairEnvironment } from '../../dev/repair.ts';
import type { ActionContext } from '../context.ts';
import { type ChangedEnvironment, toChanged } from './change.ts';
import { withEnvironments } from './ports.ts';

/**
 * Makes anew what an environment lost in its cloud, after asking.
 * @throws TandemError `no-such-lease`, `foreign-stack`, `declined`, `environment-unhealthy`
 */
export async function repair(context: ActionContext, { name }: { readonly name: string }): Promise<ChangedEnvironment> {
  return await withEnvironments(context, 'env-repair', async ({ ports }) =>
    toChanged({ ...(await repairEnvironment(ports, name)), pullRequest: undefined }),
  );
}
