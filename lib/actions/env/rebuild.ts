import { rebuildEnvironment } from '../../dev/rebuild.ts';
import type { ActionContext } from '../context.ts';
import { type ChangedEnvironment, toChanged } from './change.ts';
import { withEnvironments } from './ports.ts';

export interface RebuildOptions {
  readonly name: string;
  /** Tiers to rebuild. @default - all */
  readonly tiers: readonly string[];
}

/**
 * Rebuilds servers from the image that their cloud has under its name now.
 * @throws TandemError `no-such-lease`, `no-such-tier`, `lease-frozen`, `declined`, `environment-unhealthy`
 */
export async function rebuild(context: ActionContext, { name, tiers }: RebuildOptions): Promise<ChangedEnvironment> {
  return await withEnvironments(context, 'env-rebuild', async ({ ports }) =>
    toChanged({ ...(await rebuildEnvironment(ports, name, tiers)), pullRequest: undefined }),
  );
}
