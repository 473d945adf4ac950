import { code, fenced, linked, plain } from '../../../text/markdown.ts';
import { describeRestarts } from '../../difference/restarts.ts';
import { CAUTION } from '../../difference/stateful.ts';
import type { Change, Source } from '../../model.ts';
import { type ChangeGroup, describeCounts, describeIds, type StackGroup, showsValues } from '../group.ts';
import { listingOf, notesOf } from '../overview.ts';
import { head } from '../values/excerpt.ts';
import { rowsOf } from '../values/rows.ts';

export type Link = (source: Source) => string;

/** How much of a stack is shown: everything, its changes without values, the first of them, or only that it is there. */
export type Depth = 'full' | 'changes' | 'some' | 'name';

/** Changes that `some` shows. */
const SOME = 12;
/** Characters of a value, and of a reason or an address; whoever needs more reads the page. */
const VALUE = 200;
const TEXT = 1000;

/** One stack, or several with the same plan. @param target - Where it goes; empty where that is not known */
export function stackDetails(group: StackGroup, target: string, link: Link, depth: Depth): string {
  const { stack, ids } = group;
  const each = ids.length > 1 ? ', each' : '';
  const { whole, listed, folded, noise } = listingOf(stack);
  const counts = whole === undefined ? describeCounts(stack.changes) : whole.text.replace(CAUTION, '');
  const title = `<b>${plain(describeIds(ids))}</b>${counts === '' ? '' : `: ${plain(counts)}${each}`}`;
  if (depth === 'name') return `- ${title} (not shown: the plan is too long for a comment)`;
  const shown = depth === 'some' ? listed.slice(0, SOME) : listed;
  const items = [...shown.map((change) => changeItem(change, link)), ...createdItems(folded, link)];
  if (shown.length < listed.length)
    items.push(`- and ${listed.length - shown.length} more changes: the plan is too long for a comment`);
  if (noise > 0) items.push(`- ${noise} more with only hashes, metadata or order changed`);
  const diff = depth === 'full' ? listed.flatMap(diffLines) : [];
  return [
    `<details><summary>${title}</summary>`,
    '',
    ...(target === '' ? [] : [`In ${plain(target)}.`, '']),
    ...notesOf(stack).flatMap(({ level, text }) => [`${level === 'info' ? '' : '⚠️ '}${plain(head(text, TEXT))}`, '']),
    ...items,
    ...(diff.length > 0 ? ['', ...fenced('diff', diff)] : []),
    ...(depth === 'full' || listed.length === 0
      ? []
      : ['', '*Values are left out: the plan is too long for a comment.*']),
    '',
    '</details>',
  ].join('\n');
}

/** A change in one line, with its line of configuration and what has to be known of it. @param where - The stacks, if they are not said above */
function changeItem({ change, addresses }: ChangeGroup, link: Link, where = ''): string {
  const others = addresses.length > 1 ? ` + ${addresses.length - 1} alike` : '';
  const reasons = change.reasons.map((reason) =>
    reason.startsWith(CAUTION)
      ? `**CAUTION** ${plain(head(reason.slice(CAUTION.length), TEXT))}`
      : plain(head(reason, TEXT)),
  );
  const restarts = describeRestarts(change.restarts);
  if (restarts !== undefined) reasons.push(plain(head(restarts, TEXT)));
  if (change.findings.length > 0) reasons.push(`see ${change.findings.map(code).join(', ')}`);
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return `- **${change.action}** ${code(head(change.address, VALUE))}${others}${where === '' ? '' : ` in ${where}`}${sourceLink(change, link)}${why}`;
}

/** What a group of stacks destroys, replaces or interrupts, an item each; a stack that goes as a whole is one. */
export function destroyItems(
  { stack, ids }: StackGroup,
  isDestroying: (change: Change) => boolean,
  link: Link,
): string[] {
  const where = plain(describeIds(ids, 2));
  const { whole, listed } = listingOf(stack);
  const isGone = stack.whole === 'gone' && whole !== undefined;
  const loud = [...notesOf(stack), ...(isGone ? [whole] : [])].filter(({ level }) => level === 'bad');
  const notes = loud.map(({ text }) => `- **${where}**: ${plain(head(text.replace(CAUTION, ''), TEXT))}`);
  const groups = listed.filter(({ change }) => isDestroying(change));
  return [...notes, ...groups.map((group) => changeItem(group, link, where))];
}

function createdItems(created: readonly Change[], link: Link): string[] {
  return [...Map.groupBy(created, (change) => change.type)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, each]) => {
      const [first] = each;
      const one =
        each.length === 1 && first !== undefined
          ? ` ${code(head(first.address, VALUE))}`
          : ` ${each.length} ${code(head(type, VALUE))}`;
      return `- create${one}${first === undefined ? '' : sourceLink(first, link)}`;
    });
}

function sourceLink({ source }: Change, link: Link): string {
  if (source === null) return '';
  const at = plain(head(`${source.file}:${source.line}`, VALUE));
  return ` from [${at}](${linked(link(source))})`;
}

const SIGNS = {
  replace: '!',
  interrupt: '!',
  delete: '-',
  update: '!',
  forget: '!',
  move: '!',
  import: '+',
  create: '+',
} as const;

function diffLines({ change, addresses }: ChangeGroup): string[] {
  const line = `${SIGNS[change.action]} ${change.action} ${head(addresses.join(', '), TEXT)}`;
  if (!showsValues(change)) return [line];
  const rows = change.attributes.flatMap((attribute) => {
    const forces = attribute.forcesReplacement && change.action === 'replace' ? '  (forces replacement)' : '';
    return rowsOf(attribute, { width: VALUE }).map(({ sign, depth, text }, index, all) => {
      const isLast = sign === '+' || all.length === 1 ? index === all.findLastIndex((row) => row.depth === 0) : false;
      return `${sign === '@' ? ' ' : sign}   ${'  '.repeat(depth)}${text}${isLast ? forces : ''}`;
    });
  });
  return [line, ...rows];
}
