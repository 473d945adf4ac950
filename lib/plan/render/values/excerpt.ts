import { escapeOf, printableLine } from '../../../text/printable.ts';
import type { ValuesDifference } from './model.ts';

/** Of what both texts share, so much stands before the place where they begin to differ. */
const LEAD = 0.3;
const CUT = '…';

/**
 * Two texts in one line each, cut around what differs, from the same character on. Texts that differ never print alike: where they
 * would (spaces, letters of another script, characters that are not shown), what is odd in them is written as its code.
 *
 * @param width - Characters of a line, the marks of a cut included; at least 24. Codes may make a line somewhat longer.
 */
export function excerpts(before: string, after: string, width: number): ValuesDifference {
  const start = sharedStart(before, after);
  const place: Place = { start, end: sharedEnd(before, after, start), width: Math.max(width, 24) };
  for (const write of [printableLine, escaped, exact]) {
    const shown = cutBoth(before, after, place, write);
    if (!isAlike(shown.before, shown.after)) return { kind: 'values', ...shown };
  }
  const told = (text: string): string =>
    `${exact(text.slice(start, start + 8))} at character ${start + 1} of ${text.length}`;
  return { kind: 'values', before: told(before), after: told(after) };
}

/** One line of a text, its end cut off. */
export function head(text: string, width: number): string {
  const shown = printableLine(text.length > width * 2 ? text.slice(0, width * 2) : text);
  return shown.length > width || text.length > width * 2 ? `${whole(shown, width - 1)}${CUT}` : shown;
}

/** Whether a reader takes two texts for the same: by form, width and kind of space, and by letters that are drawn alike. */
export function isAlike(before: string, after: string): boolean {
  const [a, b] = [Array.from(plainForm(before)), Array.from(plainForm(after))];
  return a.length === b.length && a.every((char, at) => char === b[at] || scriptOf(char) !== scriptOf(b[at] ?? ''));
}

function plainForm(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Scripts that draw some of their letters as Latin ones. */
const SCRIPTS = ['Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Lisu'].map(
  (name) => new RegExp(`\\p{Script=${name}}`, 'u'),
);

const scriptOf = (char: string): number => (char < '\u0370' ? -1 : SCRIPTS.findIndex((script) => script.test(char)));

type Write = (text: string) => string;

/** Whatever is not ASCII as its code; spaces that would not be seen as `·`. */
const escaped: Write = (text) =>
  printableLine(text)
    .replace(/[^\x20-\x7e]/gu, escapeOf)
    .replace(/^ +| {2,}| +$/g, (spaces) => '·'.repeat(spaces.length));

/** With a backslash for every backslash of the text itself: two different texts never have the same. */
const exact: Write = (text) => escaped(text.replaceAll('\\', '\\\\'));

/** Where two texts differ. */
interface Place {
  /** Characters shared at the beginning, and at the end. */
  readonly start: number;
  readonly end: number;
  readonly width: number;
}

function cutBoth(before: string, after: string, place: Place, write: Write): { before: string; after: string } {
  const { start, width } = place;
  // The longer of both decides where they begin, so that they begin alike.
  const rest = Math.max(before.length, after.length) - start;
  const lead = Math.max(Math.floor(width * LEAD), width - 1 - rest);
  const isShort = start + rest <= width || start <= lead;
  const from = isShort ? 0 : atWord(before, start - lead, start);
  return { before: cut(before, from, place, write), after: cut(after, from, place, write) };
}

function cut(text: string, from: number, { start, end, width }: Place, write: Write): string {
  const left = from > 0 ? CUT : '';
  const room = width - left.length;
  if (text.length - from <= room) {
    const all = write(text.slice(from));
    if (all.length <= room) return left + all;
  }
  const lead = left + wholeEnd(write(text.slice(from, start)), width - 16);
  const rest = Math.max(width - lead.length, 16);
  const middle = text.slice(start, text.length - end);
  if (middle.length < rest - 1 && write(middle).length < rest - 1) {
    const shown = write(text.slice(start, start + rest));
    return `${lead}${shown.length >= rest || start + rest < text.length ? `${whole(shown, rest - 1)}${CUT}` : shown}`;
  }
  // What differs is longer than the line: its beginning and its end.
  const first = Math.ceil(rest * 0.6);
  const last = rest - first - 2;
  const tail = last > 6 ? wholeEnd(write(middle.slice(-last)), last) : '';
  return `${lead}${whole(write(middle.slice(0, first)), first)}${CUT}${tail}${end > 0 && tail !== '' ? CUT : ''}`;
}

/** Characters that two texts have in common at their beginning; never half a character. */
export function sharedStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return isInside(a, at) || isInside(b, at) ? at - 1 : at;
}

/** At their end, without what they share at their beginning. */
export function sharedEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let count = 0;
  while (count < most && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count)) count += 1;
  return isInside(a, a.length - count) || isInside(b, b.length - count) ? count - 1 : count;
}

/** Whether a place is between the halves of one character. */
function isInside(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** The next place after a separator, if one is near. */
function atWord(text: string, from: number, latest: number): number {
  const near = text.slice(from, Math.min(latest, from + 12)).search(/(?<=[\s/,;:"'=&])\S/);
  const at = near < 0 ? from : from + near;
  return isInside(text, at) ? at + 1 : at;
}

function whole(text: string, length: number): string {
  return text.slice(0, isInside(text, length) ? length - 1 : length);
}

function wholeEnd(text: string, length: number): string {
  const from = Math.max(0, text.length - length);
  return text.slice(isInside(text, from) ? from + 1 : from);
}
