import { argumentsOf, chooseDeploy, chooseResume } from '../../deploy/choose.ts';
import type { DeployResult } from '../../deploy/ports.ts';
import { StackId } from '../../stack/id.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';
import { bundleFileOf, deployApproved, isBundleFile } from './bundle.ts';
import { runTargets } from './run.ts';
import { tellSkipped } from './skipped.ts';

export interface DeployActionOptions {
  /** Ids, globs or short names; all stacks where there is none; or a bundle's file. With `resume`: of the operation. */
  readonly selectors: readonly string[];
  /** Goes on with an interrupted operation. @default false */
  readonly resume?: boolean;
  /** Seconds to wait for stacks that somebody else works on. @default 0 */
  readonly lockTimeoutSeconds?: number;
  /** Forgets first what the clouds no longer have: they were rebuilt, or somebody deleted it. @default false */
  readonly recreate?: boolean;
  /** Deploys to an environment before the one that it comes after has it: an emergency. @default false */
  readonly skipLadder?: boolean;
  /** Ids of stacks whose target changed: what they have stays where it is. @default - none: refused */
  readonly leaveBehind?: readonly string[];
  /** Reverts knowingly what was applied from commits that this checkout does not have. @default false: a word is asked for */
  readonly revertAhead?: boolean;
}

/**
 * Plans stacks against the live clouds, asks, and applies them in the order of their dependencies.
 * @throws TandemError those of `deployStacks`, `chooseDeploy` and `chooseResume`
 */
export async function deploy(
  context: ActionContext,
  {
    selectors,
    resume = false,
    lockTimeoutSeconds = 0,
    recreate = false,
    revertAhead = false,
    leaveBehind = [],
    skipLadder = false,
  }: DeployActionOptions,
): Promise<DeployResult> {
  if (recreate && (resume || selectors.length === 0))
    throw usage(
      '--recreate is about stacks that are named, and about no interrupted operation',
      'name them: `tandem deploy --recreate STACK`',
    );
  const project = requireProject(context);
  const left = new Set(leaveBehind.map((id) => StackId.parse(id)));
  const common = { project, lockTimeoutSeconds, revertAhead, leaveBehind: left };
  const approved = { ...common, skipLadder };
  const [first = '', ...others] = selectors;
  const isBundle = others.length === 0 && isBundleFile(first);
  if (isBundle && recreate)
    throw usage('--recreate is about stacks, and a bundle is deployed as it is', 'leave one of both out');
  return await withClouds(context, project, async (ports) => {
    if (isBundle) return await deployApproved(context, ports, { ...approved, file: first });
    if (resume) {
      const { operation, targets } = await chooseResume(ports, project, selectors);
      const { id, verb } = operation;
      // As it was begun.
      const skips = { skipLadder: skipLadder || operation.arguments['skipLadder'] === true };
      const empty = operation.arguments['empty'] === true;
      const file = operation.arguments['bundle'] === undefined ? undefined : operation.arguments['file'];
      if (typeof file === 'string')
        return await deployApproved(context, ports, { ...approved, ...skips, file: bundleFileOf(context, file) });
      const isRemoval = targets.length > 0 && targets.every(({ destroy }) => destroy);
      const question = isRemoval ? 'Destroy these resources?' : 'Apply these changes?';
      return await runTargets(context, ports, { ...common, ...skips, verb, targets, operation: id, question, empty });
    }
    const { targets, left: skipped } = await chooseDeploy(ports, project, selectors);
    tellSkipped(context, skipped);
    for (const id of left)
      if (!targets.some(({ stack, destroy }) => stack.id === id && !destroy))
        throw usage(
          `--leave-behind names ${id}, which is not among the stacks to deploy`,
          'name it as well: `tandem deploy STACK --leave-behind STACK`',
        );
    const question = 'Apply these changes?';
    return await runTargets(context, ports, {
      ...common,
      ...{ verb: 'deploy', targets, question, recreate, skipLadder },
      arguments: { ...argumentsOf(targets), ...(skipLadder ? { skipLadder } : {}) },
    });
  });
}
