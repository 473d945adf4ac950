import { argumentsOf, chooseDestroy } from '../../deploy/choose.ts';
import type { DeployResult } from '../../deploy/ports.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { runTargets } from '../deploy/run.ts';
import { tellSkipped } from '../deploy/skipped.ts';

export interface DestroyOptions {
  /** Ids, globs or short names; at least one. */
  readonly selectors: readonly string[];
  /** Seconds to wait for stacks that somebody else works on. @default 0 */
  readonly lockTimeoutSeconds?: number;
  /** Deletes what is in buckets and queues as well. @default false: a word is asked for where something is in them */
  readonly empty?: boolean;
}

/** Removes all that was applied of stacks, after asking. @throws TandemError `not-destroyable`, `holds-data`, and those of `deployStacks` */
export async function destroy(
  context: ActionContext,
  { selectors, lockTimeoutSeconds = 0, empty = false }: DestroyOptions,
): Promise<DeployResult> {
  const project = requireProject(context);
  return await withClouds(context, project, async (ports) => {
    const { targets, left } = await chooseDestroy(ports, project, selectors);
    tellSkipped(context, left);
    const question = 'Destroy these resources?';
    const given = { ...argumentsOf(targets), ...(empty ? { empty } : {}) };
    const request = { verb: 'destroy', targets, question, empty, arguments: given };
    return await runTargets(context, ports, { project, lockTimeoutSeconds, ...request });
  });
}
