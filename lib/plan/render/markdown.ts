import { hidden, linked, plain } from '../../text/markdown.ts';
import { isDisruptive, type Plan } from '../model.ts';
import { describeCounts, groupStacks, type StackGroup } from './group.ts';
import { type Depth, destroyItems, type Link, stackDetails } from './markdown/details.ts';
import { LIMITS, type Limit, sizeOf } from './markdown/limit.ts';
import { meaning, meaningInShort } from './markdown/meaning.ts';
import { summaryTable } from './markdown/summary.ts';
import { behindText, describeBase, describeTargets, summaryParts } from './overview.ts';
import { head } from './values/excerpt.ts';

/** Destroying changes that are listed at the top, and rows of the table; the second where there is little room. */
const ITEMS = [40, 8, 0] as const;
const ROWS = [60, 12, 0] as const;
/** Characters of a sentence with names in it. */
const TEXT = 300;

export interface ReviewContext {
  /** Checked-out commit; empty outside a repository. */
  readonly commit: string;
  /** Whether the configuration has changes that are not in the commit. */
  readonly isDirty: boolean;
  readonly at: Date;
  /** Where people read a line of the configuration. */
  readonly link: Link;
  /** Where the picture of a cloud is; undefined where there is none. Linked, not shown: comments strip what is drawn in them. */
  readonly picture?: (cloud: string) => string | undefined;
  /** What a comment may hold. @default GitHub's, with a reserve */
  readonly limit?: Limit;
  /** Where the whole plan is read as a page; a truncated text links to it. @default nowhere */
  readonly pageUrl?: string | undefined;
}

/**
 * The plan for a pull request: what destroys first, a table of stacks by environment, then each stack folded. Keeps to what a
 * comment may hold, and says where it had to leave something out: such a text is not for approval.
 */
export function renderMarkdown(plan: Plan, context: ReviewContext): string {
  const groups = groupStacks(plan);
  const limit = context.limit ?? LIMITS.github;
  const items = groups.flatMap((group) => destroyItems(group, ({ action }) => isDisruptive(action), context.link));
  const table = summaryTable(plan);
  const said = meaning(plan, context);
  const details = memoized((index, depth) => {
    const group = groups[index];
    return group === undefined ? '' : stackDetails(group, describeTargets(group, plan), context.link, depth);
  });
  for (const level of [0, 1, 2]) {
    const frame = {
      items: items.slice(0, ITEMS[level]),
      all: items.length,
      table: rowsOf(table, ROWS[level] ?? 0),
      said,
    };
    for (const depths of level < 2 ? depthsOf(groups) : [[]]) {
      const cut = groups.length - depths.filter((depth) => depth === 'full').length;
      const parts = depths.map((depth, index) => details(index, depth));
      const start = top(plan, frame, cut, context, limit);
      const size = sizeOf(start)
        .plus(parts.map((part) => sizeOf(`${part}\n\n`)))
        .plus([sizeOf(footer(plan, context))]);
      if (size.fits(limit))
        return [start, ...parts.flatMap((part) => [part, '']), footer(plan, context), ''].join('\n');
    }
  }
  // Counts, and where the rest is read: that fits into every comment.
  const least = { items: [], all: items.length, table: [], said: meaningInShort(plan) };
  return [top(plan, least, groups.length, context, limit), footer(plan, context), ''].join('\n');
}

function memoized(make: (index: number, depth: Depth) => string): (index: number, depth: Depth) => string {
  const known = new Map<string, string>();
  return (index, depth) => {
    const key = `${index} ${depth}`;
    const text = known.get(key) ?? make(index, depth);
    known.set(key, text);
    return text;
  };
}

/** First everything; then values go from the last stacks on, then their changes: what destroys comes first and is kept longest. */
function* depthsOf(groups: readonly StackGroup[]): Generator<Depth[]> {
  yield groups.map(() => 'full');
  const steps = [
    ['full', 'changes'],
    ['changes', 'some'],
    ['some', 'name'],
  ] as const;
  for (const [more, less] of steps) {
    for (let kept = groups.length; kept >= 1; kept = Math.floor(kept * 0.8))
      yield groups.map((_, index) => (index < kept - 1 ? more : less));
    yield groups.map(() => less);
  }
}

/** What stands above the stacks. */
interface Frame {
  readonly items: readonly string[];
  /** How many items there are. */
  readonly all: number;
  readonly table: readonly string[];
  readonly said: readonly string[];
}

function top(plan: Plan, frame: Frame, cut: number, context: ReviewContext, limit: Limit): string {
  const marker = { tool: 'tandem', target: 'plan', commit: context.commit, digest: plan.digest, truncated: cut > 0 };
  const behind = behindText(plan.base);
  const { actions, others } = summaryParts(plan);
  const page = context.pageUrl === undefined ? '' : `[The page](${linked(context.pageUrl)}) or `;
  const truncated = [
    '> [!WARNING]',
    `> This text is truncated: ${cut} of the plans are not shown in full, since a comment holds ${limit.characters.toLocaleString('en-US')} characters. Do not approve from it; ${page}\`tandem plan\` shows all.`,
    '',
  ];
  return [
    hidden('tandem-plan', marker),
    `### Plan: ${[...actions, ...others].join(', ')}`,
    '',
    ...(behind === undefined ? [] : ['> [!IMPORTANT]', `> ${plain(head(behind, TEXT))}`, '']),
    ...destroys(plan, frame),
    ...frame.table,
    '',
    ...frame.said,
    ...(cut > 0 ? truncated : []),
  ].join('\n');
}

/** However little is listed, all of it is counted. */
function destroys(plan: Plan, { items, all }: Frame): string[] {
  if (all === 0) return [];
  const changes = plan.stacks.flatMap((stack) => stack.changes.filter(({ action }) => isDisruptive(action)));
  const counts = describeCounts(changes);
  const more = all > items.length ? [`> - and ${all - items.length} more`] : [];
  return [
    '> [!CAUTION]',
    `> This destroys, replaces or interrupts${counts === '' ? '' : ` (${counts})`}:`,
    ...items.map((item) => `> ${item}`),
    ...more,
    '',
  ];
}

/** A table with at most so many rows below its head. */
function rowsOf(table: readonly string[], rows: number): string[] {
  const more = table.length - 2 - rows;
  if (more <= 0) return [...table];
  return [...(rows === 0 ? [] : table.slice(0, 2 + rows)), '', `And ${more} more rows.`];
}

function footer(plan: Plan, { commit, isDirty, at }: ReviewContext): string {
  const from =
    commit === '' ? 'no commit' : `commit ${commit.slice(0, 10)}${isDirty ? ' with uncommitted changes' : ''}`;
  const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
  return `<sub>Tandem, ${from} against ${plain(head(describeBase(plan.base), TEXT))}, ${time}, digest \`${plan.digest}\`</sub>`;
}
