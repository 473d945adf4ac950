import { partsOf, type StackId } from '../stack/id.ts';
import { describeTarget, isSamePlace, type StackTarget } from '../stack/target.ts';
import { counted } from '../text/plural.ts';
import type { BaseStack } from './base.ts';
import { CAUTION, heldBy } from './difference/stateful.ts';
import { isResource } from './is-resource.ts';
import type { BareChange, Change, StackPlan } from './model.ts';

/** Where a stack is, if that is another place than where it goes; undefined where it stays, or where nothing says where it is. Pure. */
export function leftPlace(
  before: Pick<BaseStack, 'target'> | undefined,
  { target }: { readonly target: StackTarget },
): StackTarget | undefined {
  return before?.target === undefined || isSamePlace(before.target, target) ? undefined : before.target;
}

/** A deletion of everything, as what it is where nobody deletes it: resources that stay, what holds data first. Pure. */
export function staying<T extends BareChange>(deletions: readonly T[]): T[] {
  return deletions
    .filter(isResource)
    .map((change): T => {
      const held = heldBy(change.type);
      return { ...change, action: 'forget', reasons: held === undefined ? [] : [`${CAUTION}with it stays ${held}`] };
    })
    .sort((a, b) => b.reasons.length - a.reasons.length);
}

/** What nobody may overlook of a stack that goes to another place. Pure. */
export function describeLeaving(
  from: StackTarget,
  to: StackTarget,
  created: readonly BareChange[],
  stays: readonly BareChange[],
): string {
  const held = stays.filter(({ reasons }) => reasons.length > 0).length;
  const data = held === 0 ? '' : `, ${held} of them with data`;
  const made = counted(created.filter(isResource).length, 'resource is', 'resources are');
  const left = counted(stays.length, 'stays', 'stay');
  return `${CAUTION}it leaves ${describeTarget(from)} and arrives in ${describeTarget(to)}: ${made} made there, and ${left} behind${data}, owned by nobody and paid for, unless destroyed first`;
}

/** How alike two stacks must be for one to be taken for the other under a new name. */
const ALIKE = 0.8;

interface Named {
  readonly id: StackId;
  readonly engine: string;
  readonly addresses: ReadonlySet<string>;
}

/**
 * Stacks that leave and arrive in one plan with the same resources, since an environment or a cloud was renamed: by id of either, the
 * other one. Where several come into question, none is named. Pure.
 */
export function renamedStacks(leaving: readonly Named[], arriving: readonly Named[]): ReadonlyMap<StackId, StackId> {
  const pairs = new Map<StackId, StackId>();
  const fits = (a: Named, b: Named): boolean =>
    a.engine === b.engine && roleOf(a.id) === roleOf(b.id) && likeness(a.addresses, b.addresses) >= ALIKE;
  for (const each of leaving) {
    const [other, ...more] = arriving.filter((one) => fits(each, one));
    if (other === undefined || more.length > 0 || leaving.filter((one) => fits(one, other)).length > 1) continue;
    pairs.set(each.id, other.id).set(other.id, each.id);
  }
  return pairs;
}

/** What a stack is to its owner: the same for the networks of all environments, and for one lease wherever it is. */
function roleOf(id: StackId): string {
  const { kind, lease, isPart } = partsOf(id);
  return isPart ? `${kind} ${lease ?? ''}` : '';
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((each) => b.has(each)).length;
  const all = a.size + b.size - both;
  return all === 0 ? 0 : both / all;
}

/** Says of two stacks that are one under two names that nothing is moved. Pure. */
export function toldAsRenamed(plans: readonly StackPlan[], pairs: ReadonlyMap<StackId, StackId>): StackPlan[] {
  return plans.map((plan) => {
    const other = pairs.get(plan.id);
    if (other === undefined) return plan;
    const isArriving = plan.changes.some(({ action }) => action === 'create');
    const count = counted(plan.changes.filter(isResource).length, 'resource');
    const told = isArriving
      ? `${CAUTION}it arrives in the place of ${other}, which leaves: the same resources under another name, ${count} made anew; nothing is moved`
      : `${CAUTION}it leaves, and ${other} arrives: the same resources under another name; nothing is moved, and what it holds is not taken along`;
    return { ...plan, reason: plan.reason === undefined ? told : `${told}. ${plan.reason}` };
  });
}

/** Addresses of the resources that changes are about. */
export function addressesOf(changes: readonly Pick<Change, 'address' | 'type'>[]): Set<string> {
  return new Set(changes.filter(isResource).map(({ address }) => address));
}
