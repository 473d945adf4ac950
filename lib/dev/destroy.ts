import { z } from 'zod';
import { cloudOf, type Project } from '../config/project.ts';
import type { CloudApi, CloudResource } from '../openstack-api/cloud-api.ts';
import { StackId } from '../stack/id.ts';
import type { StackRecord } from '../state/record.ts';
import { ask } from './ask.ts';
import { forgetCredentials, userOf } from './credentials.ts';
import { leaseProtected, noSuchLease, unknownHere } from './errors.ts';
import { sweepProject } from './execute-sweep.ts';
import { leaseFile } from './lease-file.ts';
import type { LeaseBranch } from './lease-repository.ts';
import { commitLease, surveyLease } from './lease-step.ts';
import { runVerb } from './operation.ts';
import { orphansAmong, retired, spares } from './orphans.ts';
import type { DevPorts } from './ports.ts';
import { findProject } from './project.ts';
import { nameOf } from './stuck.ts';
import { summarise } from './sweep.ts';
import { forgetLogins } from './use/login.ts';
import { type DevEnvironment, environmentOf, requireValid } from './workspace.ts';

export interface DestroyResult {
  readonly name: string;
  readonly stack: StackId;
  /** What tenants had made inside the project. */
  readonly swept: readonly CloudResource[];
  /** What was left behind knowingly, in a project that is called otherwise now; undefined where nothing was. */
  readonly orphaned:
    | { readonly project: string; readonly projectId: string; readonly things: readonly CloudResource[] }
    | undefined;
  readonly pullRequest: string | undefined;
}

export interface DestroyOptions {
  /** As which the operation is in the journal. @default env destroy */
  readonly verb?: string;
  /** What to leave behind, as `KIND/ID`: exactly that, in the project, which then stays as well. @default - nothing */
  readonly orphans?: readonly string[];
}

/** What the journal says of a project that is given up. */
const orphaning = z.looseObject({ things: z.array(z.string()) });

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
 * Terraform made, then the project. What is orphaned stays in the project, which is disabled and renamed. Safe to run again after an
 * interruption.
 * @throws TandemError `unknown-here` where this checkout does not know what was applied; `lease-protected`, `sweep-stuck`,
 * `no-such-orphan`
 */
export async function destroyEnvironment(
  ports: DevPorts,
  name: string,
  { verb = 'env destroy', orphans: orphanNames = [] }: DestroyOptions = {},
): Promise<DestroyResult> {
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
  const earlier = await earlierRun(ports, doomed.stack);
  // A run that was killed after the project was gone, or renamed, still knows which one it was: what survived carries its id.
  const found = findProject(projects, doomed.project, doomed)?.id ?? earlier.projectId;
  // One that somebody deleted by hand left things behind, which only its id leads to.
  const id = found ?? (doomed.record === undefined ? undefined : await lostProject(ports, doomed));
  const contents = id === undefined ? [] : await cloud.contents(id);
  const orphans = [...orphansAmong(orphanNames, contents), ...contents.filter((each) => earlier.leaves(each))];
  await ask(ports.io, question(doomed, contents, orphans));

  const names = [...new Set(orphans.map(nameOf))];
  const inputs = { name, projectId: id ?? '', orphans: names.join(' ') };
  const resume = ['tandem env destroy', name, ...names.map((each) => `--orphan ${each}`)].join(' ');
  const work = { verb, stack: doomed.stack, inputs, resume, continues: VERBS };
  return await runVerb(ports, work, async (operation) => {
    const { pullRequest } = await operation.step('lease', () =>
      commitLease(ports, branch, name, { text: undefined, message: `End lease ${name}` }),
    );
    const swept = id === undefined ? [] : await operation.step('sweep', () => sweep(ports, cloud, id, name, orphans));
    let orphaned: DestroyResult['orphaned'];
    if (id !== undefined && orphans.length > 0) {
      const as = retired(name, orphans, ports.actor.by, ports.clock.now());
      const detail = { project: id, name: as.name, things: names, by: ports.actor.by };
      await operation.step('orphan', () => cloud.retireProject(id, as), { detail });
      await operation.step('abandon', () => ports.deployer.abandon(doomed.project, doomed.stack));
      orphaned = { project: as.name, projectId: id, things: orphans };
    } else {
      await ports.deployer.destroy({
        project: doomed.project,
        stack: doomed.stack,
        verb,
        operation,
        recreate: found === undefined,
        confirm: () => Promise.resolve(true),
      });
      if (id !== undefined) {
        await operation.step('remains', () => sweep(ports, cloud, id, name, []));
        await operation.step('project', () => cloud.removeProject(id));
      }
    }
    // Last: until here its owner may see what becomes of the environment.
    const user = userOf(doomed.project, { name, stack: doomed.stack, cloud: entity });
    await operation.step('user', () => cloud.removeUser(user));
    forgetCredentials(ports.root, name);
    forgetLogins(ports.root, name);
    return { name, stack: doomed.stack, swept, orphaned, pullRequest };
  });
}

async function lostProject(ports: DevPorts, { project, stack }: Doomed): Promise<string | undefined> {
  return (await ports.deployer.lost(project, stack)).project;
}

function sweep(
  ports: DevPorts,
  cloud: CloudApi,
  projectId: string,
  environment: string,
  orphans: readonly CloudResource[],
): Promise<CloudResource[]> {
  return sweepProject(cloud, projectId, {
    spares: spares(orphans),
    ...{ clock: ports.clock, signal: ports.signal, environment },
    onRemove: ({ kind, name, id }) => ports.io.progress(`removing ${kind} ${name === '' ? id : name}`),
  });
}

/** What an interrupted run knows: the project, and what it was told to leave there once it had begun to give the project up. */
async function earlierRun(ports: DevPorts, stack: StackId) {
  const run = (await ports.journal.open()).find((each) => each.stacks.includes(stack) && VERBS.includes(each.verb));
  const entries = run === undefined ? [] : await ports.journal.entries(run.id);
  const gaveUp = entries.findLast((each) => each.entry === 'intend' && each.key === 'orphan');
  const left = new Set(gaveUp?.entry === 'intend' ? orphaning.parse(gaveUp.detail).things : []);
  const projectId = run?.arguments['projectId'];
  return {
    projectId: typeof projectId === 'string' && projectId !== '' ? projectId : undefined,
    leaves: (resource: CloudResource) => left.has(nameOf(resource)),
  };
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

function question(
  { name, environment, project }: Doomed,
  contents: readonly CloudResource[],
  orphans: readonly CloudResource[],
): string {
  const lost = summarise(contents.filter((each) => !orphans.includes(each)));
  const owner = environment?.lease.value.owner;
  const where = environment === undefined ? '' : ` on ${cloudOf(project, environment.lease)}`;
  return [
    `CAUTION: this destroys ${name}${where}${owner === undefined ? '' : `, leased to ${owner}`}, for good.`,
    lost === '' ? `Its project holds nothing${orphans.length === 0 ? '' : ' else'}.` : `Lost with it: ${lost}.`,
    ...orphans.map((each) => `Left behind, owned by nobody: ${nameOf(each)} ${each.name}`.trimEnd()),
    ...(orphans.length === 0 ? [] : ['Its project stays with that, disabled and renamed.']),
    `Destroy ${name}?`,
  ].join('\n');
}
