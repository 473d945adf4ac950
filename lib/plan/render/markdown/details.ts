import { describeRestarts } from '../../difference/restarts.ts';
import { CAUTION } from '../../difference/stateful.ts';
import type { Change, Source } from '../../model.ts';
import { type ChangeGroup, describeCounts, describeIds, groupChanges, type StackGroup } from '../group.ts';
import { show } from '../show.ts';
import { code, fenced, plain } from './escape.ts';

export type Link = (source: Source) => string;

/** How much of a stack is shown: everything, its changes without values, or only that it is there. */
export type Depth = 'full' | 'changes' | 'name';

/** One stack, or several with the same plan. */
export function stackDetails({ stack, ids }: StackGroup, link: Link, depth: Depth): string {
  const counts = describeCounts(stack.changes);
  const each = ids.length > 1 ? ', each' : '';
  const title = `<b>${plain(describeIds(ids))}</b>${counts === '' ? '' : `: ${counts}${each}`}`;
  if (depth === 'name') return `- ${title} (not shown: the plan is too long for a comment)`;
  const lines = [`<details><summary>${title}</summary>`, ''];
  if (stack.status === 'waiting')
    lines.push(
      `Waits for ${stack.unresolvedInputs.map((input) => `${plain(input.name)} from ${code(input.from)}`).join('; ')}.`,
      '',
    );
  if (stack.status === 'unknown-here')
    lines.push(`Unknown here, so nothing is destroyed: ${plain(stack.reason ?? '')}`, '');
  else if (stack.reason !== undefined) lines.push(plain(stack.reason), '');
  const real = stack.changes.filter((change) => !change.noise);
  const listed = groupChanges(real.filter((change) => change.action !== 'create' || change.reasons.length > 0));
  for (const group of listed) lines.push(...changeItem(group, link));
  lines.push(
    ...createdItems(
      real.filter((change) => change.action === 'create' && change.reasons.length === 0),
      link,
    ),
  );
  const noise = stack.changes.length - real.length;
  if (noise > 0) lines.push(`- ${noise} more with only hashes, metadata or order changed`);
  const diff = depth === 'full' ? listed.flatMap(diffLines) : [];
  if (diff.length > 0) lines.push('', ...fenced('diff', diff));
  if (depth === 'changes') lines.push('', '*Values are left out: the plan is too long for a comment.*');
  return [...lines, '', '</details>'].join('\n');
}

/** A change in one line, with its line of configuration and what has to be known of it. */
export function changeItem({ change, addresses }: ChangeGroup, link: Link): string[] {
  const others = addresses.length > 1 ? ` and ${addresses.length - 1} alike` : '';
  const reasons = change.reasons.map((reason) =>
    reason.startsWith(CAUTION) ? `**CAUTION** ${plain(reason.slice(CAUTION.length))}` : plain(reason),
  );
  const restarts = describeRestarts(change.restarts);
  if (restarts !== undefined) reasons.push(plain(restarts));
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return [`- **${change.action}** ${code(change.address)}${others}${sourceLink(change, link)}${why}`];
}

function createdItems(created: readonly Change[], link: Link): string[] {
  return [...Map.groupBy(created, (change) => change.type)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, each]) => {
      const [first] = each;
      const one =
        each.length === 1 && first !== undefined ? ` ${code(first.address)}` : ` ${each.length} ${code(type)}`;
      return `- create${one}${first === undefined ? '' : sourceLink(first, link)}`;
    });
}

function sourceLink({ source }: Change, link: Link): string {
  return source === null
    ? ''
    : ` from [${plain(`${source.file}:${source.line}`)}](${link(source).replace(/[()\s]/g, encodeURIComponent)})`;
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
  const head = `${SIGNS[change.action]} ${change.action} ${addresses.join(', ')}`;
  if (!['update', 'interrupt', 'replace'].includes(change.action)) return [head];
  const lines = change.attributes.flatMap(({ path, before, after, afterUnknown, forcesReplacement }) => {
    const forces = forcesReplacement && change.action === 'replace' ? '  (forces replacement)' : '';
    const now = afterUnknown ? '(known after apply)' : show(after, 400);
    return [
      ...(before === null ? [] : [`-   ${path}: ${show(before, 400)}`]),
      ...(after === null ? [] : [`+   ${path}: ${now}${forces}`]),
    ];
  });
  return [head, ...lines];
}
