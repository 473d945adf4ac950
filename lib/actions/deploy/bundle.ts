import { statSync } from 'node:fs';
import { basename, join, parse, relative, resolve } from 'node:path';
import type { Project } from '../../config/project.ts';
import { deployBundle } from '../../deploy/bundle/deploy-bundle.ts';
import { bundleMissing, waitingApproval } from '../../deploy/bundle/errors.ts';
import { readBundle } from '../../deploy/bundle/read.ts';
import { chooseDeploy } from '../../deploy/choose.ts';
import type { DeployPorts, DeployResult } from '../../deploy/ports.ts';
import { defaultKeyFile, identitiesOf } from '../../secrets/age.ts';
import type { StackId } from '../../stack/id.ts';
import { readBundleFile } from '../approve/approve.ts';
import type { ActionContext } from '../context.ts';
import { makeBundle } from '../plan/bundle.ts';
import { commitsOf, judged } from '../plan/judge.ts';
import { confirmRevert } from './confirm-revert.ts';

export interface DeployBundleOptions {
  readonly file: string;
  readonly project: Project;
  /** Seconds to wait for stacks that somebody else works on. */
  readonly lockTimeoutSeconds: number;
  /** Stacks that stay where they are, and are made anew where they go now. */
  readonly leaveBehind: ReadonlySet<StackId>;
  /** Reverts knowingly what was applied from commits that this checkout does not have: not asked then. */
  readonly revertAhead: boolean;
  /** Does not ask whether the environment before has it. */
  readonly skipLadder: boolean;
}

/** Whether what was named is a bundle's file, and no stack. @throws TandemError `bundle-missing` where it looks like one that is not there */
export function isBundleFile(given: string): boolean {
  if (statSync(given, { throwIfNoEntry: false })?.isFile() === true) return true;
  if (given.endsWith('.json')) throw bundleMissing(given);
  return false;
}

/** The file of an operation's bundle, as this folder names it. */
export function bundleFileOf({ root }: Pick<ActionContext, 'root'>, given: string): string {
  return relative('', join(root, given));
}

/**
 * Deploys a bundle. Where a stack that waited has more to do than was approved, the rest becomes a bundle of its own.
 * @throws TandemError those of `deployBundle`; `waiting-approval`
 */
export async function deployApproved(
  context: ActionContext,
  ports: DeployPorts,
  { file, project, lockTimeoutSeconds, leaveBehind, revertAhead, skipLadder }: DeployBundleOptions,
): Promise<DeployResult> {
  const { root, io, signal, parallelism, resourceParallelism, environment } = context;
  const read = readBundle(readBundleFile(file), basename(file));
  const keyFile = defaultKeyFile(environment, project.organisation.value.organisation.name);
  const result = await deployBundle(
    ports,
    {
      ...{ project, root, read, file: relative(root, resolve(file)) },
      identities: () => identitiesOf(environment, keyFile),
      review: async (plan, mac) => await judged(context, project, plan, await commitsOf(ports.records, plan), mac),
    },
    {
      ...{ signal, lockTimeoutSeconds, leaveBehind, skipLadder, emit: (event) => io.emit(event) },
      confirmRevert: async (stacks) => revertAhead || (await confirmRevert(io, stacks)),
      ...(parallelism === undefined ? {} : { parallelism }),
      ...(resourceParallelism === undefined ? {} : { resourceParallelism }),
    },
  );
  const [waiting] = result.waiting ?? [];
  if (waiting === undefined) return result;
  const left = result.stacks
    .filter(({ outcome }) => outcome === 'waiting' || outcome === 'skipped')
    .map(({ id }) => id);
  const { targets } = await chooseDeploy(ports, project, left);
  const { dir, name } = parse(file);
  const rest = join(dir, `${name}-rest.json`);
  await makeBundle(context, ports, project, targets, { file: rest });
  throw waitingApproval(waiting.stack, waiting.beyond, rest);
}
