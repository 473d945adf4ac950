import type { Project } from '../../config/project.ts';
import type { Mac } from '../../engines/engine.ts';
import { beyondApproval } from '../../plan/approval.ts';
import type { Plan } from '../../plan/model.ts';
import type { UnfinishedOperation } from '../../state/journal.ts';
import { chooseDeploy } from '../choose.ts';
import { deployStacks } from '../deploy.ts';
import type { DeployOptions, DeployPorts, DeployResult, Target } from '../ports.ts';
import { targetsOf } from '../targets.ts';
import { authorsOf, requireApproved, requireNew, requireOurs, requireSame, requireValid } from './check.ts';
import { planDiffers } from './errors.ts';
import { macWith, openHiddenKey } from './hidden.ts';
import { signersInForce } from './in-force.ts';
import type { ReadBundle } from './read.ts';
import { requireAllowed } from './require-bundle.ts';
import { semanticDifference, semanticDigest } from './semantic.ts';

export interface BundleRequest {
  readonly project: Project;
  readonly root: string;
  readonly read: ReadBundle;
  /** The file, as a resume names it. */
  readonly file: string;
  /** The operator's age identities. */
  readonly identities: () => readonly string[];
  /** What a live plan means: findings, and who must approve it; without what masks hide, which `mac` marks. */
  readonly review: (plan: Plan, mac?: Mac) => Promise<Plan>;
}

/**
 * Deploys what was approved, and nothing else: the bundle's signatures, age, commit, artefacts and targets are checked, the stacks are
 * planned anew under their locks, and the result must mean what was approved. A deployment of it that was interrupted is gone on with.
 * @throws TandemError those of `check.ts`, `plan-differs`, and those of `deployStacks`
 */
export async function deployBundle(
  ports: DeployPorts,
  { project, root, read, file, identities, review }: BundleRequest,
  options: Omit<DeployOptions, 'verb' | 'confirm' | 'mac' | 'arguments' | 'resumes' | 'stopsWaiting'>,
): Promise<DeployResult> {
  const { bundle, digest, name } = read;
  const isOwn = ({ arguments: given }: Pick<UnfinishedOperation, 'arguments'>): boolean => given['bundle'] === digest;
  const interrupted = (await ports.journal.open()).find(isOwn);
  const inForce = await signersInForce(ports, root, bundle.commit);
  const authors = await authorsOf(read, ports);
  const approvedBy = requireApproved(read, inForce, bundle.plan.approvals, authors);
  // What was begun in time is finished.
  if (interrupted === undefined) requireValid(read, ports.now());
  await requireOurs(read, ports, project.organisation.value.organisation.name);
  await requireNew(read, ports);
  const targets = await chooseTargets(ports, project, read, interrupted);
  const mac = bundle.hiddenKey === null ? undefined : macWith(await openHiddenKey(identities(), bundle.hiddenKey));
  let isResumed = false;
  const confirm = async (plan: Plan): Promise<boolean> => {
    // Of two who begin at once, the second plans after the first.
    await requireNew(read, ports);
    // The rules and masks of this commit, over what is really about to happen.
    const reviewed = await review(plan, mac);
    const difference = isResumed ? left(bundle.plan, plan) : differenceOf(read, reviewed);
    if (difference.length > 0) throw planDiffers(name, difference);
    if (!isResumed) {
      requireAllowed(reviewed);
      requireApproved(read, inForce, reviewed.approvals, authors);
    }
    return true;
  };
  return await deployStacks(
    ports,
    { project, targets },
    {
      ...{ ...options, mac, confirm, verb: 'deploy', stopsWaiting: true },
      arguments: {
        ...(options.skipLadder === true ? { skipLadder: true } : {}),
        ...{ bundle: digest, file, approvedBy: approvedBy.join(', ') },
        removals: bundle.stacks.flatMap(({ id, destroy }) => (destroy ? [id] : [])).join(' '),
      },
      resumes: (open) => {
        isResumed = isOwn(open);
        return isResumed;
      },
    },
  );
}

function differenceOf({ bundle }: ReadBundle, plan: Plan): string[] {
  return semanticDigest(plan) === bundle.semantic ? [] : semanticDifference(bundle.plan, plan);
}

/** After an interruption less is left to do; what there is was approved. */
function left(approved: Plan, live: Plan): string[] {
  const known = new Map(approved.stacks.map((stack) => [stack.id, stack]));
  return live.stacks.flatMap((stack) => {
    const before = known.get(stack.id);
    return before === undefined
      ? [`${stack.id}: not in the bundle`]
      : beyondApproval(before, stack).map((each) => `${stack.id}: ${each}`);
  });
}

async function chooseTargets(
  ports: DeployPorts,
  project: Project,
  read: ReadBundle,
  interrupted: UnfinishedOperation | undefined,
): Promise<readonly Target[]> {
  const { stacks } = read.bundle;
  if (interrupted === undefined) {
    const { targets } = await chooseDeploy(
      ports,
      project,
      stacks.map(({ id }) => id),
    );
    requireSame(read, targets);
    return targets;
  }
  // What was removed before the interruption is in no record any more.
  const isLeft = ({ id }: (typeof stacks)[number]): boolean => !interrupted.done.includes(`destroy ${id}`);
  const ids = (destroy: boolean) =>
    stacks.filter((each) => each.destroy === destroy && isLeft(each)).map(({ id }) => id);
  const targets = await targetsOf(ports, project, { removed: ids(true), kept: ids(false) });
  requireSame({ ...read, bundle: { ...read.bundle, stacks: stacks.filter(isLeft) } }, targets);
  return targets;
}
