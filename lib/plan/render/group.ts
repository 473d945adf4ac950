import { abbreviateIds, compareIds, partsOf, type StackId } from '../../stack/id.ts';
import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import { isResource } from '../is-resource.ts';
import { ACTIONS, type Action, type Change, type Plan, type StackPlan } from '../model.ts';
import { type Neutral, neutralOf } from './neutral.ts';

/** Stacks whose plans are the same, shown once. */
export interface StackGroup {
  /** The first by id: the one that is shown. Of several, without the lines of files that are only one's own. */
  readonly stack: StackPlan;
  readonly ids: readonly StackId[];
}

/** Changes of one stack that differ only in their address. */
export interface ChangeGroup {
  readonly change: Change;
  readonly addresses: readonly string[];
}

export interface GroupOptions {
  /** Whether what comes and goes is shown with its values: then stacks are equal only where those are. @default false */
  readonly verbose?: boolean;
}

/** Stacks with something to say, what destroys first, equal ones together. */
export function groupStacks(plan: Plan, options: GroupOptions = {}): StackGroup[] {
  const stacks = plan.stacks.filter((stack) => stack.status !== 'unchanged' || (stack.after ?? []).length > 0);
  return [...Map.groupBy(stacks, (stack) => signatureOf(stack, options)).values()]
    .flatMap(([stack, ...others]): StackGroup[] => {
      if (stack === undefined) return [];
      const ids = [stack.id, ...others.map(({ id }) => id)];
      return [{ stack: others.length > 0 ? withoutOwnLines(stack) : stack, ids }];
    })
    .sort((a, b) => severityOf(a.stack) - severityOf(b.stack) || compareIds(a.stack.id, b.stack.id));
}

function withoutOwnLines(stack: StackPlan): StackPlan {
  const { isOwnFile } = neutralOf(stack);
  const changes = stack.changes.map((change) =>
    change.source !== null && isOwnFile(change.source.file) ? { ...change, source: null } : change,
  );
  return { ...stack, changes };
}

const signatures = new WeakMap<StackPlan, Map<boolean, string>>();

/** Equal for plans that show the same but for the stack's own names. Targets apart: a group says where each of it goes. */
export function signatureOf(stack: StackPlan, { verbose = false }: GroupOptions = {}): string {
  const known = signatures.get(stack) ?? new Map<boolean, string>();
  const found = known.get(verbose) ?? signature(stack, verbose);
  signatures.set(stack, known.set(verbose, found));
  return found;
}

function signature(stack: StackPlan, verbose: boolean): string {
  const neutral = neutralOf(stack);
  const { engine, status, whole, reason, unresolvedInputs, inputs = [], after, leaves, ahead } = stack;
  const texts = [reason, ...unresolvedInputs.flatMap(({ name, from }) => [name, from])];
  for (const { name, from, value } of inputs) texts.push(name, from, value);
  for (const each of after ?? []) texts.push(each.stack, each.reason);
  return JSON.stringify([
    ...[engine, status, whole, ahead, leaves?.changes.map(({ action, type }) => [action, type])],
    texts.map((text) => (text === undefined ? null : neutral.text(text))),
    stack.changes.map((change) => neutralChange(change, neutral, verbose)),
  ]);
}

function neutralChange(change: Change, neutral: Neutral, verbose: boolean): unknown {
  const { source, reasons, attributes, ...rest } = change;
  const line = source === null || neutral.isOwnFile(source.file) ? null : source;
  const shown = verbose || showsValues(change) ? attributes.map(neutral.attribute) : [];
  // What is folded is only counted.
  return change.noise && !verbose ? null : [rest, line, reasons.map(neutral.text), shown];
}

/** Whether the values of a change are shown: of what stays. What comes or goes is shown by its address. */
export function showsValues({ action }: Pick<Change, 'action'>): boolean {
  return action === 'update' || action === 'interrupt' || action === 'replace';
}

/** Changes that show the same together; the order stays. */
export function groupChanges(changes: readonly Change[], { verbose = false }: GroupOptions = {}): ChangeGroup[] {
  const groups = new Map<string, { change: Change; addresses: string[] }>();
  for (const change of changes) {
    const { address, source: _source, attributes, ...rest } = change;
    const key = JSON.stringify([rest, verbose || showsValues(change) ? attributes : []]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { change, addresses: [address] });
    else known.addresses.push(address);
  }
  return [...groups.values()];
}

function severityOf(stack: StackPlan): number {
  if (stack.status === 'error') return 0;
  const real = stack.changes.filter(({ noise }) => !noise);
  const worst = Math.min(...[...new Set(real.map(({ action }) => ACTIONS.indexOf(action)))], ACTIONS.length);
  if (stack.leaves !== undefined || stack.ahead !== undefined || worst <= ACTIONS.indexOf('replace')) return 1;
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

/** `2 to replace, 3 to update, 1 setting`. */
export function describeCounts(changes: readonly Change[]): string {
  const { actions, settings } = countActions(changes);
  const parts = actions.map(([action, count]) => `${count} to ${action}`);
  if (settings > 0) parts.push(counted(settings, 'setting'));
  return parts.join(', ');
}

/** `62 leases: openstack/paris/dev/alice, bruno and 60 more`: ids with what they share said once. */
export function describeIds(ids: readonly StackId[], maximum: number = 6): string {
  const names = firstOf(abbreviateIds(ids), maximum);
  const isLeases = ids.length > 1 && ids.every((id) => partsOf(id).lease !== undefined);
  return isLeases ? `${ids.length} leases: ${names}` : names;
}
