import { counted } from '../../../text/plural.ts';
import { describeAhead } from '../../ahead.ts';
import { CAUTION } from '../../difference/stateful.ts';
import { isDisruptive, type Plan } from '../../model.ts';
import { describeIds } from '../group.ts';
import { behindText, verdictOf } from '../overview.ts';
import { badge, folded, reasonList, sourceLink } from './change.ts';
import { type Content, cut, html, type Markup, name } from './markup.ts';
import { goneText, leavesText, stackLink } from './stack.ts';
import type { ChangeView, StackView, View } from './view.ts';

/** Destroying changes that are on the first screen; the others are one click away. */
const FIRST = 8;

/** How much of everything, what destroys first. */
export function counts({ summary }: Plan): Markup {
  const actions = ['delete', 'replace', 'interrupt', 'update', 'create'] as const;
  const tiles = actions.map((action) => tile(action, `to ${action}`, summary[action]));
  return html`<dl class="tally">${tiles}${tile('other', 'other changes', summary.other)}</dl>`;
}

function tile(kind: string, label: string, count: number): Markup {
  return html`<div class="${kind}${count === 0 ? ' zero' : ''}"><dt>${label}</dt><dd>${count}</dd></div>`;
}

/** What stops a reviewer before reading on: errors, what is left behind or taken back, what is denied. */
export function alerts(view: View): Content {
  const { plan } = view;
  const behind = behindText(plan.base);
  const denied = plan.findings.filter((finding) => verdictOf(finding) === 'denied').length;
  const items = [
    ...(behind === undefined ? [] : [alert('Behind', behind)]),
    ...view.stacks.flatMap(({ stack, ids }) => {
      const link = html`${stackLink(stack.id, view)}${ids.length > 1 ? ` and ${ids.length - 1} alike` : ''}`;
      const { status, reason, ahead, leaves } = stack;
      return [
        ...(status === 'error'
          ? [alert('Error', html`in ${link}: ${cut(reason ?? 'could not be planned', 400)}`)]
          : []),
        ...(status === 'unknown-here' ? [alert('Unknown here', html`${link}: nothing of it is destroyed`)] : []),
        ...(leaves === undefined ? [] : [alert('Leaves', html`${link} leaves ${leavesText(leaves)}`)]),
        ...(ahead === undefined ? [] : [alert('Ahead', html`${link} is ${describeAhead(ahead)}`)]),
      ];
    }),
    ...(denied > 0 ? [alert('Denied', html`by <a href="#findings">${counted(denied, 'finding')}</a>`)] : []),
  ];
  return items.length === 0
    ? []
    : html`<section aria-labelledby="alerts-head" class="alerts"><h2 id="alerts-head">Look at this first</h2><ul>${items}</ul></section>`;
}

function alert(word: string, text: Content): Markup {
  return html`<li><strong>${word}</strong> ${text}</li>`;
}

/** What destroys, replaces or interrupts, what loses data first; each with a link to all that is said of it. */
export function destroys(view: View): Markup {
  const found = view.stacks.flatMap(destroyed);
  const items = [...found.filter(isCaution), ...found.filter((each) => !isCaution(each))].map(
    (each) => html`<li>${destroyedItem(each, view)}</li>
`,
  );
  const rest = items.slice(FIRST);
  const more =
    rest.length === 0
      ? []
      : html`<details class="more"><summary>and ${rest.length} more</summary><ul class="destroys">${rest}</ul></details>`;
  const list =
    items.length === 0
      ? html`<p>Nothing is destroyed, replaced or interrupted.</p>`
      : html`<ul class="destroys">${items.slice(0, FIRST)}</ul>${more}`;
  return html`<section aria-labelledby="destroys-head"><h2 id="destroys-head">Destroyed, replaced or interrupted</h2>${list}</section>`;
}

/** Disruptive changes of a stack that are of one kind and for one reason; all of a stack that is removed. */
interface Destroyed {
  readonly stack: StackView;
  readonly changes: readonly ChangeView[];
  readonly isWhole: boolean;
}

function destroyed(stack: StackView): Destroyed[] {
  const changes = stack.changes.filter(({ change }) => isDisruptive(change.action));
  const isWhole = changes.length > 0 && stack.stack.whole === 'gone';
  if (isWhole) return [{ stack, changes, isWhole }];
  const alike = Map.groupBy(changes, ({ change: { action, type, reasons } }) =>
    JSON.stringify([action, type, reasons]),
  );
  return [...alike.values()].map((each) => ({ stack, changes: each, isWhole }));
}

function destroyedItem(
  {
    stack: {
      ids,
      anchor,
      stack: { changes: all },
    },
    changes,
    isWhole,
  }: Destroyed,
  view: View,
): Content {
  const [first] = changes;
  if (first === undefined) return [];
  const where = html`<a href="#${isWhole ? anchor : first.anchor}">${describeIds(ids)}</a>`;
  if (isWhole) {
    return html`${badge('delete')} <strong>${where}</strong>: ${goneText(all)}${ids.length > 1 ? ', each' : ''}${lossList(changes)}`;
  }
  const names = changes.flatMap((each) =>
    each.addresses.map((address) => html`<a class="address" href="#${each.anchor}">${name(address)}</a> `),
  );
  return html`${badge(first.change.action)} ${folded(names, 2, 'alike')}<div class="where">${where} ${sourceLink(first.change.source, view)}</div>${reasonList({ ...first.change, restarts: [] })}`;
}

/** What is lost with a stack, each kind of loss once. */
function lossList(changes: readonly ChangeView[]): Content {
  const lost = new Map<string, number>();
  for (const { change, addresses } of changes)
    for (const reason of change.reasons)
      if (reason.startsWith(CAUTION)) lost.set(reason, (lost.get(reason) ?? 0) + addresses.length);
  const items = [...lost].map(
    ([reason, count]) =>
      html`<li class="caution"><strong>Caution</strong> ${cut(reason.slice(CAUTION.length), 400)}${count > 1 ? ` (${count} times)` : ''}</li>`,
  );
  return items.length === 0 ? [] : html`<ul class="reasons">${items}</ul>`;
}

function isCaution({ changes }: Destroyed): boolean {
  return changes.some(({ change }) => change.reasons.some((reason) => reason.startsWith(CAUTION)));
}
