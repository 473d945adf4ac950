import { statSync } from 'node:fs';
import { basename, join, parse, relative, resolve } from 'node:path';
import { deployBundle } from '../../deploy/bundle/deploy-bundle.ts';
import { bundleMissing, waitingApproval } from '../../deploy/bundle/errors.ts';
import { readBundle } from '../../deploy/bundle/read.ts';
import { chooseDeploy } from '../../deploy/choose.ts';
import type { DeployPorts, DeployResult } from '../../deploy/ports.ts';
import { projectKeyFile } from '../../deploy/project-secrets.ts';
import { identitiesOf } from '../../secrets/age.ts';
import { readBundleFile } from '../approve/approve.ts';
import type { ActionContext } from '../context.ts';
import { makeBundle } from '../plan/bundle.ts';
import { commitsOf, judged } from '../plan/judge.ts';
import { confirmRevert } from './confirm-revert.ts';
import type { RunWishes } from './run.ts';

export interface DeployBundleOptions extends RunWishes {
  readonly file: string;
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
  { file, project, revertAhead, ...wishes }: DeployBundleOptions,
): Promise<DeployResult> {
  const { root, io, signal, parallelism, resourceParallelism, environment } = context;
  const read = readBundle(readBundleFile(file), basename(file));
  const result = await deployBundle(
    ports,
    {
      ...{ project, root, read, file: relative(root, resolve(file)) },
      identities: () => identitiesOf(environment, projectKeyFile({ project, environment })),
      review: async (plan, mac) => await judged(context, project, plan, await commitsOf(ports.records, plan), mac),
    },
    {
      ...{ ...wishes, signal, parallelism, resourceParallelism, emit: (event) => io.emit(event) },
      confirmRevert: async (stacks) => revertAhead === true || (await confirmRevert(io, stacks)),
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
