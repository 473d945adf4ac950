import type { StackId } from '../stack/id.ts';
import type { EngineName, SynthesizedStack } from '../stack/synthesized.ts';
import { isSamePlace, type StackTarget } from '../stack/target.ts';
import { firstOf } from '../text/listed.ts';
import type { Base, BaseStack } from './base.ts';
import type { Exchange, Given } from './exchange.ts';
import { isResource } from './is-resource.ts';
import type { Action, StackPlan } from './model.ts';

/** Stacks that are planned together. */
interface Exchanged {
  readonly stacks: readonly SynthesizedStack[];
  /** Of the base, and configured no longer. */
  readonly gone: readonly BaseStack[];
  readonly base: Base;
  /** What an artefact gives to other stacks, and takes from them. @default - stacks are planned each by itself */
  readonly exchange?: (engine: EngineName, artefact: string) => Exchange;
}

/** What one stack takes of another that gets another value there. */
interface Renewal {
  readonly from: StackId;
  readonly names: readonly string[];
}

/**
 * Plans again whatever reads values that other stacks of the plan change, and what reads those in turn: nothing is called unchanged that
 * will change once the others are deployed.
 */
export async function withDownstream(
  plans: readonly StackPlan[],
  { stacks, gone, base, exchange }: Exchanged,
  planAgain: (stack: SynthesizedStack, renewed: readonly string[]) => Promise<StackPlan>,
): Promise<StackPlan[]> {
  const current = new Map(plans.map((plan) => [plan.id, plan]));
  // What is new is made whole: nothing of it is planned again.
  const known = stacks.filter(({ id }) => base.stacks.has(id));
  if (exchange === undefined || known.length === 0 || plans.every(({ changes }) => changes.length === 0))
    return [...plans];
  const exchanged = { stacks, gone, base };
  const takes = new Map(known.map(({ id, engine, text }) => [id, exchange(engine, text).takes()]));
  const givers = new Map<StackId, Giver>();
  const noteGiver = ({ id, changes }: StackPlan) => {
    if (changes.length > 0 && !givers.has(id)) givers.set(id, giverOf(id, exchange, exchanged));
  };
  plans.forEach(noteGiver);
  const seen = new Map<StackId, string>();
  // Each round reaches one stack further downstream; a circle ends where nothing new is found.
  for (let round = 0; round < plans.length; round += 1) {
    let isSettled = true;
    for (const stack of known) {
      const own = current.get(stack.id);
      if (own === undefined || own.leaves !== undefined || own.status === 'error') continue;
      const renewals = renewalsOf(stack, takes.get(stack.id) ?? new Set(), givers, current);
      const key = JSON.stringify(renewals);
      if (renewals.length === 0 || seen.get(stack.id) === key) continue;
      seen.set(stack.id, key);
      isSettled = false;
      const planned = await planAgain(stack, [...new Set(renewals.flatMap(({ names }) => names))]);
      const after = renewals.map((renewal) => ({ stack: renewal.from, reason: reasonOf(renewal, current) }));
      current.set(stack.id, { ...planned, after });
      noteGiver(planned);
    }
    if (isSettled) break;
  }
  return [...current.values()];
}

/** A stack that changes. */
interface Giver {
  readonly target: StackTarget;
  readonly gives: ReadonlyMap<string, readonly Given[]>;
}

/** What a stack gave counts as well: who reads it still is not told when it goes. */
function giverOf(
  id: StackId,
  exchange: NonNullable<Exchanged['exchange']>,
  { stacks, gone, base }: Pick<Exchanged, 'stacks' | 'gone' | 'base'>,
): Giver {
  const own = stacks.find((stack) => stack.id === id);
  const before = own === undefined ? gone.find((stack) => stack.id === id) : base.stacks.get(id);
  const given = [before, own].flatMap((stack) =>
    stack === undefined || stack.text === '' ? [] : [...exchange(stack.engine, stack.text).gives()],
  );
  return { target: own?.target ?? before?.target ?? {}, gives: new Map(given) };
}

function renewalsOf(
  { id, target, dependsOn, takes: values = [] }: Pick<SynthesizedStack, 'id' | 'target' | 'dependsOn' | 'takes'>,
  takes: ReadonlySet<string>,
  givers: ReadonlyMap<StackId, Giver>,
  plans: ReadonlyMap<StackId, StackPlan>,
): Renewal[] {
  const renewals = [...Map.groupBy(values, ({ from }) => from)].flatMap(([from, taken]): Renewal[] =>
    // What stays as it is gives the same values.
    plans.get(from)?.changes.some((change) => !change.noise && MAKES_ANOTHER.has(change.action)) === true
      ? [{ from, names: taken.map(({ output }) => output) }]
      : [],
  );
  if (takes.size === 0) return renewals;
  for (const [from, other] of givers) {
    const plan = plans.get(from);
    if (from === id || plan === undefined || plan.changes.length === 0) continue;
    if (!dependsOn.includes(from) && !isNear(target, other.target)) continue;
    const names = [...takes].filter((name) => (other.gives.get(name) ?? []).some((given) => isRenewed(given, plan)));
    if (names.length > 0) renewals.push({ from, names });
  }
  return renewals;
}

/** Names mean the same within a place; where nobody says where a stack goes, they may mean anything. */
function isNear(a: StackTarget, b: StackTarget): boolean {
  return Object.keys(a).length > 0 && Object.keys(b).length > 0 && isSamePlace(a, b);
}

const MAKES_ANOTHER: ReadonlySet<Action> = new Set(['create', 'replace', 'delete']);

function isRenewed({ address, attribute }: Given, { changes }: StackPlan): boolean {
  return changes.some(
    (change) =>
      change.address === address &&
      !change.noise &&
      (MAKES_ANOTHER.has(change.action) ||
        change.attributes.some(({ path }) => attribute !== undefined && path.split('.', 1)[0] === attribute)),
  );
}

/** `23 replaced, 2 deleted there; it gives another /acme/network/vpc-id`. */
function reasonOf({ from, names }: Renewal, plans: ReadonlyMap<StackId, StackPlan>): string {
  const changes = (plans.get(from)?.changes ?? []).filter(isResource);
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  const counts = (
    [
      ['replace', 'replaced'],
      ['delete', 'deleted'],
      ['create', 'created'],
    ] as const
  ).flatMap(([action, word]) => (count(action) > 0 ? [`${count(action)} ${word}`] : []));
  const told = counts.length > 0 ? counts.join(', ') : `${changes.length} changed`;
  return `${told} there; it gives another ${firstOf(names, 3)}`;
}
