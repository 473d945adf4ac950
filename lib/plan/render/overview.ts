import { describeTarget } from '../../stack/target.ts';
import { counted, plural } from '../../text/plural.ts';
import { describeAhead } from '../ahead.ts';
import { CAUTION } from '../difference/stateful.ts';
import type { Change, Finding, Plan, PlanBase, StackPlan } from '../model.ts';
import { type ChangeGroup, type GroupOptions, groupChanges, type StackGroup } from './group.ts';
import { describeHolders } from './holders.ts';
import { neutralOf } from './neutral.ts';

/** What is said of a stack before its changes. `bad`: nobody may overlook it. */
export interface Note {
  readonly level: 'bad' | 'warn' | 'info';
  readonly text: string;
}

/** How many of each action, what destroys first, and what else changes: `0 to delete`, `1 to replace`; `5 other changes`. */
export function summaryParts({ summary }: Plan): {
  readonly actions: readonly string[];
  readonly others: readonly string[];
} {
  const { create, update, interrupt, replace, delete: destroy, other, noise } = summary;
  const interrupted = interrupt > 0 ? [`${interrupt} to interrupt`] : [];
  return {
    actions: [
      `${destroy} to delete`,
      `${replace} to replace`,
      ...interrupted,
      `${update} to update`,
      `${create} to create`,
    ],
    others: [
      ...(other > 0 ? [counted(other, 'other change')] : []),
      ...(noise > 0 ? [`${noise} of only hashes, metadata or order`] : []),
    ],
  };
}

/** What the plan compares with, and what the branch has that this checkout lacks. */
export function describeBase({ kind, ref, branch }: PlanBase): string {
  if (kind === 'empty') return 'empty state';
  if (kind === 'record') return 'the record of the last deployment';
  if (kind === 'live') return 'the live clouds';
  const commit = `commit ${ref.slice(0, 10)}`;
  return branch === undefined ? commit : `${commit}, where this checkout left ${branch.name}`;
}

/** That the branch went on meanwhile; undefined where it did not. */
export function behindText({ branch }: PlanBase): string | undefined {
  if (branch === undefined || branch.behind === 0) return undefined;
  const { behind, name } = branch;
  return `This checkout is ${counted(behind, 'commit')} behind ${name}: what ${plural(behind, 'it changes', 'they change')} is not in this plan. Merge ${name} before you deploy.`;
}

/** Where the stacks of a group go, said once where it is the same place but for their own names. */
export function describeTargets({ ids }: StackGroup, plan: Plan): string {
  const own = new Set(ids);
  const byTarget = new Map<string, { readonly id: string; readonly target: string }[]>();
  for (const stack of plan.stacks) {
    if (!own.has(stack.id) || stack.target === undefined) continue;
    const target = describeTarget(stack.target);
    const key = ids.length > 1 ? neutralOf(stack).text(target) : target;
    byTarget.set(key, [...(byTarget.get(key) ?? []), { id: stack.id, target }]);
  }
  const shown = ([key, [first, ...others]]: [string, readonly { readonly target: string }[]]): string =>
    first !== undefined && others.every(({ target }) => target === first.target) ? first.target : key;
  if (byTarget.size <= 1) return [...byTarget].map(shown)[0] ?? '';
  const places = [...byTarget].map(
    (each) =>
      `${each[1].length > 2 ? counted(each[1].length, 'stack') : each[1].map(({ id }) => id).join(', ')}: ${shown(each)}`,
  );
  return [
    ...places.slice(0, PLACES),
    ...(places.length > PLACES ? [`${places.length - PLACES} more places`] : []),
  ].join('; ');
}

/** Targets of one group that are named. */
const PLACES = 4;

/** `project, gateway_1_port from openstack/paris/link-addresses; TunnelAddress11 from aws/prod/link`. */
function describeInputs(inputs: StackPlan['unresolvedInputs']): string {
  return [...Map.groupBy(inputs, ({ from }) => from)]
    .map(([from, own]) => `${own.map(({ name }) => name).join(', ')} from ${from}`)
    .join('; ');
}

export function notesOf(stack: StackPlan): Note[] {
  const notes: Note[] = [];
  const say = (level: Note['level'], text: string): unknown => notes.push({ level, text });
  if (stack.ahead !== undefined) say(stack.ahead.unknown === undefined ? 'bad' : 'warn', describeAhead(stack.ahead));
  if (stack.leaves !== undefined) {
    const { target, changes } = stack.leaves;
    say(
      'bad',
      `it leaves ${describeTarget(target)} and is made anew in ${describeTarget(stack.target ?? {})}. Stays behind, paid for and owned by nobody, unless it is destroyed first: ${describeHolders(changes)}`,
    );
  }
  if (stack.status === 'waiting') say('warn', `waits for ${describeInputs(stack.unresolvedInputs)}`);
  for (const { name, value, from } of stack.inputs ?? []) say('info', `takes ${name} ${value} from ${from}`);
  for (const { stack: other, reason } of stack.after ?? []) say('warn', `planned again after ${other}: ${reason}`);
  if (stack.status === 'unknown-here') say('warn', `unknown here, so nothing is destroyed: ${stack.reason ?? ''}`);
  else if (stack.status === 'error') say('bad', `error: ${stack.reason ?? ''}`);
  else if (stack.reason !== undefined && stack.leaves === undefined)
    say(stack.reason.startsWith(CAUTION) ? 'bad' : 'info', stack.reason);
  return notes;
}

/** What of a stack is listed, what is folded by type, and what is only counted. */
export interface Listing {
  /** Said of a stack that comes or goes as a whole, instead of its resources. */
  readonly whole?: Note;
  readonly listed: readonly ChangeGroup[];
  readonly folded: readonly Change[];
  readonly noise: number;
}

