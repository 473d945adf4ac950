import { formatProblem, type Problem } from '../config/diagnostic.ts';
import { memoryFiles } from '../config/files.ts';
import type { Project } from '../config/project.ts';
import { loadChecked } from '../private-cloud/checks/load-checked.ts';
import { StackId } from '../stack/id.ts';
import type { UnfinishedOperation } from '../state/journal.ts';
import { appliedElsewhere } from './applied.ts';
import { leaseNeedsCommit, leaseStale, leaseTaken } from './errors.ts';
import { leaseFile } from './lease-file.ts';
import type { LeaseBranch, LeaseChange } from './lease-repository.ts';
import type { DevPorts } from './ports.ts';
import { type DevEnvironment, environmentOf, readLeaseText, withFile } from './workspace.ts';

/** A lease before a command changes it: nothing was asked or written yet. */
export interface LeaseBefore {
  readonly branch: LeaseBranch;
  /** The lease as it is now; undefined where there is none. */
  readonly text: string | undefined;
  /** The interrupted operation that this run goes on with. */
  readonly resumed: UnfinishedOperation | undefined;
}

/**
 * Looks at a lease here and where leases are shared.
 * @param verbs those whose interrupted operation this command goes on with, its own first
 * @throws TandemError `no-git-identity`, `git-failed`, `lease-stale`, `lease-taken`
 */
export async function surveyLease(ports: DevPorts, name: string, verbs: readonly string[]): Promise<LeaseBefore> {
  await ports.repository.requireReady();
  const [branch, open] = await Promise.all([ports.repository.survey(leaseFile(name)), ports.journal.open()]);
  const resumed = open.find(
    (each) => verbs.includes(each.verb) && each.stacks.some((stack) => stack.endsWith(`/dev/${name}`)),
  );
  const text = readLeaseText(ports.files, name);
  if (!branch.isBehind) return { branch, text, resumed };
  // Its own commit, pushed by a run that was killed before it brought this checkout along.
  const files = resumed === undefined ? undefined : branch.files();
  if (files !== undefined) return { branch, resumed, text: readLeaseText(files, name) };
  if (text === undefined && verbs[0] === 'env create') throw leaseTaken(name, branch.by ?? 'somebody');
  throw leaseStale(name, branch.label ?? '', branch.by);
}

/**
 * Where there is no remote to ask, the record tells of others.
 * @throws TandemError `lease-stale`
 */
export async function requireCurrent(ports: DevPorts, branch: LeaseBranch, environment: DevEnvironment): Promise<void> {
  if (branch.isShared) return;
  const record = await ports.records.read(environment.stack);
  if ((await appliedElsewhere(ports.git, record, environment.lease.value)) !== undefined)
    throw leaseStale(environment.name, `commit ${record?.commit.slice(0, 12) ?? ''}`, record?.by);
}

/**
 * Whether a lease that is not in this checkout was applied by somebody else.
 * @throws TandemError `lease-stale`
 */
export async function requireHere(ports: DevPorts, project: Project, name: string): Promise<void> {
  if (project.leases.has(name)) return;
  for (const cloud of project.clouds.keys()) {
    const record = await ports.records.read(StackId.lease(cloud, name));
    if (record !== undefined) throw leaseStale(name, `commit ${record.commit.slice(0, 12)}`, record.by);
  }
}

/**
 * Whether the lease's commit can stand alone: with that file alone added to it, the branch is as valid as before, and a new environment
 * is made of what is committed there.
 * @throws TandemError `lease-needs-commit`
 */
export function requireCommitted(
  { clock }: Pick<DevPorts, 'clock'>,
  branch: LeaseBranch,
  project: Project,
  { name, blueprint, cloud }: DevEnvironment,
  { text, isNew }: { readonly text: string; readonly isNew: boolean },
): void {
  if (branch.label === undefined) return;
  const files = branch.files() ?? memoryFiles({});
  const changed = withFile(files, leaseFile(name), text);
  const after = loadChecked(changed, clock.now());
  const wrong = errorsIn(after.problems);
  const before = wrong.length === 0 ? [] : errorsIn(loadChecked(files, clock.now()).problems);
  const problems = wrong.filter((each) => !before.includes(each));
  if (isNew) {
    const there = after.project === undefined ? undefined : environmentOf(after.project, name);
    const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
    const lacking = [
      ...(isSame(there?.blueprint.value, blueprint.value) ? [] : [blueprint.file]),
      ...(isSame(there?.cloud.value, cloud.value) ? [] : [cloud.file]),
      ...Object.values(blueprint.value.tiers).flatMap(({ runs }) =>
        Object.keys(runs).flatMap((each) => {
          const [here, committed] = [project, after.project].map((side) => side?.components?.get(each));
          return here === undefined || isSame(here.value, committed?.value) ? [] : [here.file];
        }),
      ),
      ...Object.values(blueprint.value.tiers).flatMap(({ userData: file }) =>
        file === undefined || project.userData?.get(file) === after.project?.userData?.get(file) ? [] : [file],
      ),
    ];
    problems.push(...[...new Set(lacking)].map((file) => `${file} is not there as it is in this checkout`));
  }
  if (problems.length > 0) throw leaseNeedsCommit(name, branch.label, problems);
}

function errorsIn(problems: readonly Problem[]): string[] {
  return problems.filter(({ severity }) => severity === 'error').map(formatProblem);
}

export interface CommittedLease {
  /** The commit that has the lease so; undefined outside a repository. */
  readonly commit: string | undefined;
  /** The command that opens a pull request, where the branch is protected. */
  readonly pullRequest: string | undefined;
}

/** Publishes a lease, and tells where it went. What is there already is not committed again. */
export async function commitLease(
  { io }: Pick<DevPorts, 'io'>,
  branch: LeaseBranch,
  name: string,
  change: LeaseChange,
): Promise<CommittedLease> {
  const { kind, isNew, commit, branch: where, command, notFollowed } = await branch.publish(change);
  const file = leaseFile(name);
  if (isNew && kind === 'pushed') io.progress(`committed ${file} and pushed it to ${where}`);
  if (isNew && kind === 'local') io.progress(`committed ${file}`);
  if (kind === 'aside') io.progress(`${branch.label ?? ''} is protected, so ${file} was committed to ${where}`);
  if (notFollowed !== undefined)
    io.progress(`this checkout has the file, not the commit: ${notFollowed}; \`git pull --autostash\` brings it`);
  return { commit, pullRequest: command };
}
