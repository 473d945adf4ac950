import { hasErrors } from '../../config/check.ts';
import { commitFiles } from '../../config/git-files.ts';
import { loadProject } from '../../config/load.ts';
import type { Project } from '../../config/project.ts';
import type { Mac } from '../../engines/engine.ts';
import { policiesApart } from '../../engines/policy-process.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import { maskPlan } from '../../plan/mask.ts';
import type { Plan } from '../../plan/model.ts';
import type { Before, BeforeOf } from '../../review/before.ts';
import { reviewPlan } from '../../review/review.ts';
import type { StackId } from '../../stack/id.ts';
import type { RecordStore } from '../../state/record.ts';
import type { ActionContext } from '../context.ts';
import { scalingImpact } from './scaling.ts';

/** Commits that stacks of the base were made from: empty where that is not known; a stack that is not named did not exist. */
export type Commits = ReadonlyMap<StackId, string>;

/**
 * The plan with what it means to machines, money and rules, and without what the user's masks hide.
 * @param mac - Marks what they hide, for bundles
 * @throws TandemError `masking-failed`
 */
export async function judged(
  context: ActionContext,
  project: Project,
  plan: Plan,
  commits: Commits,
  mac?: Mac,
): Promise<Plan> {
  const { root, now } = context;
  const before = beforeAt(root, commits);
  const ask = policiesApart(root, project.organisation.value.policies.packages);
  // Rules judge what is there; people see what they may.
  const reviewed = await reviewPlan(plan, { project, before, root, now: now(), ask });
  const impact = [...reviewed.impact, ...(await scalingImpact(context, project, reviewed, before))];
  return maskPlan({ ...reviewed, impact }, project.organisation.value.review.masks, mac);
}

/** The configurations that stacks were made from, each read once. */
function beforeAt(root: string, commits: Commits): BeforeOf {
  const read = new Map<string, Before>();
  return (stack) => {
    const commit = commits.get(stack);
    if (commit === undefined) return 'absent';
    const found = read.get(commit) ?? projectAt(root, commit);
    read.set(commit, found);
    return found;
  };
}

/** Of what is recorded of a plan's stacks. What was made without a record was made from nobody knows what. */
export async function commitsOf(records: Pick<RecordStore, 'read'>, { stacks }: Plan): Promise<Commits> {
  const found = stacks.map(async ({ id, changes }) => {
    const record = await records.read(id).catch(unreadable);
    if (record !== undefined) return [[id, record.commit]] as const;
    return changes.every(({ action }) => action === 'create') ? [] : ([[id, '']] as const);
  });
  return new Map((await Promise.all(found)).flat());
}

/** The plan of that stack says so already. */
function unreadable(error: unknown): { readonly commit: string } {
  if (error instanceof TandemError) return { commit: '' };
  throw error;
}

function projectAt(root: string, commit: string): Before {
  if (commit === '') return 'unknown';
  try {
    const { project, problems } = loadProject(commitFiles(root, commit));
    return project === undefined || hasErrors(problems) ? 'unknown' : project;
  } catch (error) {
    if (error instanceof TandemError) return 'unknown';
    throw error;
  }
}
