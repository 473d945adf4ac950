import { commitFiles } from '../../config/git-files.ts';
import type { Project } from '../../config/project.ts';
import {
  revertChangesNothing,
  revertConflicts,
  revertInvalid,
  revertOutside,
  revertUnknown,
} from '../../deploy/revert/errors.ts';
import { type Inverse, inverseFiles } from '../../deploy/revert/inverse-files.ts';
import { commitOf, type Proposal, propose, type Start } from '../../deploy/revert/propose.ts';
import { lastingChanges, type StackSpan, spansOf } from '../../deploy/revert/what-to-revert.ts';
import { type LeaseGit, leaseGit } from '../../dev/lease-git.ts';
import { fetchTip, findHome } from '../../dev/lease-target.ts';
import type { Plan } from '../../plan/model.ts';
import { loadChecked } from '../../private-cloud/checks/load-checked.ts';
import { compareIds, partsOf, type StackId } from '../../stack/id.ts';
import type { ToldOperation } from '../../state/journal.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { operationNamed } from '../history/history.ts';
import { planAgainstBase } from '../plan/offline.ts';

export interface RevertOptions {
  /** Id, or as much of its beginning or end as only one operation has. */
  readonly operation: string;
}

export interface RevertResult extends Omit<Proposal, 'command'> {
  readonly operation: string;
  /** What opens the pull request; null without a remote. */
  readonly command: string | null;
  readonly stacks: readonly StackId[];
  /** Files of the branch that differ from where it starts. */
  readonly files: readonly string[];
  /** What no configuration brings back: ids and data of what was destroyed or replaced. */
  readonly lasting: readonly string[];
  /** Files that several of the stacks stand on, and that the operation did not change from the same content for all of them. */
  readonly shared: readonly string[];
  /** What the branch changes, against where it starts; offline. */
  readonly plan: Plan;
}

/**
 * Opens the inverse of an operation as a branch: the configuration of its stacks as it was before, with what was changed elsewhere since.
 * The working tree is not touched, and no cloud is asked; reviewed and deployed, it is a change as any other.
 * @throws TandemError `no-such-operation`, `revert-outside`, `revert-unknown`, `revert-conflicts`, `revert-changes-nothing`,
 *   `revert-invalid`, `revert-exists`, `git-failed`, `no-git-identity`
 */
export async function revert(context: ActionContext, options: RevertOptions): Promise<RevertResult> {
  const project = requireProject(context);
  const { told, spans } = await withClouds(context, project, async (ports) => {
    const found = await operationNamed(ports, options.operation);
    const { spans: known, unknown } = await spansOf(ports.versions, found);
    if (unknown.length > 0) throw revertUnknown(found.operation.id, unknown, 'no version from before it is kept');
    if (known.length === 0) throw revertChangesNothing(found.operation.id, 'it changed no stack');
    return { told: found, spans: known };
  });
  const { id } = told.operation;
  const git = leaseGit(context.root, context.signal);
  const start = await startOf(git);
  await requireCommits(git, id, spans);
  const inverse = await inverseFiles(git, start.tip, spans, (stack, changed) => layersOf(project, stack, changed));
  if (inverse.conflicts.length > 0) throw revertConflicts(id, inverse.conflicts);
  if (inverse.changes.length === 0) {
    const branch = start.home === undefined ? 'this checkout' : `${start.home.remote}/${start.home.branch}`;
    throw revertChangesNothing(id, `in ${branch}, the configuration of its stacks is as it was before it`, branch);
  }
  const stacks = spans.map(({ stack }) => stack).sort(compareIds);
  const branch = `tandem/revert-${id}`;
  const commit = await commitOf(git, start.tip, inverse.changes, messageOf(told, stacks));
  const plan = await planOf(context, commit, start.tip);
  const { command = null } = await propose(git, start, branch, commit);
  return { operation: id, stacks, branch, commit, command, ...filesIn(inverse), lasting: lastingChanges(told), plan };
}

function filesIn({ changes, shared }: Inverse): Pick<RevertResult, 'files' | 'shared'> {
  return { files: changes.map(({ file }) => file), shared };
}

/** The tip that the branch starts from: where changes go to at the remote, else what is checked out. */
async function startOf(git: LeaseGit): Promise<Start> {
  const head = await git.ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}');
  if (head === undefined) throw revertOutside(git.root);
  const home = await findHome(git, '');
  return home.kind === 'local' ? { tip: head, home: undefined } : { tip: await fetchTip(git, home), home };
}

/** A commit that this clone lacks must not be taken for one without files. */
async function requireCommits(git: LeaseGit, id: string, spans: readonly StackSpan[]): Promise<void> {
  for (const { stack, before, after } of spans)
    for (const commit of [before, after])
      if (
        commit !== undefined &&
        (await git.ask('rev-parse', '--verify', '--quiet', `${commit}^{commit}`)) === undefined
      )
        throw revertUnknown(id, [stack], `commit ${commit.slice(0, 10)} is not in this clone`);
}

/** Layers of environments are named by no stack: those that are no environment themselves. */
function layersOf(project: Project, stack: StackId, changed: readonly string[]): string[] {
  if (partsOf(stack).environment === undefined) return [];
  const environments = new Set([...project.environments.values()].map(({ file }) => file));
  return changed.filter((file) => file.startsWith('config/environments/') && !environments.has(file));
}

/** Planned before anything is published: what does not validate is no branch. */
async function planOf(context: ActionContext, commit: string, tip: string): Promise<Plan> {
  const { project, problems } = loadChecked(commitFiles(context.root, commit), context.now());
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (project === undefined || errors.length > 0) throw revertInvalid(errors);
  return (await planAgainstBase(context, project, { base: tip, selectors: [] })).plan;
}

function messageOf({ operation }: ToldOperation, stacks: readonly string[]): string {
  const { id, verb, by, startedAt, commit } = operation;
  const from = commit === '' ? '' : `, from commit ${commit}`;
  return [
    `Revert ${verb} ${id}`,
    '',
    `Brings the configuration back to what it was before operation ${id}`,
    `(\`${verb}\` by ${by}, ${startedAt}${from}), for these stacks:`,
    '',
    ...stacks.map((stack) => `- ${stack}`),
  ].join('\n');
}
