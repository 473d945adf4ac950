import type { ConfigFiles } from '../config/files.ts';
import type { Lease } from '../config/schema/lease.ts';
import { type Access, accessOf } from './access.ts';
import { ask } from './ask.ts';
import { type OwnerCredentials, provideCredentials, userOf } from './credentials.ts';
import { dayOf, endOf, parseDuration, untilFrom } from './duration.ts';
import { leaseExists, leaseExpired } from './errors.ts';
import { waitUntilHealthy } from './health.ts';
import { leaseFile, type NewLease, writeLease } from './lease-file.ts';
import { commitLease, requireCommitted, requireCurrent, surveyLease } from './lease-step.ts';
import { runVerb } from './operation.ts';
import { checkLength } from './policy.ts';
import type { DevPorts } from './ports.ts';
import { requireFit } from './require-fit.ts';
import { describeChanges, describeLease, isHarmless } from './review.ts';
import { requireApproved } from './update/approval.ts';
import { type DevEnvironment, requireEnvironment, requireValid, withFile } from './workspace.ts';

export interface CreateRequest {
  readonly name: string;
  readonly blueprint: string;
  readonly owner: string;
  /** `7d`; undefined for the policy's default. */
  readonly duration: string | undefined;
  readonly cloud: string | undefined;
  readonly users: readonly string[];
  /** OpenSSH public keys, as the lease holds them. */
  readonly sshKeys: readonly string[];
  readonly purpose: string | undefined;
  /** Differences from the blueprint. @default - none */
  readonly like?: Pick<Lease, 'parameters' | 'tiers' | 'autostop'>;
}

export interface CreateResult {
  readonly environment: DevEnvironment;
  readonly access: Access;
  readonly credentials: OwnerCredentials;
  /** Changes that this run made; 0 where everything existed. */
  readonly changes: number;
  /** How to bring the lease to a protected branch; undefined where it is there. */
  readonly pullRequest: string | undefined;
}

/**
 * Leases an environment and creates it: checks, asks, writes the lease and commits it, applies, waits until everything is healthy,
 * and issues its owner a credential. Each step detects what is done already, so that a run after an interruption finishes the work.
 */
export async function createEnvironment(ports: DevPorts, request: CreateRequest): Promise<CreateResult> {
  const { branch, text: existing } = await surveyLease(ports, request.name, ['env create']);
  const now = ports.clock.now();
  const text = existing ?? newLeaseText(ports.files, request, now);
  const project = requireValid(request.name, withFile(ports.files, leaseFile(request.name), text), now);
  const environment = requireEnvironment(project, request.name);
  const isLeased = (await ports.records.read(environment.stack)) !== undefined;
  if (existing !== undefined) {
    requireSame(environment, request);
    await requireCurrent(ports, branch, environment);
    const { until, protected: isProtected } = environment.lease.value;
    if (endOf(until) <= now && !isProtected) throw leaseExpired(request.name, until);
  }
  requireCommitted(ports, branch, project, environment, { text, isNew: !isLeased });

  // Zones are part of a cloud's base: without it nothing can be said of what fits where.
  await ports.deployer.prepare({
    project,
    stack: environment.stack,
    verb: 'env create',
    confirm: (plan) =>
      ports.io.confirm(
        `cloud ${environment.cloud.name} has no base stack yet, which every environment needs\n${describeChanges(plan)}`,
      ),
  });
  await ports.deployer.requireOurs(project, environment.stack);
  if (isLeased) await requireApproved(ports, project, environment);
  const [fit, resources] = await Promise.all([
    requireFit(ports, project, environment),
    ports.deployer.resources(project, environment.stack),
  ]);
  const question = `Lease ${request.name} to ${environment.lease.value.owner} until ${environment.lease.value.until}`;
  const summary = describeLease(resources, fit, project, environment);
  // What exists already is asked about when its changes are known, by the live plan.
  if (!isLeased) await ask(ports.io, `${summary}\n${question}?`);

  const { name, blueprint, owner } = request;
  const resume = `tandem env create ${name} --blueprint ${blueprint} --owner ${owner}`;
  const work = { verb: 'env create', stack: environment.stack, inputs: { name }, resume };
  return await runVerb(ports, work, async (operation) => {
    // Before anything else exists: where the operator may make no users, nothing has to be taken back.
    await operation.step('user', () => ports.cloud(environment.cloud).provideUser(userOf(project, environment)));
    const message = `Lease ${name} to ${environment.lease.value.owner}`;
    const { commit, pullRequest } = await operation.step('lease', () =>
      commitLease(ports, branch, name, { text, message }),
    );
    const { changes } = await ports.deployer.apply({
      project,
      stack: environment.stack,
      verb: 'env create',
      operation,
      commit,
      confirm: async (plan) => (!isLeased && isHarmless(plan)) || (await ports.io.confirm(describeChanges(plan))),
    });
    const access = await accessOf(ports, project, environment);
    await operation.step('health', () => waitUntilHealthy(ports, environment, access.projectId));
    const credentials = await provideCredentials(ports, { project, environment, projectId: access.projectId });
    return { environment, access, credentials, changes, pullRequest };
  });
}

function newLeaseText(files: ConfigFiles, request: CreateRequest, now: Date): string {
  const project = requireValid(request.name, files, now);
  const policy = project.organisation.value.leases;
  const lease: NewLease = {
    blueprint: request.blueprint,
    owner: request.owner,
    ...(request.cloud === undefined ? {} : { cloud: request.cloud }),
    since: dayOf(now),
    until: untilFrom(now, parseDuration(request.duration ?? `${policy.defaultDays}d`)),
    users: request.users,
    sshKeys: request.sshKeys,
    ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
    ...(request.like === undefined ? {} : { like: request.like }),
  };
  checkLength(request.name, { since: lease.since, protected: false }, lease.until, policy, now);
  return writeLease(lease);
}

/** A lease of that name with the same arguments is this command, run again. Its end is whatever it was then. */
function requireSame({ name, lease, cloud }: DevEnvironment, request: CreateRequest): void {
  const { value } = lease;
  const differences = [
    ...(value.blueprint === request.blueprint ? [] : ['blueprint']),
    ...(value.owner === request.owner ? [] : ['owner']),
    ...(request.cloud === undefined || cloud.name === request.cloud ? [] : ['cloud']),
  ];
  if (differences.length > 0) throw leaseExists(name, value.owner, differences);
}
