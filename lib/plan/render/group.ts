import { abbreviateIds, compareIds, ownNameOf, type StackId } from '../../stack/id.ts';
import { counted } from '../../text/plural.ts';
import { canonical } from '../difference/json.ts';
import { isResource } from '../is-resource.ts';
import { ACTIONS, type Action, type Change, type Plan, type StackPlan } from '../model.ts';

/** Stacks whose plans are the same, shown once. */
export interface StackGroup {
  /** The first by id: the one that is shown. */
  readonly stack: StackPlan;
  readonly ids: readonly StackId[];
}

/** Changes of one stack that differ only in their address. */
export interface ChangeGroup {
  readonly change: Change;
  readonly addresses: readonly string[];
}

/** Stacks with something to say, what destroys first, equal ones together. */
export function groupStacks(plan: Plan): StackGroup[] {
  const groups = new Map<string, { stack: StackPlan; ids: StackId[] }>();
  for (const stack of plan.stacks) {
    if (stack.status === 'unchanged') continue;
    const key = signatureOf(stack);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { stack, ids: [stack.id] });
    else known.ids.push(stack.id);
  }
  return [...groups.values()].sort(
    (a, b) => severityOf(a.stack) - severityOf(b.stack) || compareIds(a.stack.id, b.stack.id),
  );
}

/** Equal for plans that say the same: values that hold the stack's own name count as equal. */
export function signatureOf(stack: StackPlan): string {
  const own = ownNameOf(stack.id);
  const changes = stack.changes.map(({ source, ...rest }) => [rest, source?.file === undefined ? null : source.line]);
  const { engine, status, reason = null, ahead = null, after = null, unresolvedInputs } = stack;
  const text = canonical([engine, status, reason, ahead, after, unresolvedInputs, changes]);
  return own.length < 3 ? text : text.replaceAll(new RegExp(`(?<![a-z0-9])${own}(?![a-z0-9])`, 'g'), '*');
}

/** Equal changes of neighbours together; the order stays. */
export function groupChanges(changes: readonly Change[]): ChangeGroup[] {
  const groups = new Map<string, { change: Change; addresses: string[] }>();
  for (const change of changes) {
    const { address, source: _source, ...rest } = change;
    const key = canonical(rest);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { change, addresses: [address] });
    else known.addresses.push(address);
  }
  return [...groups.values()];
}

function severityOf(stack: StackPlan): number {
  if (stack.status === 'error') return 0;
  const worst = Math.min(...stack.changes.map((change) => ACTIONS.indexOf(change.action)), ACTIONS.length);
  if (worst <= ACTIONS.indexOf('replace')) return 1;
  if (stack.status === 'unknown-here') return 2;
  return 3 + worst;
}

/** How many of each action, in the order that people want to read them; noise and settings apart. */
export function countActions(changes: readonly Change[]): {
  actions: [Action, number][];
  settings: number;
  noise: number;
} {
  const real = changes.filter((change) => !change.noise);
  const resources = real.filter(isResource);
  const actions = ACTIONS.map((action): [Action, number] => [
    action,
    resources.filter((change) => change.action === action).length,
  ]);
  return {
    actions: actions.filter(([, count]) => count > 0),
    settings: real.length - resources.length,
    noise: changes.length - real.length,
  };
}

/** `2 to replace, 3 to update, 1 other`. */
export function describeCounts(changes: readonly Change[]): string {
  const { actions, settings } = countActions(changes);
  const parts = actions.map(([action, count]) => `${count} to ${action}`);
  if (settings > 0) parts.push(counted(settings, 'setting'));
  return parts.join(', ');
}

/** `openstack/paris/dev/alice, bruno and 3 more`: ids with what they share said once. */
export function describeIds(ids: readonly StackId[], maximum: number = 6): string {
  const more = ids.length - maximum;
  return abbreviateIds(ids).slice(0, maximum).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
