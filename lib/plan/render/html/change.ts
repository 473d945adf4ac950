import { describeRestarts } from '../../difference/restarts.ts';
import { CAUTION } from '../../difference/stateful.ts';
import type { Action, Change, Source } from '../../model.ts';
import { type Content, cut, html, type Markup, name } from './markup.ts';
import { attributeRow, valueList } from './value.ts';
import type { ChangeView, View } from './view.ts';

/** Addresses of equal changes that are shown without asking. */
const SHOWN_ADDRESSES = 8;
/** A reason is a sentence; what is longer was not written by Tandem. */
const LONGEST_REASON = 2_000;

/** Changes by what is done to them, in order; those that only create stand together by type. */
export function changeList(changes: readonly ChangeView[], view: View): Markup {
  const isPlainCreate = ({ change }: ChangeView): boolean => change.action === 'create' && change.reasons.length === 0;
  const listed = changes.filter((each) => !isPlainCreate(each)).map((each) => changeItem(each, view));
  const created = [...Map.groupBy(changes.filter(isPlainCreate), ({ change }) => change.type)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, each]) => {
      const count = each.reduce((sum, { addresses }) => sum + addresses.length, 0);
      return html`<li class="change folded" data-action="create"><details><summary>${badge('create')} ${count} ${name(type)}</summary><ul class="changes">${each.map((one) => changeItem(one, view))}</ul></details></li>`;
    });
  return html`<ul class="changes">${listed}${created}</ul>`;
}

function changeItem({ change, addresses, anchor }: ChangeView, view: View): Markup {
  const all = addresses.map((address) => html`<span class="address">${name(address)}</span> `);
  const names = folded(all, SHOWN_ADDRESSES, 'alike');
  return html`<li class="change ${change.action}" data-action="${change.action}" id="${anchor}"><h4>${badge(change.action)} ${names} ${sourceLink(change.source, view)}</h4>${reasonList(change)}${values(change)}</li>
`;
}

/** An action as a word, or how many of it, with its sign: never by colour alone. */
export function badge(action: Action, count?: number): Markup {
  if (count === undefined) return html`<span class="badge ${action}">${action}</span>`;
  return html`<span class="badge ${action}"><span class="unseen">to ${action}: </span>${count}</span>`;
}

/** The first of a list, the others one click away. */
export function folded(items: readonly Markup[], shown: number, what: string): Markup {
  const rest = items.slice(shown);
  if (rest.length === 0) return html`${items}`;
  return html`${items.slice(0, shown)}<details class="more"><summary>and ${rest.length} ${what}</summary>${rest}</details>`;
}

/** An address of the web, and no longer than servers take. */
const LINK = /^https?:\/\/.{1,2000}$/;

/** A line of the configuration, as a link where it is on the web. */
export function sourceLink(source: Source | null | undefined, { link }: Pick<View, 'link'>): Content {
  if (source === null || source === undefined) return [];
  const text = html`<code>${cut(source.file, 300)}:${source.line}</code>`;
  const at = link(source);
  return html`<span class="source">${LINK.test(at) ? html`<a href="${at}" rel="noreferrer">${text}</a>` : text}</span>`;
}

/** What has to be known of a change; whatever nobody may overlook stands out. */
export function reasonList({ reasons, restarts }: Change): Content {
  const restarted = describeRestarts(restarts);
  const items = [...reasons, ...(restarted === undefined ? [] : [restarted])].map((reason) => {
    const text = cut(reason.startsWith(CAUTION) ? reason.slice(CAUTION.length) : reason, LONGEST_REASON);
    return reason.startsWith(CAUTION)
      ? html`<li class="caution"><strong>Caution</strong> ${text}</li>`
      : html`<li>${text}</li>`;
  });
  return items.length === 0 ? [] : html`<ul class="reasons">${items}</ul>`;
}

function values(change: Change): Content {
  const { action, attributes, findings } = change;
  const rules = findings.map((rule) => html`<li class="finding">${name(rule)}</li>`);
  const found = rules.length === 0 ? [] : html`<ul class="reasons">${rules}</ul>`;
  if (attributes.length === 0) return found;
  if (action === 'create' || action === 'delete') {
    const [label, side] =
      action === 'create' ? (['values', 'after'] as const) : (['values until now', 'before'] as const);
    return html`${found}<details class="values"><summary>${label}</summary>${valueList(attributes, side)}</details>`;
  }
  return html`${found}<table class="values"><thead><tr><th scope="col">attribute</th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${attributes.map(attributeRow)}</tbody></table>`;
}
