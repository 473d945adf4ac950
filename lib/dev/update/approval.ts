import type { Project } from '../../config/project.ts';
import { refusesOthers } from '../current-environment.ts';
import { writerOf } from '../extension.ts';
import { editLease } from '../lease-file.ts';
import { commitLease } from '../lease-step.ts';
import { runVerb } from '../operation.ts';
import type { DevPorts } from '../ports.ts';
import type { DevEnvironment } from '../workspace.ts';
import { notTheOwner, updateNotApproved } from './errors.ts';
import type { LookedAt } from './look.ts';

/** Whether an update may go ahead as far as the lease's owner is concerned. */
export type Approval = 'not-needed' | 'owner-runs-it' | 'approved' | 'missing';

/**
 * Where the organisation asks for it (`leases.updates.approval: owner`): whoever commits here as the owner approves what they run; else
 * the lease names the version, in a line that the owner committed.
 */
export async function approvalOf(
  ports: Pick<DevPorts, 'files' | 'repository'>,
  project: Project,
  { name, lease }: DevEnvironment,
  version: string,
): Promise<Approval> {
  if (project.organisation.value.leases.updates.approval === 'none') return 'not-needed';
  const { owner, approvedUpdate } = lease.value;
  if (isSame(await ports.repository.identity(), owner)) return 'owner-runs-it';
  if (approvedUpdate !== version) return 'missing';
  return isSame(await writerOf(ports, name, 'approvedUpdate'), owner) ? 'approved' : 'missing';
}

/**
 * Whatever applies a lease brings along what its blueprint and it say by now: so each verb that does asks this first.
 * @throws TandemError `update-not-approved`
 */
export async function requireApproved(
  ports: Pick<DevPorts, 'files' | 'repository'> & { readonly deployer: Pick<DevPorts['deployer'], 'outlook'> },
  project: Project,
  environment: DevEnvironment,
): Promise<void> {
  if (project.organisation.value.leases.updates.approval === 'none') return;
  const { version, isUpdate } = await ports.deployer.outlook(project, environment.stack);
  if (!isUpdate || (await approvalOf(ports, project, environment, version)) !== 'missing') return;
  throw updateNotApproved(environment.name, environment.lease.value.owner, version);
}

/**
 * Writes into the lease that its owner approves this version, and commits that.
 * @throws TandemError `update-not-owner`
 */
export async function approveUpdate(
  ports: DevPorts,
  { environment, branch, text }: Pick<LookedAt, 'environment' | 'branch' | 'text'>,
  version: string,
): Promise<string | undefined> {
  const { name, stack, lease } = environment;
  const identity = await ports.repository.identity();
  if (!isSame(identity, lease.value.owner)) throw notTheOwner(name, lease.value.owner, identity);
  const verb = 'env approve';
  const resume = `tandem env update ${name} --approve`;
  const work = { verb, stack, inputs: { name, version }, resume, refuses: refusesOthers(name) };
  return await runVerb(ports, work, async (operation) => {
    const change = {
      text: editLease(text, 'approvedUpdate', version),
      message: `Approve update ${version} of ${name}`,
    };
    const { pullRequest } = await operation.step('lease', () => commitLease(ports, branch, name, change));
    return pullRequest;
  });
}

function isSame(one: string | undefined, other: string): boolean {
  return one !== undefined && one.toLowerCase() === other.toLowerCase();
}
