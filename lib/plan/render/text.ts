import type { Colors } from 'picocolors/types.js';
import { describeAhead } from '../ahead.ts';
import { describeRestarts } from '../difference/restarts.ts';
import { isResource } from '../is-resource.ts';
import type { Action, AttributeChange, Change, Plan, PlanBase } from '../model.ts';
import { type ChangeGroup, describeCounts, describeIds, groupChanges, groupStacks, type StackGroup } from './group.ts';
import { show } from './show.ts';

export { show } from './show.ts';

import { counted, plural } from '../../text/plural.ts';
import { wrap } from '../../text/wrap.ts';
import { CAUTION } from '../difference/stateful.ts';
import { unmanagedLines } from '../difference/unmanaged.ts';

const MARKS: Record<Action, string> = {
  create: '+',
  update: '~',
  interrupt: '!~',
  replace: '-/+',
  delete: '-',
  move: '>',
  import: '<',
  forget: '.',
};

export interface TextOptions {
  readonly colors: Colors;
  /** Lists every created resource and every folded change, not only their number. */
  readonly verbose: boolean;
  /** Width of the terminal. @default 100 */
  readonly columns?: number;
}

/** The plan for a terminal: what destroys first, equal plans once, creations folded by type. */
export function renderText(plan: Plan, options: TextOptions): string {
  const { bold, dim } = options.colors;
  const lines: string[] = [];
  for (const group of groupStacks(plan)) lines.push(...renderStack(group, options), '');
  const unchanged = plan.stacks.filter((stack) => stack.status === 'unchanged').length;
  if (unchanged > 0) lines.push(dim(`${counted(unchanged, 'stack')} unchanged`), '');
  for (const line of plan.availability) lines.push(...wrapped(line, options, options.colors.cyan, 0));
  if (plan.availability.length > 0) lines.push('');
  const notManaged = unmanagedLines(plan);
  for (const line of notManaged) lines.push(options.colors.yellow(line));
  if (notManaged.length > 0) lines.push('');
  const { create, update, interrupt, replace, delete: destroy, other } = plan.summary;
  const interrupted = interrupt > 0 ? ` ${interrupt} to interrupt,` : '';
  const others = other > 0 ? ` ${other} other ${plural(other, 'change')}.` : '';
  lines.push(
    bold(`Plan: ${create} to create, ${update} to update,${interrupted} ${replace} to replace, ${destroy} to delete.`) +
      others,
    dim(`Base: ${describeBase(plan.base)}. Digest: ${plan.digest.slice(0, 19)}.`),
  );
  return `${lines.join('\n')}\n`;
}

export function describeBase({ kind, ref, branch }: PlanBase): string {
  if (branch !== undefined)
    return `commit ${ref.slice(0, 10)}, where this checkout left ${branch.name}${branch.behind === 0 ? '' : `; it is ${counted(branch.behind, 'commit')} behind ${branch.name}`}`;
  if (kind === 'empty') return 'empty state';
  if (kind === 'record') return 'the record of the last deployment';
  return kind === 'commit' ? `commit ${ref.slice(0, 10)}` : 'the live clouds';
}

function renderStack({ stack, ids }: StackGroup, options: TextOptions): string[] {
  const { bold, yellow, red, dim } = options.colors;
  const counts = describeCounts(stack.changes);
  const each = ids.length > 1 ? ', each' : '';
  const lines = [`${bold(describeIds(ids))}${counts === '' ? '' : `  ${dim(counts + each)}`}`];
  if (stack.status === 'waiting')
    lines.push(
      yellow(`  waits for ${stack.unresolvedInputs.map((input) => `${input.name} from ${input.from}`).join('; ')}`),
    );
  if (stack.status === 'unknown-here') lines.push(...wrapped(`unknown here: ${stack.reason ?? ''}`, options, yellow));
  else if (stack.status === 'error') lines.push(...wrapped(`error: ${stack.reason ?? ''}`, options, red));
  else if (stack.reason !== undefined)
    lines.push(...wrapped(stack.reason, options, stack.reason.startsWith(CAUTION) ? (text) => bold(red(text)) : dim));
  if (stack.ahead !== undefined) lines.push(...wrapped(describeAhead(stack.ahead), options, red));
  const isListed = (change: Change) =>
    options.verbose || (!change.noise && (change.action !== 'create' || change.reasons.length > 0));
  for (const group of groupChanges(stack.changes.filter(isListed))) lines.push(...renderGroup(group, options));
  lines.push(
    ...renderFolded(
      stack.changes.filter((change) => !isListed(change) && !change.noise),
      options,
    ),
  );
  const noise = stack.changes.filter((change) => change.noise && !isListed(change)).length;
  if (noise > 0) lines.push(dim(`  ${noise} more with only hashes, metadata or order changed`));
  return lines;
}

