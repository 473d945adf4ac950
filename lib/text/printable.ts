/**
 * What a terminal, a log or a browser obeys instead of showing it, or shows as nothing: control characters (ESC among them), those
 * that turn the direction of text, line separators, lone halves of characters, and what is no character at all. Joiners stay: emoji
 * and several scripts are written with them.
 */
const HIDDEN_CLASS =
  '\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}\\p{Noncharacter_Code_Point}\\u180E\\u200B\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB\\u{E0000}-\\u{E007F}';

/** Line breaks and tabs are no surprise in a text. */
const HIDDEN = new RegExp(`(?![\\n\\t])[${HIDDEN_CLASS}]`, 'gu');
const HIDDEN_OR_BREAK = new RegExp(`[${HIDDEN_CLASS}]`, 'gu');

/** Most text is of characters that are shown as they are, which is seen sooner without classes of Unicode. */
const ODD = /[^\n\t\x20-\x7e]/;
const ODD_OR_BREAK = /[^\x20-\x7e]/;

/** The first character of a text that is not shown as itself, line breaks and tabs apart. */
export function firstHidden(text: string): { readonly index: number; readonly code: string } | undefined {
  HIDDEN.lastIndex = 0;
  const found = HIDDEN.exec(text);
  return found === null ? undefined : { index: found.index, code: `U+${hex(found[0]).toUpperCase()}` };
}

/** Text as people may see it anywhere: what is hidden is written as `\u001b`. Line breaks and tabs stay; `\r\n` is a line break. */
export function printable(text: string): string {
  if (!ODD.test(text)) return text;
  return text.replaceAll('\r\n', '\n').replace(HIDDEN, escapeOf);
}

/** The same in one line, whatever the text holds: line breaks and tabs are written as `\n` and `\t`. */
export function printableLine(text: string): string {
  if (!ODD_OR_BREAK.test(text)) return text;
  return text.replace(HIDDEN_OR_BREAK, (char) => (char === '\n' ? '\\n' : char === '\t' ? '\\t' : escapeOf(char)));
}

/** JSON whose strings hold the same values, with what is hidden in them escaped; JSON itself escapes only some of it. */
export function printableJson(json: string): string {
  return json.replace(HIDDEN, (char) =>
    [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** A character as its code: `\u00a0`, `\u{1f600}`. */
export function escapeOf(char: string): string {
  const digits = hex(char);
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits}`;
}

function hex(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
}
