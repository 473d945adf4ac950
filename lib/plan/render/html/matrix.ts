import { partsOf, type StackId } from '../../../stack/id.ts';
import { counted } from '../../../text/plural.ts';
import type { StackPlan } from '../../model.ts';
import { countActions, signatureOf } from '../group.ts';
import { badge } from './change.ts';
import { html, type Markup, name } from './markup.ts';
import type { StackView, View } from './view.ts';

/** Column of what belongs to no environment and no cloud. */
const NOBODY = 'custom';
const SHOWN_NAMES = 4;

interface Row {
  readonly label: Markup;
  readonly cells: ReadonlyMap<string, StackPlan>;
}

/** The environment or cloud that a stack belongs to. */
function ownerOf(id: StackId): string {
  const { cloud, environment } = partsOf(id);
  return environment ?? cloud ?? NOBODY;
}

export function ownersOf(ids: readonly StackId[]): string[] {
  return [...new Set(ids.map(ownerOf))].sort();
}

/** Stacks by environment and cloud, each a link to what is said of it: the page's index. Rows in which nothing changes are left out. */
export function matrix(view: View): Markup {
  const rows = rowsOf(view).filter(({ cells }) =>
    [...cells.values()].some(({ id }) => view.anchorOfStack(id) !== undefined),
  );
  if (rows.length === 0) return html`<p>Nothing changes.</p>`;
  const columns = [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))].sort();
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr><th scope="row">${row.label}</th>${columns.map((column) => html`<td>${cell(row, column, columns, view)}</td>`)}</tr>
`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Stacks by environment"><table class="matrix"><thead><tr><th scope="col">stack</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function rowsOf({ plan, stacks }: View): Row[] {
  const rows = new Map<string, Map<string, StackPlan>>();
  for (const stack of plan.stacks) {
    const { lease, kind, isPart } = partsOf(stack.id);
    if (lease !== undefined) continue;
    const owner = ownerOf(stack.id);
    const label = isPart || owner === NOBODY ? kind : (kind.split('/')[0] ?? kind);
    const row = rows.get(label) ?? new Map<string, StackPlan>();
    rows.set(label, row.set(owner, stack));
  }
  return [...[...rows].map(([label, cells]) => ({ label: name(label), cells })), ...stacks.flatMap(leaseRow)];
}

/** Leases with equal plans share a row. */
function leaseRow({ stack, ids }: StackView): Row[] {
  const leases = ids.flatMap((id) => partsOf(id).lease ?? []);
  if (leases.length === 0) return [];
  const shown = leases.slice(0, SHOWN_NAMES).map((lease, at) => html`${at > 0 ? ', ' : ''}${name(lease)}`);
  const more = leases.length > SHOWN_NAMES ? ` and ${leases.length - SHOWN_NAMES} more` : '';
  const label = html`${leases.length === 1 ? 'lease' : `${leases.length} leases, the same:`} ${shown}${more}`;
  return [{ label, cells: new Map(ownersOf(ids).map((owner) => [owner, stack])) }];
}

function cell({ cells }: Row, column: string, columns: readonly string[], { anchorOfStack }: View): Markup | string {
  const stack = cells.get(column);
  if (stack === undefined) return '';
  const anchor = anchorOfStack(stack.id);
  if (anchor === undefined) return html`<span class="same">unchanged</span>`;
  const twin = columns.slice(0, columns.indexOf(column)).find((other) => isSamePlan(cells.get(other), stack));
  const text = twin === undefined ? describe(stack) : html`same as ${twin}`;
  return html`<a href="#${anchor}">${text}</a>`;
}

/** The same but for the environment's own name. */
function isSamePlan(a: StackPlan | undefined, b: StackPlan): boolean {
  if (a === undefined || a.status === 'unchanged' || a.changes.length !== b.changes.length) return false;
  const neutral = (stack: StackPlan): string => signatureOf(stack).replaceAll(partsOf(stack.id).owner, '*');
  return neutral(a) === neutral(b);
}

function describe(stack: StackPlan): Markup {
  if (stack.status === 'error') return html`<strong>error</strong>`;
  if (stack.status === 'unknown-here') return html`unknown here`;
  const { actions, settings, noise } = countActions(stack.changes);
  const parts = [
    ...actions.map(([action, count]) => badge(action, count)),
    ...(settings > 0 ? [html`${counted(settings, 'setting')}`] : []),
    ...(stack.status === 'waiting' ? [html`waits`] : []),
  ];
  if (parts.length === 0)
    return html`${noise > 0 ? 'hashes only' : (stack.after ?? []).length > 0 ? 'planned again' : stack.status}`;
  return html`${parts.map((part) => html`<span class="part">${part}</span> `)}`;
}
