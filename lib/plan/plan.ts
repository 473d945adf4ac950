import type { Project } from '../config/project.ts';
import { compareIds, type StackId } from '../stack/id.ts';
import { digestOf, type EngineName, inputsOf, type SynthesizedStack } from '../stack/synthesized.ts';
import { judgeAhead, remembered } from './ahead.ts';
import type { Base, BaseStack } from './base.ts';
import { sortChanges } from './change.ts';
import { refusalsOf } from './difference/interruptions.ts';
import { withDownstream } from './downstream.ts';
import type { Exchange } from './exchange.ts';
import type { History } from './history.ts';
import { isResource } from './is-resource.ts';
import { addressesOf, describeLeaving, leftPlace, renamedStacks, staying, toldAsRenamed } from './leaving.ts';
import { type BareChange, type Change, type Plan, type PlanBase, type StackPlan, type Summary } from './model.ts';
import { judgeRemoval } from './removal.ts';
import { inheritSources, sourceOf } from './source.ts';

export type { Base, BaseStack } from './base.ts';

export interface OfflinePlan {
  readonly project: Project;
  /** The stacks to plan, synthesized. */
  readonly stacks: readonly SynthesizedStack[];
  /** Stacks of the base that are configured no longer, of those that were asked for. */
  readonly gone: readonly BaseStack[];
  readonly base: Base;
  readonly git: History;
  /** What changes between two artefacts of an engine; a side that is undefined is one that does not exist. */
  readonly difference: Difference;
  /** What an artefact gives to other stacks, and takes from them. @default - stacks are planned each by itself */
  readonly exchange?: (engine: EngineName, artefact: string) => Exchange;
}

export type Difference = (
  engine: EngineName,
  before: string | undefined,
  after: string | undefined,
  renewed?: readonly string[],
) => Promise<readonly BareChange[]>;

/** The offline plan: what is configured now against a base. Touches no cloud; asks the repository about removals only. */
export async function planOffline(request: OfflinePlan): Promise<Plan> {
  const { project, stacks, gone, base, git, difference } = request;
  const leaving = new Set(
    stacks.filter((each) => leftPlace(base.stacks.get(each.id), each) !== undefined).map(({ id }) => id),
  );
  const planOne = (stack: SynthesizedStack, renewed: readonly string[] = []): Promise<StackPlan> =>
    planStack(project, stack, base, { difference, leaving, renewed });
  const alone: StackPlan[] = [];
  for (const stack of stacks) alone.push(await planOne(stack));
  for (const stack of gone) alone.push(await planRemoval(stack, git, difference));
  const plans = await withDownstream(alone, request, planOne);
  const pairs = await renamesIn(plans, { stacks, gone, base, difference });
  const { kind, ref, branch } = base;
  return toPlan(
    { kind, ref, ...(branch === undefined ? {} : { branch }) },
    await withAhead(toldAsRenamed(plans, pairs), base, git),
  );
}

/** Which stacks somebody applied from a commit that this checkout does not have. */
async function withAhead(plans: readonly StackPlan[], { kind, stacks }: Base, history: History): Promise<StackPlan[]> {
  if (kind !== 'record') return [...plans];
  const git = remembered(history);
  const head = (await history.head()) ?? '';
  const told: StackPlan[] = [];
  for (const plan of plans) {
    const { commit = '', applied } = stacks.get(plan.id) ?? {};
    const ahead = applied === undefined ? undefined : await judgeAhead(git, { commit, ...applied }, head);
    told.push(ahead === undefined ? plan : { ...plan, ahead });
  }
  return told;
}

/** Of what is new and what is gone, what is one under two names. */
async function renamesIn(
  plans: readonly StackPlan[],
  { stacks, gone, base, difference }: Pick<OfflinePlan, 'stacks' | 'gone' | 'base' | 'difference'>,
): Promise<ReadonlyMap<StackId, StackId>> {
  const created = new Map(plans.map(({ id, changes }) => [id, addressesOf(changes)]));
  const arriving = stacks
    .filter(({ id }) => !base.stacks.has(id))
    .map(({ id, engine }) => ({ id, engine, addresses: created.get(id) ?? new Set<string>() }));
  if (arriving.length === 0) return new Map();
  const leaving = await Promise.all(
    gone.map(async ({ id, engine, text }) => ({
      ...{ id, engine },
      addresses: addressesOf(await difference(engine, text, undefined)),
    })),
  );
  return renamedStacks(leaving, arriving);
}

/** Puts planned stacks of any engine together, in order, with summary and digest. */
export function toPlan(base: PlanBase, plans: readonly StackPlan[]): Plan {
  const stacks = [...plans].sort((a, b) => compareIds(a.id, b.id));
  const semantic = stacks.map(({ id, status, target, leaves, changes }) => ({
    ...{ id, status, target },
    leaves: leaves?.target,
    changes: changes.map(({ source: _source, ...rest }) => rest),
  }));
  return {
    format: 'tandem.plan/1',
    base,
    digest: digestOf(JSON.stringify(semantic)),
    summary: summarize(stacks),
    stacks,
    findings: [],
    impact: [],
    availability: [],
    cost: null,
    approvals: [],
  };
}