/** Creations by type: `+ 14 openstack_compute_instance_v2`. */
function renderFolded(created: readonly Change[], { colors }: TextOptions): string[] {
  const byType = Map.groupBy(created, (change) => change.type);
  const width = Math.max(...[...byType.values()].map((each) => String(each.length).length), 2);
  return [...byType]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, each]) => {
      const line = `  + ${String(each.length).padStart(width)} ${type}`;
      return each.every(isResource) ? colors.green(line) : colors.dim(line);
    });
}

function renderGroup({ change, addresses }: ChangeGroup, options: TextOptions): string[] {
  const { colors } = options;
  const paint = painterOf(change.action, colors);
  const lines = [withSource(paint, `${MARKS[change.action].padEnd(3)} ${change.address}`, change, options)];
  const others = addresses.slice(1);
  if (others.length > 0)
    lines.push(...wrapped(`and ${others.length} alike: ${namesOf(others, change.type)}`, options, paint, 6));
  for (const reason of change.reasons)
    lines.push(
      ...wrapped(reason, options, reason.startsWith(CAUTION) ? (text) => colors.bold(colors.red(text)) : colors.dim, 6),
    );
  if (['update', 'interrupt', 'replace'].includes(change.action) || options.verbose)
    lines.push(...renderAttributes(change, options));
  const restarts = describeRestarts(change.restarts);
  if (restarts !== undefined) lines.push(...wrapped(restarts, options, colors.yellow, 6));
  return lines;
}

/** The line of the configuration stands at the right edge; where there is no room, below. */
function withSource(
  paint: Colors['red'],
  text: string,
  { source }: Change,
  { colors, columns = 100 }: TextOptions,
): string {
  if (source === null) return `  ${paint(text)}`;
  const at = `${source.file}:${source.line}${source.commit === undefined ? '' : `@${source.commit.slice(0, 7)}`}`;
  const room = columns - text.length - at.length - 2;
  return room >= 2
    ? `  ${paint(text)}${' '.repeat(room)}${colors.dim(at)}`
    : `  ${paint(text)}\n      ${colors.dim(at)}`;
}

function renderAttributes(change: Change, { colors, columns = 100 }: TextOptions): string[] {
  const width = Math.min(Math.max(0, ...change.attributes.map((each) => each.path.length)), 36);
  const room = Math.max(Math.floor((columns - width - 14) / 2), 16);
  return change.attributes.map((each) => {
    const forces = each.forcesReplacement && change.action === 'replace' ? colors.red('  forces replacement') : '';
    return `      ${`${each.path}:`.padEnd(width + 1)} ${describeValues(each, change.action, room)}${forces}`;
  });
}

function describeValues(attribute: AttributeChange, action: Action, room: number): string {
  const after = attribute.afterUnknown && action !== 'create' ? '(known after apply)' : show(attribute.after, room);
  if (action === 'create' || action === 'import') return after;
  if (action === 'delete' || action === 'forget') return show(attribute.before, room);
  if (attribute.before === null) return `+ ${after}`;
  if (attribute.after === null && !attribute.afterUnknown) return `- ${show(attribute.before, room)}`;
  return `${show(attribute.before, room)} -> ${after}`;
}

/** Addresses of one type without saying it again. */
function namesOf(addresses: readonly string[], type: string): string {
  return addresses
    .map((address) => (address.startsWith(`${type}.`) ? address.slice(type.length + 1) : address))
    .join(', ');
}

function wrapped(text: string, { columns = 100 }: TextOptions, paint: (text: string) => string, indent = 2): string[] {
  return wrap(text, columns - indent).map((line) => ' '.repeat(indent) + paint(line));
}

function painterOf(action: Action, colors: Colors): Colors['red'] {
  switch (action) {
    case 'create':
      return colors.green;
    case 'delete':
    case 'replace':
    case 'interrupt':
      return colors.red;
    case 'move':
    case 'import':
      return colors.cyan;
    case 'update':
    case 'forget':
      return colors.yellow;
  }
}
