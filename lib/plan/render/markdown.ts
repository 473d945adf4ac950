import { isDisruptive, type Plan } from '../model.ts';
import { describeIds, groupChanges, groupStacks, type StackGroup } from './group.ts';
import { changeItem, type Depth, type Link, stackDetails } from './markdown/details.ts';
import { hidden, plain } from './markdown/escape.ts';
import { summaryTable } from './markdown/summary.ts';
import { describeBase } from './text.ts';

/** GitHub takes 65,536 characters; other hosts count bytes. */
export const MAXIMUM_CHARACTERS = 60_000;
export const MAXIMUM_BYTES = 200_000;
/** Destroying changes that are listed at the top. */
const SHOWN_DESTROYS = 40;

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
}

/**
 * The plan for a pull request: what destroys first, a table of stacks by environment, then each stack folded. Keeps to what a
 * comment may hold, and says where it had to leave something out: such a text is not for approval.
 */
export function renderMarkdown(plan: Plan, context: ReviewContext): string {
  const groups = groupStacks(plan);
  const parts: Parts = {
    groups,
    destroys: destroys(groups, context.link),
    table: summaryTable(plan),
    details: memoized((index, depth) => {
      const group = groups[index];
      return group === undefined ? '' : stackDetails(group, context.link, depth);
    }),
  };
  for (const depths of depthsOf(groups)) {
    const text = compose(plan, parts, depths, context);
    if (fits(text)) return text;
  }
  return compose(plan, { ...parts, table: [] }, [], context);
}

/** What a text is put together from; each is made once, however often the text is cut. */
interface Parts {
  readonly groups: readonly StackGroup[];
  readonly destroys: readonly string[];
  readonly table: readonly string[];
  readonly details: (index: number, depth: Depth) => string;
}

function memoized(make: (index: number, depth: Depth) => string): Parts['details'] {
  const known = new Map<string, string>();
  return (index, depth) => {
    const key = `${index} ${depth}`;
    const text = known.get(key) ?? make(index, depth);
    known.set(key, text);
    return text;
  };
}

function fits(text: string): boolean {
  return text.length <= MAXIMUM_CHARACTERS && Buffer.byteLength(text) <= MAXIMUM_BYTES;
}

/** First everything; then values go from the last stacks on, then their changes: what destroys comes first and is kept longest. */
function* depthsOf(groups: readonly StackGroup[]): Generator<Depth[]> {
  yield groups.map(() => 'full');
  for (const less of ['changes', 'name'] as const) {
    const more = less === 'changes' ? 'full' : 'changes';
    for (let kept = groups.length; kept >= 1; kept = Math.floor(kept * 0.8))
      yield groups.map((_, index) => (index < kept - 1 ? more : less));
    yield groups.map(() => less);
  }
}

function compose(plan: Plan, parts: Parts, depths: readonly Depth[], context: ReviewContext): string {
  const cut = parts.groups.length - depths.filter((depth) => depth === 'full').length;
  const { create, update, interrupt, replace, delete: destroy, other } = plan.summary;
  const marker = { tool: 'tandem', target: 'plan', commit: context.commit, digest: plan.digest, truncated: cut > 0 };
  const others = other > 0 ? `, ${other} other` : '';
  const interrupted = interrupt > 0 ? `${interrupt} to interrupt, ` : '';
  const truncated = [
    '> [!WARNING]',
    `> This text is truncated: ${cut} of the plans are not shown in full. Do not approve from it; \`tandem plan\` shows all.`,
    '',
  ];
  return [
    hidden('tandem-plan', marker),
    `### Plan: ${destroy} to delete, ${replace} to replace, ${interrupted}${update} to update, ${create} to create${others}`,
    '',
    ...parts.destroys,
    ...parts.table,
    '',
    ...availability(plan, context),
    ...(cut > 0 ? truncated : []),
    ...depths.flatMap((depth, index) => [parts.details(index, depth), '']),
    footer(plan, context),
    '',
  ].join('\n');
}

function destroys(groups: readonly StackGroup[], link: Link): string[] {
  const items = groups.flatMap(({ stack, ids }) =>
    groupChanges(stack.changes.filter(({ action }) => isDisruptive(action))).map(
      (group) => `${changeItem(group, link).join('')} in ${plain(describeIds(ids))}`,
    ),
  );
  if (items.length === 0) return [];
  const more = items.length > SHOWN_DESTROYS ? [`> - and ${items.length - SHOWN_DESTROYS} more`] : [];
  return [
    '> [!CAUTION]',
    '> This destroys, replaces or interrupts:',
    ...items.slice(0, SHOWN_DESTROYS).map((item) => `> ${item}`),
    ...more,
    '',
  ];
}

/** What would fall if it failed now, once what is planned is there. */
function availability(plan: Plan, { picture }: ReviewContext): string[] {
  const items = plan.availability.map((line) => {
    const at = picture?.(line.slice(0, Math.max(0, line.indexOf(':'))));
    return `- ${plain(line)}${at === undefined ? '' : ` ([picture](${at}))`}`;
  });
  return items.length === 0 ? [] : ['**Availability**', '', ...items, ''];
}

function footer(plan: Plan, { commit, isDirty, at }: ReviewContext): string {
  const from =
    commit === '' ? 'no commit' : `commit ${commit.slice(0, 10)}${isDirty ? ' with uncommitted changes' : ''}`;
  const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
  return `<sub>Tandem, ${from} against ${describeBase(plan.base)}, ${time}, digest \`${plan.digest}\`</sub>`;
}