/** Of stacks that were planned against the live clouds. */
export function livePlan(plans: readonly StackPlan[]): Plan {
  return toPlan({ kind: 'live', ref: '' }, plans);
}

async function planStack(
  project: Project,
  stack: SynthesizedStack,
  base: Base,
  {
    difference,
    leaving,
    renewed,
  }: Pick<OfflinePlan, 'difference'> & {
    readonly leaving: ReadonlySet<StackId>;
    readonly renewed: readonly string[];
  },
): Promise<StackPlan> {
  const found = base.stacks.get(stack.id);
  const left = leftPlace(found, stack);
  // Nothing of what is elsewhere is in the new place.
  const before = left === undefined ? found : undefined;
  const head = { ...headOf(stack), drift: [] };
  const unreadable = base.unreadable?.get(stack.id);
  if (unreadable !== undefined)
    return { ...head, status: 'error', changes: [], unresolvedInputs: [], reason: unreadable };
  if (before?.digest === stack.digest && renewed.length === 0)
    return { ...head, status: 'unchanged', changes: [], unresolvedInputs: [] };
  const bare = await difference(stack.engine, before?.text, stack.text, renewed);
  const changes = bare.map((change): Change => {
    const citations = stack.citations[change.address];
    // What is there no longer stood on a line of the base.
    const source = citations === undefined && before !== undefined ? locate(before, change.address) : null;
    return { ...change, source: source ?? sourceOf(project, change, citations ?? [], stack.files) };
  });
  const unresolvedInputs =
    before === undefined ? inputsOf(stack).filter(({ from }) => !base.stacks.has(from) || leaving.has(from)) : [];
  const status = unresolvedInputs.length > 0 ? 'waiting' : changes.length > 0 ? 'changed' : 'unchanged';
  const whole = before === undefined ? ({ whole: 'new' } as const) : {};
  const planned = {
    ...head,
    ...whole,
    status,
    changes: sortChanges(inheritSources(changes)),
    unresolvedInputs,
  } as const;
  const reason = refusalsOf(changes);
  if (reason !== undefined) return { ...planned, status: 'error', reason };
  if (found === undefined || left === undefined) return planned;
  const deletions = await difference(stack.engine, found.text, undefined);
  const stays = staying(sortChanges(deletions.map((change) => ({ ...change, source: locate(found, change.address) }))));
  return {
    ...planned,
    leaves: { target: left, changes: stays },
    reason: describeLeaving(left, stack.target, changes, stays),
  };
}

/** What a plan says first of a stack; of one whose target is not known, nothing about that. */
function headOf({ id, engine, target = {} }: Pick<BaseStack, 'id' | 'engine' | 'target'>) {
  return { id, engine, ...(Object.keys(target).length === 0 ? {} : { target }) };
}

async function planRemoval(gone: BaseStack, git: History, difference: Difference): Promise<StackPlan> {
  const head = { ...headOf(gone), unresolvedInputs: [], drift: [] };
  const removal = await judgeRemoval(git, gone);
  if ('unknown' in removal) return { ...head, status: 'unknown-here', changes: [], reason: removal.unknown };
  const { by, file } = removal;
  const changes = await difference(gone.engine, gone.text, undefined);
  return {
    ...head,
    whole: 'gone',
    status: changes.length > 0 ? 'changed' : 'unchanged',
    changes: sortChanges(changes.map((change) => ({ ...change, source: locate(gone, change.address) }))),
    reason: `${file} was removed, or the stack taken out of it, by ${by.id.slice(0, 10)} (${by.author}, ${by.date.slice(0, 10)}): ${by.summary}`,
  };
}

function locate(stack: BaseStack, address: string): Change['source'] {
  const found = stack.locate?.(address);
  if (found !== undefined) return found;
  const [file] = stack.files;
  return file === undefined ? null : { file, line: 1, ...(stack.commit === '' ? {} : { commit: stack.commit }) };
}

function summarize(stacks: readonly StackPlan[]): Summary {
  const summary = { create: 0, update: 0, interrupt: 0, replace: 0, delete: 0, other: 0, noise: 0 };
  for (const change of stacks.flatMap((stack) => stack.changes)) {
    const { action } = change;
    const isCounted = action in summary && isResource(change);
    summary[change.noise ? 'noise' : isCounted ? (action as keyof Summary) : 'other'] += 1;
  }
  return summary;
}

/** Stacks of a base that a catalogue no longer has. */
export function goneFrom(base: Base, configured: ReadonlySet<StackId>): BaseStack[] {
  return [...base.stacks.values()].filter((stack) => !configured.has(stack.id)).sort((a, b) => compareIds(a.id, b.id));
}
