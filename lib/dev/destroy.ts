import { cloudOf, type Project } from '../config/project.ts';
import type { CloudApi, CloudResource } from '../openstack-api/cloud-api.ts';
import { StackId } from '../stack/id.ts';
import type { StackRecord } from '../state/record.ts';
import { ask } from './ask.ts';
import { forgetCredentials } from './credentials.ts';
import { leaseProtected, noSuchLease, unknownHere } from './errors.ts';
import { sweepProject } from './execute-sweep.ts';
import { leaseFile } from './lease-file.ts';
import type { LeaseBranch } from './lease-repository.ts';
import { commitLease, surveyLease } from './lease-step.ts';
import { runVerb } from './operation.ts';
import type { DevPorts } from './ports.ts';
import { findProject } from './project.ts';
import { summarise } from './sweep.ts';
import { type DevEnvironment, environmentOf, requireValid } from './workspace.ts';

export interface DestroyResult {
  readonly name: string;
  readonly stack: StackId;
  /** What tenants had made inside the project. */
  readonly swept: readonly CloudResource[];
  readonly pullRequest: string | undefined;
}

/** Whichever of them was interrupted is gone on with. */
const VERBS = ['env destroy', 'env reap'];

/** What is to be destroyed: leased, or on record after its lease was deleted. */
interface Doomed {
  readonly name: string;
  readonly project: Project;
  readonly stack: StackId;
  readonly cloudName: string;
  readonly environment: DevEnvironment | undefined;
  readonly record: StackRecord | undefined;
}

/**
 * Destroys an environment: asks, deletes the lease and commits that, removes what tenants made inside the project, then what
 * Terraform made, then the project. Safe to run again after an interruption.
 * @throws TandemError `unknown-here` where this checkout does not know what was applied; `lease-protected`
 */
export async function destroyEnvironment(ports: DevPorts, name: string, verb = 'env destroy'): Promise<DestroyResult> {
  const doomed = await find(ports, name);
  const { branch } = await surveyLease(ports, name, VERBS);
  if (doomed.environment?.lease.value.protected === true) throw leaseProtected(name);
  await requireKnown(ports, branch, doomed);
  const entity = doomed.project.clouds.get(doomed.cloudName);
  if (entity === undefined) throw noSuchLease(name, []);
  // Before anything inside the project is removed.
  if (doomed.environment !== undefined || doomed.record !== undefined)
    await ports.deployer.requireOurs(doomed.project, doomed.stack);
  const cloud = ports.cloud(entity);
  const projects = await cloud.projects(entity.value.endpoint.domain);
  const projectId = findProject(projects, doomed.project, doomed)?.id;
  const contents = projectId === undefined ? [] : await cloud.contents(projectId);
  await ask(ports.io, question(doomed, contents));

  const inputs = { name, projectId: projectId ?? '' };
  const work = { verb, stack: doomed.stack, inputs, resume: `tandem env destroy ${name}`, continues: VERBS };
  return await runVerb(ports, work, async (operation) => {
    // A run that was killed after the project was gone still knows which one it was: what survived carries its id.
    const resumedId = operation.resumed?.arguments['projectId'];
    const id = projectId ?? (typeof resumedId === 'string' && resumedId !== '' ? resumedId : undefined);
    const { pullRequest } = await operation.step('lease', () =>
      commitLease(ports, branch, name, { text: undefined, message: `End lease ${name}` }),
    );
    const swept = id === undefined ? [] : await operation.step('sweep', () => sweep(ports, cloud, id));
    await ports.deployer.destroy({
      project: doomed.project,
      stack: doomed.stack,
      verb,
      operation: operation.id,
      confirm: () => Promise.resolve(true),
    });
    if (id !== undefined) {
      await operation.step('remains', () => sweep(ports, cloud, id));
      await operation.step('project', () => cloud.removeProject(id));
    }
    forgetCredentials(ports.root, name);
    return { name, stack: doomed.stack, swept, pullRequest };
  });
}

function sweep(ports: DevPorts, cloud: CloudApi, projectId: string): Promise<CloudResource[]> {
  return sweepProject(cloud, projectId, {
    clock: ports.clock,
    signal: ports.signal,
    onRemove: ({ kind, name, id }) => ports.io.progress(`removing ${kind} ${name === '' ? id : name}`),
  });
}

async function find(ports: DevPorts, name: string): Promise<Doomed> {
  const project = requireValid(name, ports.files, ports.clock.now());
  const environment = environmentOf(project, name);
  if (environment !== undefined) {
    const record = await ports.records.read(environment.stack);
    return { name, project, stack: environment.stack, cloudName: environment.cloud.name, environment, record };
  }
  // Its lease is gone: an earlier run deleted it, or a colleague's commit did.
  for (const cloudName of project.clouds.keys()) {
    const stack = StackId.lease(cloudName, name);
    const record = await ports.records.read(stack);
    const open = (await ports.journal.open()).some((operation) => operation.stacks.includes(stack));
    if (record !== undefined || open) return { name, project, stack, cloudName, environment: undefined, record };
  }
  throw noSuchLease(name, []);
}

/** Only a checkout whose history has what was applied knows what it destroys; and a missing lease must have been deleted in it. */
async function requireKnown(ports: DevPorts, branch: LeaseBranch, doomed: Doomed): Promise<void> {
  const { name, stack, environment, record } = doomed;
  if (record === undefined || record.commit === '') return;
  const head = await ports.git.head();
  const isHere = head !== undefined && (await ports.git.isAncestor(record.commit, head));
  // A checkout with commits of its own has the lease as the shared branch has it, without the commit.
  const isThere = environment !== undefined && (await branch.contains(record.commit));
  if (!isHere && !isThere) throw unknownHere(name, record.commit);
  if (environment !== undefined) return;
  // An earlier run asked, checked all this, and was killed between removing the file and committing that.
  const begun = (await ports.journal.open()).some(
    (open) => open.stacks.includes(stack) && open.begun.includes('lease'),
  );
  if (begun) return;
  if ((await ports.git.deletionOf(leaseFile(name), record.commit)) === undefined)
    throw unknownHere(name, record.commit);
}

function question({ name, environment, project }: Doomed, contents: readonly CloudResource[]): string {
  const lost = summarise(contents);
  const owner = environment?.lease.value.owner;
  const where = environment === undefined ? '' : ` on ${cloudOf(project, environment.lease)}`;
  return [
    `CAUTION: this destroys ${name}${where}${owner === undefined ? '' : `, leased to ${owner}`}, for good.`,
    lost === '' ? 'Its project holds nothing.' : `Lost with it: ${lost}.`,
    `Destroy ${name}?`,
  ].join('\n');
}
