import type { AttributeChange } from '../../model.ts';
import { HIDDEN } from '../../model.ts';
import { show } from '../show.ts';
import { sharedEnd, sharedStart } from '../values/excerpt.ts';
import type { Hunk, LinesDifference, PartsDifference, ValueDifference } from '../values/model.ts';
import { valueDifference } from '../values/value-difference.ts';
import { cut, html, type Markup, name } from './markup.ts';

/** Characters of a value in one line, and lines of a text, that a page shows; it says what it leaves out. */
const ROOM = { width: 400, lines: 200 };
/** Values of what is created or deleted are listed up to here: longer ones, and more of them, are in `plan --json`. */
const LISTED = { width: 200, values: 80 };
const UNKNOWN = '(known after apply)';

/** What an update changes, before and after side by side. */
export function attributeRow(attribute: AttributeChange): Markup {
  const { path, sensitive, forcesReplacement } = attribute;
  const marks = [
    ...(forcesReplacement ? [html`<span class="mark forces">forces replacement</span>`] : []),
    ...(sensitive ? [html`<span class="mark">sensitive</span>`] : []),
  ];
  return html`<tr><th scope="row">${name(path)}${marks}</th>${cells(attribute)}</tr>`;
}

function cells({ before, after, afterUnknown, sensitive }: AttributeChange): Markup {
  if (sensitive) return pair(hiddenValue(before), afterUnknown ? unknown() : hiddenValue(after));
  if (afterUnknown) return pair(oneValue(before), unknown());
  if (isNothing(before) || isNothing(after)) return pair(oneValue(before), oneValue(after));
  return differenceCells(valueDifference(before, after, ROOM));
}

function differenceCells(difference: ValueDifference): Markup {
  if (difference.kind === 'values') {
    const [before, after] = marked(difference.before, difference.after);
    return pair(html`<code>${before}</code>`, html`<code>${after}</code>`);
  }
  return html`<td colspan="2" class="whole">${difference.kind === 'lines' ? lines(difference) : parts(difference)}</td>`;
}

function pair(before: Markup, after: Markup): Markup {
  return html`<td class="before">${before}</td><td class="after">${after}</td>`;
}

/** Lines before on the left and after on the right, those that replace each other beside each other. */
function lines({ hunks, left }: LinesDifference): Markup {
  const more =
    left > 0 ? html`<p class="left">${left} more lines differ: <code>tandem plan --json</code> has them</p>` : [];
  return html`<table class="lines"><thead><tr><th scope="col">before</th><th scope="col">after</th></tr></thead>${hunks.map(hunkRows)}</table>${more}`;
}

function hunkRows({ before, after, lines }: Hunk): Markup {
  const rows: Markup[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      rows.push(html`<tr>${side('del', removed[at])}${side('ins', added[at])}</tr>`);
    removed = [];
    added = [];
  };
  for (const line of lines) {
    const text = line.slice(1);
    if (line.startsWith('-')) removed.push(text);
    else if (line.startsWith('+')) added.push(text);
    else {
      flush();
      rows.push(html`<tr><td>${text}</td><td>${text}</td></tr>`);
    }
  }
  flush();
  return html`<tbody><tr class="at"><th scope="rowgroup">line ${before}</th><td>line ${after}</td></tr>${rows}</tbody>`;
}

function side(kind: 'del' | 'ins', text: string | undefined): Markup {
  if (text === undefined) return html`<td class="none"></td>`;
  return kind === 'del' ? html`<td class="del"><del>${text}</del></td>` : html`<td class="ins"><ins>${text}</ins></td>`;
}

function parts({ removed, added, changed, left }: PartsDifference): Markup {
  const items = [
    ...removed.map((text) => html`<li class="del"><del>${text}</del></li>`),
    ...added.map((text) => html`<li class="ins"><ins>${text}</ins></li>`),
    ...changed.map((part) => html`<li>${name(part.name)}${nested(part.difference)}</li>`),
    ...(left > 0 ? [html`<li class="left">${left} more parts differ</li>`] : []),
  ];
  return html`<ul class="parts">${items}</ul>`;
}

function nested(difference: ValueDifference): Markup {
  if (difference.kind !== 'values') return difference.kind === 'lines' ? lines(difference) : parts(difference);
  const [before, after] = marked(difference.before, difference.after);
  return html`<div class="pair"><code class="before">${before}</code><code class="after">${after}</code></div>`;
}

/** Two lines with what differs in them marked, if they have something in common around it. */
function marked(before: string, after: string): readonly [Markup, Markup] {
  const start = sharedStart(before, after);
  const end = sharedEnd(before, after, start);
  const mark = (text: string, kind: 'del' | 'ins'): Markup => {
    const [head, middle, tail] = [
      text.slice(0, start),
      text.slice(start, text.length - end),
      text.slice(text.length - end),
    ];
    if (middle === '') return html`${text}`;
    return kind === 'del' ? html`${head}<del>${middle}</del>${tail}` : html`${head}<ins>${middle}</ins>${tail}`;
  };
  return [mark(before, 'del'), mark(after, 'ins')];
}

const isNothing = (value: unknown): boolean => value === null || value === undefined;

function oneValue(value: unknown): Markup {
  return isNothing(value) ? html`<span class="none">not set</span>` : html`<code>${show(value, ROOM.width)}</code>`;
}

function hiddenValue(value: unknown): Markup {
  return isNothing(value) ? oneValue(null) : html`<span class="unknown">${HIDDEN}</span>`;
}

function unknown(): Markup {
  return html`<span class="unknown">${UNKNOWN}</span>`;
}

/** What a resource is created with, or had when it is deleted, a value a line. */
export function valueList(attributes: readonly AttributeChange[], side: 'before' | 'after'): Markup {
  const given = attributes.filter((each) => (side === 'after' && each.afterUnknown) || !isNothing(each[side]));
  const shown = given.slice(0, LISTED.values).map((each) => {
    const value = each.sensitive
      ? HIDDEN
      : side === 'after' && each.afterUnknown
        ? UNKNOWN
        : show(each[side], LISTED.width);
    return `${cut(each.path, LISTED.width)} = ${value}\n`;
  });
  const more = given.length - shown.length;
  return html`<pre>${shown}${more > 0 ? `and ${more} more: tandem plan --json has them\n` : ''}</pre>`;
}