export function listingOf(stack: StackPlan, options: GroupOptions = {}): Listing {
  // Several renderers ask, some more than once: comparing changes takes long.
  const { verbose = false } = options;
  const known = listings.get(stack) ?? new Map<boolean, Listing>();
  const found = known.get(verbose) ?? makeListing(stack, verbose);
  listings.set(stack, known.set(verbose, found));
  return found;
}

const listings = new WeakMap<StackPlan, Map<boolean, Listing>>();

function makeListing(stack: StackPlan, verbose: boolean): Listing {
  const real = stack.changes.filter(({ noise }) => verbose || !noise);
  const whole = verbose || stack.whole === undefined ? undefined : wholeNote(stack.whole, real);
  const isFolded = (change: Change): boolean =>
    !verbose && (whole === undefined ? isPlainCreate(change) : isPlain(change));
  return {
    ...(whole === undefined ? {} : { whole }),
    listed: groupChanges(
      real.filter((change) => !isFolded(change)),
      { verbose },
    ),
    folded: whole === undefined ? real.filter(isFolded) : [],
    noise: verbose ? 0 : stack.changes.length - real.length,
  };
}

function wholeNote(whole: 'new' | 'gone', changes: readonly Change[]): Note {
  if (whole === 'new') return { level: 'info', text: `new: ${describeHolders(changes, ['of them ', ''])}` };
  const kept = changes.filter(({ action }) => action === 'forget').length;
  const stay =
    kept > 0
      ? `; ${kept} more ${plural(kept, 'stays', 'stay')} in the cloud, and no stack has ${plural(kept, 'it', 'them')} then`
      : '';
  const lost = changes.filter(({ action }) => action === 'delete');
  return { level: 'bad', text: `${CAUTION}gone: all of it, ${describeHolders(lost)}${stay}` };
}

/** A creation that says nothing but that it is one. */
function isPlainCreate({ action, reasons, findings }: Change): boolean {
  return action === 'create' && reasons.length === 0 && findings.length === 0;
}

/** The same of what comes or goes with its stack, whose loss is said there. */
function isPlain({ action, reasons, findings }: Change): boolean {
  if (action === 'forget') return true;
  const isOwn = (reason: string): boolean => action === 'delete' && /^CAUTION: it takes .* with it$/.test(reason);
  return (action === 'create' || action === 'delete') && reasons.every(isOwn) && findings.length === 0;
}

/** Findings, what denies first, what is overridden last. */
export function sortedFindings({ findings }: Plan): Finding[] {
  const rank = ({ level, override }: Finding): number => (override !== undefined ? 2 : level === 'deny' ? 0 : 1);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

/** `denied`, `warning` or `overridden`. */
export function verdictOf({ level, override }: Finding): string {
  return override !== undefined ? 'overridden' : level === 'deny' ? 'denied' : 'warning';
}

/** Where a finding is, and why, in a sentence. */
export function findingText({ stack, address, reason, override, owner }: Finding): string {
  const where = [stack, address].filter((each) => each !== undefined && each !== '').join(' ');
  const told = where === '' ? reason : `${where}: ${reason}`;
  if (override === undefined) return told;
  return `${told} (overridden${owner === null ? '' : ` by ${owner}`} until ${override.expires.slice(0, 10)}: ${override.reason})`;
}

/** What is paid a month, before and after; undefined where nothing changes it. */
export function costText({ cost }: Plan): string | undefined {
  if (cost === null) return undefined;
  const { before, after, currency } = cost.monthly;
  const more = after - before;
  const without = cost.unpriced.length > 0 ? `; without a price: ${cost.unpriced.join(', ')}` : '';
  const least = cost.least === undefined ? '' : ` (at its minimum, ${money(cost.least.after)})`;
  const basis = cost.basis === undefined ? '' : `${cost.basis}${least}, `;
  return `${money(before)} -> ${money(after)} ${currency} a month (${more < 0 ? '-' : '+'}${money(Math.abs(more))}), ${basis}at prices of ${cost.asOf === '' ? 'an unknown day' : cost.asOf}${without}`;
}

/** Parts are told where this many stacks differ at most; of more, the sums say enough. */
const PRICED_STACKS = 4;

/** What each part costs a month that does not cost what it did, a row each: stack, part, quantity, amount; the others together. */
export function costRows({ cost }: Plan): [stack: string, what: string, quantity: string, amount: string][] {
  const stacks = cost?.stacks ?? [];
  if (stacks.length > PRICED_STACKS) return [];
  return stacks.flatMap(({ stack, before, parts = [] }) => {
    const same = parts.filter((part) => part.before === part.after);
    const rest = { what: 'unchanged', quantity: same.map(({ what }) => what).join(', ') };
    const sum = same.reduce((total, { after }) => total + after, 0);
    const rows = parts.filter((part) => part.before !== part.after);
    const others = same.length === 0 ? [] : [{ ...rest, before: sum, after: sum }];
    return [...rows, ...others].map((row): [string, string, string, string] => {
      const isOne = before === 0 || row.before === row.after;
      return [stack, row.what, row.quantity, isOne ? money(row.after) : `${money(row.before)} -> ${money(row.after)}`];
    });
  });
}

function money(amount: number): string {
  return amount.toFixed(2).replace(/\B(?=(?:\d{3})+(?!\d))/g, ',');
}

/** `2 of operators, because …`: who must approve. */
export function approvalTexts({ approvals }: Plan): string[] {
  return approvals.map(
    ({ rule, reason, count, of }) =>
      `${count} of ${of.length === 0 ? 'all approvers' : of.join(', ')}, because ${reason} (${rule})`,
  );
}
