import type { Colors } from 'picocolors/types.js';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import { describeRestarts } from '../difference/restarts.ts';
import { CAUTION } from '../difference/stateful.ts';
import { unmanagedLines } from '../difference/unmanaged.ts';
import { isResource } from '../is-resource.ts';
import type { Action, Change, Plan } from '../model.ts';
import { type ChangeGroup, describeCounts, describeIds, groupStacks, type StackGroup, showsValues } from './group.ts';
import {
  approvalTexts,
  behindText,
  costRows,
  costText,
  describeBase,
  describeTargets,
  findingText,
  listingOf,
  type Note,
  notesOf,
  sortedFindings,
  summaryParts,
  verdictOf,
} from './overview.ts';
import { head } from './values/excerpt.ts';
import { type Row, rowsOf } from './values/rows.ts';

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

/** Addresses of changes that are alike, up to this many lines of them. */
const ALIKE_LINES = 3;
/** Longer text of people or clouds is cut: nobody reads on, and wrapping it takes long. */
const LONGEST = 4000;

export interface TextOptions {
  readonly colors: Colors;
  /** Lists every created resource and every folded change, not only their number. */
  readonly verbose: boolean;
  /** Width of the terminal. @default 100 */
  readonly columns?: number;
}

/** The plan for a terminal: what destroys first, equal plans once, creations folded by type; what it means and what it takes last. */
export function renderText(plan: Plan, options: TextOptions): string {
  const { bold, dim } = options.colors;
  const lines: string[] = [];
  for (const group of groupStacks(plan, options)) lines.push(...renderStack(group, plan, options), '');
  const unchanged = plan.stacks.filter((stack) => stack.status === 'unchanged').length;
  if (unchanged > 0) lines.push(dim(`${counted(unchanged, 'stack')} unchanged`), '');
  lines.push(...renderMeaning(plan, options));
  const { actions, others } = summaryParts(plan);
  lines.push(
    bold(`Plan: ${actions.toReversed().join(', ')}.`) + (others.length > 0 ? ` ${others.join(', ')}.` : ''),
    ...wrapped(`Base: ${describeBase(plan.base)}. Digest: ${plan.digest.slice(0, 19)}.`, options, dim, 0),
  );
  const behind = behindText(plan.base);
  if (behind !== undefined) lines.push(...wrapped(behind, options, options.colors.yellow, 0));
  return `${lines.join('\n')}\n`;
}

/** What the plan does beside its changes, what rules say of it, and what it takes to deploy it; each part followed by an empty line. */
function renderMeaning(plan: Plan, options: TextOptions): string[] {
  const { cyan, yellow, red, dim } = options.colors;
  const findings = sortedFindings(plan).flatMap((finding) => {
    const paint = { denied: red, warning: yellow, overridden: dim }[verdictOf(finding)] ?? yellow;
    return wrapped(`${verdictOf(finding)} by ${finding.rule}: ${findingText(finding)}`, options, paint, 0);
  });
  const cost = costText(plan);
  const parts = [
    [...findings, ...(plan.elsewhere ?? []).flatMap(({ text }) => wrapped(text, options, dim, 0))],
    plan.impact.flatMap(({ fleet, text }) => wrapped(`${fleet}: ${text}`, options, yellow, 0)),
    plan.availability.flatMap((line) => wrapped(line, options, cyan, 0)),
    unmanagedLines(plan).map((line) => yellow(printableLine(line))),
    cost === undefined
      ? []
      : [
          ...wrapped(`Cost: ${cost}`, options, (text) => text, 0),
          ...costLines(plan).map((line) => dim(head(printableLine(line), options.columns ?? 100))),
        ],
    approvalTexts(plan).flatMap((text) => wrapped(`Needs approval: ${text}`, options, yellow, 0)),
  ];
  return parts.flatMap((part) => (part.length > 0 ? [...part, ''] : []));
}

/** What each part costs, below the name of its stack. */
function costLines(plan: Plan): string[] {
  return [...Map.groupBy(costRows(plan), ([stack]) => stack)].flatMap(([stack, rows]) => [
    `  ${stack}`,
    ...table(
      rows.map(([, what, quantity, amount]) => [what, amount, quantity]),
      { indent: 4, right: [1] },
    ),
  ]);
}

