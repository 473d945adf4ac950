import pLimit from 'p-limit';
import type { Project } from '../config/project.ts';
import type { FrozenStackPlan, PlanOptions } from '../engines/engine.ts';
import { difference } from '../engines/plugins.ts';
import { judgeAhead } from '../plan/ahead.ts';
import { beyondApproval } from '../plan/approval.ts';
import type { Base, BaseStack } from '../plan/base.ts';
import { isResource } from '../plan/is-resource.ts';
import type { StackPlan } from '../plan/model.ts';
import { livePlan, planOffline } from '../plan/plan.ts';
import type { StackId } from '../stack/id.ts';
import { inputsOf, type SynthesizedStack } from '../stack/synthesized.ts';
import { waitingApproval } from './bundle/errors.ts';
import { citeSources } from './cite-sources.ts';
import { announceDownstream } from './downstream.ts';
import { engineOf } from './engine-of.ts';
import { declined } from './errors.ts';
import type { Moved } from './place.ts';
import {
  type DeployOptions,
  type DeployPorts,
  type DeployRequest,
  RESOURCES_AT_ONCE,
  STACKS_AT_ONCE,
  type Target,
} from './ports.ts';
import { withGiven } from './takes.ts';

/** A target with what is shown of it; `frozen` is missing while a stack that it needs does not exist. */
export interface LivePlan {
  readonly target: Target;
  readonly shown: StackPlan;
  readonly frozen: FrozenStackPlan | undefined;
  /** Whether it may have leftovers. */
  readonly adopt: boolean;
}

/** Plans every target against the live clouds. One whose inputs are yet to be made is shown as its artefact. */
export async function planTargets(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
  interrupted: ReadonlySet<StackId>,
): Promise<Map<StackId, LivePlan>> {
  const limit = pLimit({ concurrency: options.parallelism ?? STACKS_AT_ONCE, rejectOnClear: true });
  const planOrStop = async (target: Target): Promise<LivePlan> => {
    try {
      return await planTarget(ports, request, options, target, interrupted);
    } catch (error) {
      limit.clearQueue();
      throw error;
    }
  };
  const settled = await Promise.allSettled(request.targets.map((target) => limit(planOrStop, target)));
  const plans = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    for (const { target, frozen } of plans)
      if (frozen !== undefined) await engineOf(ports, target.stack).discard(frozen);
    throw failed.reason;
  }
  const announced = await announceDownstream(ports, request.project, plans);
  return new Map(
    plans.map((plan, index) => [plan.target.stack.id, { ...plan, shown: announced[index] ?? plan.shown }]),
  );
}

async function planTarget(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
  target: Target,
  interrupted: ReadonlySet<StackId>,
): Promise<LivePlan> {
  const { id } = target.stack;
  const asWaiting = async (): Promise<LivePlan> => {
    const shown = await asArtefact(ports, request.project, target.stack);
    return { target, shown, frozen: undefined, adopt: true };
  };
  if (!target.destroy && (await waitsFor(ports, request, target))) return await asWaiting();
  options.emit({ kind: 'stack', stack: id, phase: 'planning', seconds: 0 });
  const stack = await withGiven(ports, target, options.signal);
  if (stack === undefined) return await asWaiting();
  const adopt = interrupted.has(id);
  const frozen = await planOne(ports, options, { ...target, stack }, adopt);
  const shown = await withAhead(ports, target, citeSources(request.project, stack, frozen.plan));
  options.emit({ kind: 'stack', stack: id, phase: 'planned', seconds: 0 });
  return { target, shown, frozen, adopt };
}

/** Says of a plan whether it reverts what somebody applied from a commit that is not in the history of what is deployed. */
export async function withAhead(
  { records, git, commit }: Pick<DeployPorts, 'records' | 'git' | 'commit'>,
  { stack, destroy }: Target,
  plan: StackPlan,
): Promise<StackPlan> {
  const record = destroy ? undefined : await records.read(stack.id);
  const ahead = record === undefined ? undefined : await judgeAhead(git, record, commit);
  return ahead === undefined ? plan : { ...plan, ahead };
}

