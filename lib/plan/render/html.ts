import { printable } from '../../text/printable.ts';
import { type AttributeChange, type Change, isDisruptive, type Plan } from '../model.ts';
import { type ChangeGroup, describeCounts, describeIds, groupChanges, groupStacks, type StackGroup } from './group.ts';
import { show } from './show.ts';
import { describeBase } from './text.ts';

export interface PageContext {
  readonly at: Date;
  /** Pictures of clouds that the plan touches, by name: whole SVG documents, put into the page as they are. */
  readonly pictures: ReadonlyMap<string, string>;
}

const STYLE = `
:root{color-scheme:light dark;--line:#8886;--soft:#8889}
body{font:15px/1.45 system-ui,sans-serif;max-width:1232px;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border-top:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
code{font-size:.92em;overflow-wrap:anywhere}small{opacity:.75}summary{cursor:pointer;padding:.4rem 0}
.delete,.replace,.interrupt{color:#c2362b;font-weight:600}.availability{border-left:4px solid #c98a00;padding-left:1rem}
svg{max-width:100%;height:auto}
`;

/** The plan as one page that needs nothing else: no script, no font, no picture from elsewhere. */
export function renderHtml(plan: Plan, { at, pictures }: PageContext): string {
  const { create, update, interrupt, replace, delete: destroy } = plan.summary;
  const interrupted = interrupt > 0 ? `${interrupt} to interrupt, ` : '';
  const title = `Plan: ${destroy} to delete, ${replace} to replace, ${interrupted}${update} to update, ${create} to create`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    ...availability(plan),
    ...[...pictures].map(
      ([cloud, svg]) => `<details open><summary>${escapeHtml(cloud)} as planned</summary>${svg}</details>`,
    ),
    ...groupStacks(plan).map(stackSection),
    `<p><small>Against ${escapeHtml(describeBase(plan.base))}, ${at.toISOString()}, digest <code>${escapeHtml(plan.digest)}</code></small></p>`,
    '</body></html>',
    '',
  ].join('\n');
}

function availability(plan: Plan): string[] {
  if (plan.availability.length === 0) return [];
  return [`<div class="availability">${plan.availability.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}</div>`];
}

function stackSection({ stack, ids }: StackGroup): string {
  const counts = describeCounts(stack.changes);
  const unresolvedInputs = stack.unresolvedInputs.map(({ name, from }) => `waits for ${name} from ${from}`);
  const notes = [...(stack.reason === undefined ? [] : [stack.reason]), ...unresolvedInputs].map(
    (note) => `<p>${escapeHtml(note)}</p>`,
  );
  const rows = groupChanges(stack.changes.filter(({ noise }) => !noise)).map(changeRow);
  return [
    `<details${stack.changes.some(isDestroying) ? ' open' : ''}><summary><b>${escapeHtml(describeIds(ids))}</b> ${escapeHtml(counts === '' ? stack.status : counts)}</summary>`,
    ...notes,
    rows.length > 0 ? `<table>${rows.join('')}</table>` : '',
    '</details>',
  ].join('');
}

function isDestroying({ action }: Change): boolean {
  return isDisruptive(action);
}

function changeRow({ change, addresses }: ChangeGroup): string {
  const names = addresses.map((address) => `<code>${escapeHtml(address)}</code>`).join('<br>');
  const values = change.action === 'create' ? [] : change.attributes.map(attributeLine);
  const source =
    change.source === null ? '' : `<small>${escapeHtml(`${change.source.file}:${change.source.line}`)}</small>`;
  const reasons = change.reasons.map(escapeHtml);
  return `<tr><td class="${change.action}">${change.action}</td><td>${names}</td><td>${[...reasons, ...values].join('<br>')}</td><td>${source}</td></tr>`;
}

function attributeLine({ path, before, after, afterUnknown, forcesReplacement }: AttributeChange): string {
  const now = afterUnknown ? '(known after apply)' : show(after, 80);
  const forces = forcesReplacement ? ' <b>forces replacement</b>' : '';
  return `<code>${escapeHtml(path)}: ${escapeHtml(show(before, 80))} → ${escapeHtml(now)}</code>${forces}`;
}

function escapeHtml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
