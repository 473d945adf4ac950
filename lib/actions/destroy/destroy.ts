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
}

/** Removes all that was applied of stacks, after asking. @throws TandemError `not-destroyable`, and those of `deployStacks` */
export async function destroy(
  context: ActionContext,
  { selectors, lockTimeoutSeconds = 0 }: DestroyOptions,
): Promise<DeployResult> {
  const project = requireProject(context);
  return await withClouds(context, project, async (ports) => {
    const { targets, left } = await chooseDestroy(ports, project, selectors);
    tellSkipped(context, left);
    const question = 'Destroy these resources?';
    const request = { verb: 'destroy', targets, question, arguments: argumentsOf(targets) };
    return await runTargets(context, ports, { project, lockTimeoutSeconds, ...request });
  });
}
