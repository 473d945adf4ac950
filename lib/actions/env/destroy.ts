import { type DestroyResult, destroyEnvironment } from '../../dev/destroy.ts';
import type { ActionContext } from '../context.ts';
import { withEnvironments } from './ports.ts';

export interface DestroyedEnvironment extends Omit<DestroyResult, 'pullRequest'> {
  /** How to bring the removal to a protected branch; null where it is there. */
  readonly pullRequest: string | null;
}

/**
 * Deletes the lease, and everything inside the environment's project.
 * @throws TandemError `no-such-lease`, `lease-protected`, `unknown-here`, `declined`, `sweep-stuck`
 */
export async function destroy(
  context: ActionContext,
  { name }: { readonly name: string },
): Promise<DestroyedEnvironment> {
  return await withEnvironments(context, 'env-destroy', async ({ ports }) =>
    toDestroyed(await destroyEnvironment(ports, name)),
  );
}

/** Pure. */
export function toDestroyed(result: DestroyResult): DestroyedEnvironment {
  return { ...result, pullRequest: result.pullRequest ?? null };
}