function renderStack(group: StackGroup, plan: Plan, options: TextOptions): string[] {
  const { stack, ids } = group;
  const { bold, dim } = options.colors;
  const counts = describeCounts(stack.changes);
  const each = ids.length > 1 ? ', each' : '';
  const { whole, listed, folded, noise } = listingOf(stack, options);
  const title = wrap(describeIds(ids), options.columns ?? 100);
  const said = whole === undefined && counts !== '' ? `  ${dim(counts + each)}` : '';
  const lines = title.map((line, at) => bold(line) + (at === title.length - 1 ? said : ''));
  const target = describeTargets(group, plan);
  if (target !== '') lines.push(...wrapped(`in ${target}`, options, dim));
  for (const note of notesOf(stack)) lines.push(...renderNote(note, options));
  if (whole !== undefined) lines.push(...renderNote({ ...whole, text: whole.text + each }, options));
  for (const change of listed) lines.push(...renderGroup(change, options));
  lines.push(...renderFolded(folded, options));
  if (noise > 0) lines.push(dim(`  ${noise} more with only hashes, metadata or order changed`));
  return lines;
}

function renderNote({ level, text }: Note, options: TextOptions): string[] {
  const { red, yellow, dim } = options.colors;
  return wrapped(text, options, { bad: red, warn: yellow, info: dim }[level]);
}

/** Creations by type: `+ 14 openstack_compute_instance_v2`. */
function renderFolded(created: readonly Change[], { colors }: TextOptions): string[] {
  const byType = Map.groupBy(created, (change) => change.type);
  const width = Math.max(...[...byType.values()].map((each) => String(each.length).length), 2);
  return [...byType]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, each]) => {
      const line = `  + ${String(each.length).padStart(width)} ${printableLine(type)}`;
      return each.every(isResource) ? colors.green(line) : colors.dim(line);
    });
}

function renderGroup({ change, addresses }: ChangeGroup, options: TextOptions): string[] {
  const { colors } = options;
  const paint = painterOf(change.action, colors);
  const address = head(change.address, 200);
  const lines = [withSource(paint, `${MARKS[change.action].padEnd(3)} ${address}`, change, options)];
  const others = addresses.slice(1);
  if (others.length > 0) {
    const names = wrapped(`+ ${others.length} alike: ${namesOf(others, change.type)}`, options, paint, 6);
    lines.push(
      ...names.slice(0, ALIKE_LINES),
      ...(names.length > ALIKE_LINES && !options.verbose ? [paint('        …')] : names.slice(ALIKE_LINES)),
    );
  }
  for (const reason of change.reasons) {
    const emphasis = reason.startsWith(CAUTION) ? (text: string) => colors.bold(colors.red(text)) : colors.dim;
    lines.push(...wrapped(reason, options, emphasis, 6));
  }
  if (change.findings.length > 0)
    lines.push(...wrapped(`see ${change.findings.join(', ')} below`, options, colors.yellow, 6));
  if (showsValues(change) || options.verbose) lines.push(...renderAttributes(change, options));
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
  const commit = source.commit === undefined ? '' : `@${source.commit.slice(0, 7)}`;
  const at = printableLine(`${source.file}:${source.line}${commit}`);
  const room = columns - text.length - at.length - 2;
  return room >= 2
    ? `  ${paint(text)}${' '.repeat(room)}${colors.dim(at)}`
    : `  ${paint(text)}\n      ${colors.dim(at)}`;
}

function renderAttributes(change: Change, { colors, columns = 100 }: TextOptions): string[] {
  const width = Math.max(columns - 12, 40);
  return change.attributes.flatMap((each) => {
    const rows = rowsOf(each, { width, arrow: width });
    const forces = each.forcesReplacement && change.action === 'replace' ? colors.red('  forces replacement') : '';
    return rows.map((row, index) => {
      const paint = { '-': colors.red, '+': colors.green, ' ': colors.dim, '@': (text: string) => text }[row.sign];
      return `      ${paint(rowText(row))}${index === 0 ? forces : ''}`;
    });
  });
}

function rowText({ sign, depth, text }: Row): string {
  return `${'  '.repeat(depth)}${sign === '@' ? '' : `${sign} `}${text}`;
}

/** Addresses of one type without saying it again. */
function namesOf(addresses: readonly string[], type: string): string {
  return addresses
    .map((address) => (address.startsWith(`${type}.`) ? address.slice(type.length + 1) : address))
    .join(', ');
}

function wrapped(text: string, { columns = 100 }: TextOptions, paint: (text: string) => string, indent = 2): string[] {
  return wrap(head(text, LONGEST), columns - indent).map((line) => ' '.repeat(indent) + paint(line));
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
