import { type DestroyResult, destroyEnvironment } from '../../dev/destroy.ts';
import type { CloudResource } from '../../openstack-api/cloud-api.ts';
import type { ActionContext } from '../context.ts';
import { withEnvironments } from './ports.ts';

export type RemovedThing = Pick<CloudResource, 'kind' | 'id' | 'name' | 'projectId' | 'sizeGiB'>;

export interface DestroyOptions {
  readonly name: string;
  /** What to leave behind, as `KIND/ID`. @default - nothing */
  readonly orphans?: readonly string[];
}

export interface DestroyedEnvironment extends Omit<DestroyResult, 'pullRequest' | 'swept' | 'orphaned'> {
  /** What was inside the project and is removed. */
  readonly swept: readonly RemovedThing[];
  /** What was left behind in the project, which is disabled and called otherwise now; null where the project is gone. */
  readonly orphaned: {
    readonly project: string;
    readonly projectId: string;
    readonly things: readonly RemovedThing[];
  } | null;
  /** How to bring the removal to a protected branch; null where it is there. */
  readonly pullRequest: string | null;
}

/**
 * Deletes the lease, and everything inside the environment's project.
 * @throws TandemError `no-such-lease`, `lease-protected`, `unknown-here`, `declined`, `sweep-stuck`, `no-such-orphan`
 */
export async function destroy(
  context: ActionContext,
  { name, orphans = [] }: DestroyOptions,
): Promise<DestroyedEnvironment> {
  return await withEnvironments(context, 'env-destroy', async ({ ports }) =>
    toDestroyed(await destroyEnvironment(ports, name, { orphans })),
  );
}

/** Pure. */
export function toDestroyed({ name, stack, swept, orphaned, pullRequest }: DestroyResult): DestroyedEnvironment {
  return {
    ...{ name, stack, swept: swept.map(toRemoved), pullRequest: pullRequest ?? null },
    orphaned: orphaned === undefined ? null : { ...orphaned, things: orphaned.things.map(toRemoved) },
  };
}

function toRemoved({ kind, id, name, projectId, sizeGiB }: CloudResource): RemovedThing {
  return { kind, id, name, projectId, sizeGiB };
}
