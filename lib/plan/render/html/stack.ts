import { describeTarget } from '../../../stack/target.ts';
import { describeAhead } from '../../ahead.ts';
import { CAUTION } from '../../difference/stateful.ts';
import { unmanagedIn } from '../../difference/unmanaged.ts';
import type { StackPlan } from '../../model.ts';
import { describeCounts, describeIds, groupChanges } from '../group.ts';
import { describeHolders } from '../holders.ts';
import { describeTargets } from '../overview.ts';
import { changeList } from './change.ts';
import { type Content, html, type Markup, name } from './markup.ts';
import { ownersOf } from './matrix.ts';
import type { StackView, View } from './view.ts';

/** A section for one stack, or several with the same plan. */
export function stackSection(stack: StackView, view: View): Markup {
  const { anchor, ids, changes, noise, isOpen } = stack;
  const plan = stack.stack;
  const counts = describeCounts(plan.changes);
  const actions = [...new Set(changes.map(({ change }) => change.action))].join(' ');
  const open = isOpen ? html` open` : [];
  return html`<details class="stack" id="${anchor}" data-actions="${actions}" data-owners="${ownersOf(ids).join(' ')}"${open}>
<summary><h3>${describeIds(ids)}</h3> <span class="counts">${statusWord(plan)}${counts}${ids.length > 1 ? ', each' : ''}</span></summary>
<div class="body">${ids.length > 6 ? everyId(ids) : []}${notes(stack, view)}
${changeList(changes, view)}${noise.length > 0 ? noiseList(stack) : []}</div>
</details>
`;
}

function statusWord({ status, unresolvedInputs }: StackPlan): string {
  const sources = [...new Set(unresolvedInputs.map(({ from }) => from))];
  const words = {
    changed: '',
    unchanged: 'unchanged ',
    waiting: `waits for ${sources.join(', ')}; `,
    'unknown-here': 'unknown here ',
    error: 'error ',
  };
  return words[status];
}

function everyId(ids: readonly string[]): Markup {
  return html`<details class="more"><summary>all ${ids.length} of them</summary>${ids.map((id) => html`${name(id)} `)}</details>`;
}

/** Where the stack goes and what has to be known of it as a whole. */
function notes(group: StackView, view: View): Markup {
  const {
    status,
    reason,
    unresolvedInputs,
    inputs = [],
    after = [],
    ahead,
    leaves,
    belongsTo,
    whole,
    changes,
  } = group.stack;
  const target = describeTargets(group, view.plan);
  const bad = (word: string, text: Content): Markup => html`<li class="caution"><strong>${word}</strong> ${text}</li>`;
  const items = [
    ...(target === '' ? [] : [html`<li>in ${target}</li>`]),
    ...(status === 'error' ? [bad('Error', reason ?? '')] : []),
    ...(status === 'unknown-here' ? [bad('Unknown here', `so nothing is destroyed: ${reason ?? ''}`)] : []),
    ...(ahead === undefined ? [] : [bad('Ahead', describeAhead(ahead))]),
    ...(leaves === undefined ? [] : [bad('Leaves', html`${leavesText(leaves)} ${leftList(leaves)}`)]),
    ...(whole === 'gone' ? [bad('Gone', goneText(changes))] : []),
    ...(whole === 'new' ? [html`<li>new: ${describeHolders(changes, ['of them ', ''])}</li>`] : []),
    // What leaves is said above.
    ...(reason !== undefined && leaves === undefined && status !== 'error' && status !== 'unknown-here'
      ? [reason.startsWith(CAUTION) ? bad('Caution', reason.slice(CAUTION.length)) : html`<li>${reason}</li>`]
      : []),
    ...(belongsTo === undefined
      ? []
      : [html`<li>its cloud says that it was made by ${belongsTo.by} at ${belongsTo.at}</li>`]),
    ...unresolvedInputs.map(({ name: input, from }) => html`<li>waits for ${input} from ${stackLink(from, view)}</li>`),
    ...inputs.map(
      ({ name: input, from, value }) => html`<li>takes ${input} ${value} from ${stackLink(from, view)}</li>`,
    ),
    ...after.map(({ stack, reason: why }) => html`<li>planned again after ${stackLink(stack, view)}: ${why}</li>`),
    ...unmanagedIn(group.stack).map((what) => html`<li>not managed by Tandem: ${what}</li>`),
  ];
  return items.length === 0 ? html`` : html`<ul class="notes">${items}</ul>`;
}

/** What a stack leaves behind where it was. */
export function leavesText({ target, changes }: NonNullable<StackPlan['leaves']>): string {
  return `${describeTarget(target)}: what stays there is paid for and owned by nobody, unless it is destroyed first: ${describeHolders(changes)}`;
}

/** What goes with a stack that goes as a whole. */
export function goneText(changes: StackPlan['changes']): string {
  return `all of it, ${describeHolders(changes.filter(({ action }) => action === 'delete'))}`;
}

function leftList({ changes }: NonNullable<StackPlan['leaves']>): Markup {
  const rows = groupChanges(changes).map(({ addresses }) =>
    addresses.map((address) => html`<li>${name(address)}</li>`),
  );
  return html`<details class="more"><summary>what stays behind</summary><ul>${rows}</ul></details>`;
}

function noiseList({ noise }: StackView): Markup {
  return html`<details class="noise"><summary>${noise.length} more with only hashes, metadata or order changed</summary>${noise.map(({ address }) => html`<span class="address">${name(address)}</span> `)}</details>`;
}

/** The name of a stack, as a link to its section if it has one. */
export function stackLink(id: StackPlan['id'], { anchorOfStack }: View): Markup {
  const anchor = anchorOfStack(id);
  return anchor === undefined ? name(id) : html`<a href="#${anchor}">${name(id)}</a>`;
}
