import { describeTarget } from '../../../stack/target.ts';
import { counted } from '../../../text/plural.ts';
import { describeAhead } from '../../ahead.ts';
import { unmanagedIn } from '../../difference/unmanaged.ts';
import type { StackPlan } from '../../model.ts';
import { describeCounts, describeIds, groupChanges } from '../group.ts';
import { changeList } from './change.ts';
import { cut, html, type Markup, name } from './markup.ts';
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
<div class="body">${ids.length > 6 ? everyId(ids) : []}${notes(plan, view)}
${changeList(changes, view)}${noise.length > 0 ? noiseList(stack) : []}</div>
</details>
`;
}

function statusWord({ status }: StackPlan): string {
  const words = {
    changed: '',
    unchanged: 'unchanged',
    waiting: 'waits',
    'unknown-here': 'unknown here',
    error: 'error',
  };
  return words[status] === '' ? '' : `${words[status]} `;
}

function everyId(ids: readonly string[]): Markup {
  return html`<details class="more"><summary>all ${ids.length} of them</summary>${ids.map((id) => html`${name(id)} `)}</details>`;
}

/** Where the stack goes and what has to be known of it as a whole. */
function notes(plan: StackPlan, view: View): Markup {
  const { target, status, reason, unresolvedInputs, after = [], ahead, leaves, belongsTo } = plan;
  const items = [
    ...(target === undefined ? [] : [html`<li class="target">goes to ${describeTarget(target)}</li>`]),
    ...(status === 'error' ? [html`<li class="caution"><strong>Error</strong> ${reason ?? ''}</li>`] : []),
    ...(status === 'unknown-here'
      ? [html`<li class="caution"><strong>Unknown here</strong>, so nothing is destroyed: ${reason ?? ''}</li>`]
      : []),
    // What leaves is listed below.
    ...(reason !== undefined && leaves === undefined && status !== 'error' && status !== 'unknown-here'
      ? [html`<li>${reason}</li>`]
      : []),
    ...(belongsTo === undefined
      ? []
      : [html`<li>its cloud says that it was made by ${belongsTo.by} at ${belongsTo.at}</li>`]),
    ...unresolvedInputs.map(
      ({ name: input, from }) => html`<li>waits for ${cut(input, 300)} from ${stackLink(from, view)}</li>`,
    ),
    ...after.map(({ stack, reason: why }) => html`<li>planned again after ${stackLink(stack, view)}: ${why}</li>`),
    ...(ahead === undefined
      ? []
      : [html`<li class="caution"><strong>Ahead of this checkout</strong> ${describeAhead(ahead)}</li>`]),
    ...(leaves === undefined
      ? []
      : [
          html`<li class="caution"><strong>Leaves ${describeTarget(leaves.target)}</strong>: ${counted(leaves.changes.length, 'resource')} ${leaves.changes.length === 1 ? 'stays' : 'stay'} behind, owned by nobody and paid for, unless destroyed first ${leftList(leaves)}</li>`,
        ]),
    ...unmanagedIn(plan).map((what) => html`<li>not managed by Tandem: ${what}</li>`),
  ];
  return items.length === 0 ? html`` : html`<ul class="notes">${items}</ul>`;
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