/** A stack that does not exist, as its artefact has it. */
export async function asArtefact(
  ports: Pick<DeployPorts, 'git' | 'engines'>,
  project: Project,
  stack: SynthesizedStack,
): Promise<StackPlan> {
  const shown = await againstBase(ports, project, stack, { kind: 'empty', ref: '', stacks: new Map() });
  const changes = shown.changes.filter((change) => isResource(change));
  const inputs = inputsOf(stack);
  const unresolvedInputs = inputs.length > 0 ? inputs : stack.dependsOn.map((from) => ({ name: 'its inputs', from }));
  return {
    ...shown,
    status: 'waiting',
    unresolvedInputs,
    changes: (await engineOf(ports, stack).withKept?.(stack, changes)) ?? changes,
  };
}

/** A stack that goes to another place: all of it is made there, and what its record has stays where it is. */
export async function asArrival(
  ports: Pick<DeployPorts, 'git'>,
  project: Project,
  { stack, record, from }: Moved,
): Promise<StackPlan> {
  const { engine, artefact: text, digest, commit, files, by, at } = record;
  const applied = { by, at };
  const before: BaseStack = { id: stack.id, engine, text, digest, commit, files, applied, target: from };
  return await againstBase(ports, project, stack, { kind: 'record', ref: '', stacks: new Map([[stack.id, before]]) });
}

/** One stack, planned without a cloud. */
async function againstBase(
  { git }: Pick<DeployPorts, 'git'>,
  project: Project,
  stack: SynthesizedStack,
  base: Base,
): Promise<StackPlan> {
  const { stacks } = await planOffline({ project, stacks: [stack], gone: [], base, git, difference });
  const [shown] = stacks;
  if (shown === undefined) throw new Error(`no plan of ${stack.id}`);
  return shown;
}

/** Whether a stack that this one needs is made for the first time by the same operation. */
export async function waitsFor(
  ports: Pick<DeployPorts, 'records'>,
  request: DeployRequest,
  { stack }: Target,
): Promise<boolean> {
  for (const { stack: other, destroy } of request.targets) {
    if (destroy || !stack.dependsOn.includes(other.id)) continue;
    if ((await ports.records.read(other.id)) === undefined) return true;
  }
  return false;
}

/**
 * Plans a stack whose inputs exist, or are as they will be, by now. What was not shown of it is shown, and asked about.
 * @returns undefined where a value that it takes is still missing
 */
export async function planAgain(
  ports: DeployPorts,
  request: DeployRequest,
  options: DeployOptions,
  { target, shown, adopt }: Omit<LivePlan, 'frozen'>,
): Promise<FrozenStackPlan | undefined> {
  const stack = await withGiven(ports, target, options.signal);
  if (stack === undefined) return undefined;
  const frozen = await planOne(ports, options, { ...target, stack }, adopt);
  const beyond = beyondApproval(shown, frozen.plan);
  if (beyond.length === 0) return frozen;
  if (options.stopsWaiting === true) {
    await engineOf(ports, target.stack).discard(frozen);
    throw waitingApproval(target.stack.id, beyond);
  }
  const plan = livePlan([citeSources(request.project, stack, frozen.plan)]);
  if (await options.confirm(plan)) return frozen;
  await engineOf(ports, target.stack).discard(frozen);
  throw declined();
}

/** What decides which resources are planned, and whether one keeps what it was made from. */
export async function pinsOf(
  { records }: Pick<DeployPorts, 'records'>,
  { unpinned, only }: Pick<DeployOptions, 'unpinned' | 'only'>,
  { stack }: Pick<Target, 'stack'>,
): Promise<Pick<PlanOptions, 'applied' | 'unpinned' | 'only'>> {
  return { applied: (await records.read(stack.id))?.artefact, unpinned, only: only?.addresses };
}

async function planOne(
  ports: DeployPorts,
  options: DeployOptions,
  target: Target,
  interrupted: boolean,
): Promise<FrozenStackPlan> {
  return await engineOf(ports, target.stack).plan(target.stack, {
    destroy: target.destroy,
    ...(await pinsOf(ports, options, target)),
    adopt: !target.destroy && (interrupted || options.adopt === true),
    signal: options.signal,
    parallelism: options.resourceParallelism ?? RESOURCES_AT_ONCE,
    emit: options.emit,
    mac: options.mac,
  });
}
