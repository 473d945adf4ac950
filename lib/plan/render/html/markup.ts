import { printable } from '../../../text/printable.ts';

/** Text that is HTML already. Everything else that goes into a page is escaped: by its type, not by somebody's care. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes; an empty array is nothing. */
export type Content = string | number | Markup | readonly Content[];

/** Nothing that a person reads is longer; what is was made to break something. */
const LONGEST_TEXT = 4_000;

/** HTML from a template: strings that are put in show as they are, whatever is in them, and are cut where they are very long. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += textOf(value) + (strings[index + 1] ?? '');
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escapeHtml(cut(content, LONGEST_TEXT));
  if (typeof content === 'number') return String(content);
  let text = '';
  for (const each of content) text += textOf(each);
  return text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Most text needs neither: a look is cheaper than a replacement. */
const SPECIAL = /[&<>"']/;
const NOT_PLAIN = /[^\n\t\x20-\x7e]/;

function escapeHtml(text: string): string {
  const shown = NOT_PLAIN.test(text) ? printable(text) : text;
  return SPECIAL.test(shown) ? shown.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char) : shown;
}

/** Text of at most so many characters, which says how long it was. */
export function cut(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  return `${text.slice(0, maximum).toWellFormed()}… (${text.length.toLocaleString('en')} characters)`;
}

/** Names are shown up to this length. */
const LONGEST_NAME = 300;

/** A name that people or clouds gave: an address, a file, an id. */
export function name(text: string): Markup {
  return html`<code>${cut(text, LONGEST_NAME)}</code>`;
}
