import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** A colour takes no room. */
const CODE = /\u001b\[[\d;]*m/g;
/** A colour, or what stands in one place or in two. */
const PART = /\u001b\[[\d;]*m|\p{RGI_Emoji}|./gsv;
/** Cells of a line stand two spaces apart, or more. */
const ROW = /\S {2,}\S/;
/** What is to be copied whole, a command behind a prompt or a line of Markdown, is left to the terminal. */
const WHOLE = /^(?:[\w.-]+(?:, [\w.-]+)?)?\$ |^\|/;
/** A column a character. */
const NARROW_TEXT = /^[\x20-\x7e]*$/;
/** A column is no narrower while another can be. */
const NARROW = 8;
const NARROWEST = 3;
/** Words of this length are broken before shorter ones are. */
const LONG_WORD = 30;

interface Column {
  readonly start: number;
  readonly end: number;
}

/**
 * Text for a terminal of so many columns, broken between words: prose goes on two spaces further in, the cell of a table in its column.
 * Commands in backticks and options in brackets stay whole where they can.
 * @param hang spaces before what goes on of prose at the left edge
 */
export function fit(text: string, columns: number, hang = 2): string {
  // Some terminals tell of no width.
  if (2 * text.length <= columns || columns < 20) return text;
  const blocks: string[][] = [];
  let isTable = false;
  for (const line of text.split('\n')) {
    const isRow = ROW.test(plain(line));
    const last = blocks.at(-1);
    if (isRow && isTable && last !== undefined) last.push(line);
    else blocks.push([line]);
    isTable = isRow;
  }
  return blocks.flatMap((block) => fitBlock(block, columns, hang)).join('\n');
}

/** What stands from one column to another: wide letters take two. Colours outside of them stay, so that each piece has its own. */
export function cut(line: string, from: number, to: number): string {
  let seen = 0;
  return line.replaceAll(PART, (part) => {
    if (part.startsWith('\u001b')) return part;
    seen += widthOf(part);
    return seen > from && seen <= to ? part : '';
  });
}

function fitBlock(lines: readonly string[], columns: number, hang: number): readonly string[] {
  if (lines.every((line) => widthOf(line) <= columns || WHOLE.test(plain(line).trim()))) return lines;
  const found = columnsOf(lines.map(placesOf));
  if (found.length === 1 && lines.length > 1) return lines.flatMap((line) => fitBlock([line], columns, hang));
  if (found.length === 1) return prose(lines[0] ?? '', found[0]?.start ?? 0, columns, hang);
  return tableOf(lines, found, columns);
}

function prose(line: string, indent: number, columns: number, hang: number): string[] {
  const text = cut(line, indent, Infinity);
  const further = indent + (indent === 0 ? hang : 2);
  return broken(text, columns - further, false).map((each, at) => ' '.repeat(at === 0 ? indent : further) + each);
}

function tableOf(lines: readonly string[], found: readonly Column[], columns: number): string[] {
  const cells = lines.map((line) => found.map(({ start, end }) => cut(line, start, end)));
  const gaps = found.map(({ start }, at) => {
    const gap = start - (found[at - 1]?.end ?? 0);
    return at === 0 || lines.length === 1 ? gap : 2;
  });
  const natural = found.map(({ start, end }) => end - start);
  const words = found.map((_, at) => Math.max(...cells.map((row) => longestWord(row[at] ?? ''))));
  const floors = words.map((least, at) => Math.max(least, Math.min(natural[at] ?? 0, NARROW)));
  const room = gaps.reduce((left, gap) => left - gap, columns);
  const widths = [floors, words, natural.map(() => NARROWEST)].reduce(
    (all, least) => narrowed(all, least, room),
    natural,
  );
  return cells.flatMap((row) => {
    const pieces = row.map((cell, at) => {
      const width = widths[at] ?? 0;
      return width === natural[at] ? [cell] : broken(cell.trim().replaceAll(/ {2,}/g, ' '), width, true);
    });
    return Array.from({ length: Math.max(...pieces.map(({ length }) => length)) }, (_, line) =>
      pieces
        .map((piece, at) => ' '.repeat(gaps[at] ?? 0) + padded(piece[line] ?? '', widths[at] ?? 0))
        .join('')
        .trimEnd(),
    );
  });
}

/** The widest gives way first, down to its floor. */
function narrowed(widths: readonly number[], floors: readonly number[], room: number): number[] {
  const given = [...widths];
  for (let over = given.reduce((sum, each) => sum + each, -room); over > 0; over -= 1) {
    const free = given.map((each, at) => (each > (floors[at] ?? 0) ? each : 0));
    const widest = Math.max(...free);
    if (widest === 0) break;
    given[free.indexOf(widest)] = widest - 1;
  }
  return given;
}

/** What two blank columns in all of the lines part. */
function columnsOf(lines: readonly string[]): Column[] {
  const length = Math.max(...lines.map((line) => line.length));
  const isBlank = Array.from({ length }, (_, at) => lines.every((line) => (line[at] ?? ' ') === ' '));
  const found: Column[] = [];
  for (const [at, blank] of isBlank.entries()) {
    const last = found.at(-1);
    if (blank) continue;
    if (last !== undefined && at - last.end < 2) found[found.length - 1] = { start: last.start, end: at + 1 };
    else found.push({ start: at, end: at + 1 });
  }
  return found;
}

function broken(text: string, width: number, hard: boolean): string[] {
  return wrapAnsi(held(text), width, { hard }).replaceAll('\u00A0', ' ').split('\n');
}

/** With spaces that break no line where a line should not be broken. */
function held(text: string): string {
  return text.replaceAll(/`[^`]*`|(?<!\u001b)\[[^\]|]*\]+/g, (span) => span.replaceAll(' ', '\u00A0'));
}

const plain = (line: string): string => line.replaceAll(CODE, '');
const widthOf = (text: string): number => (NARROW_TEXT.test(text) ? text.length : stringWidth(text));
/** A character for each column that a line takes. */
const placesOf = (line: string): string =>
  NARROW_TEXT.test(line)
    ? line
    : plain(line).replaceAll(PART, (part) => (part === ' ' ? part : 'x'.repeat(widthOf(part))));
const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

function longestWord(cell: string): number {
  const words = held(plain(cell)).split(' ');
  return Math.min(LONG_WORD, Math.max(...words.map(widthOf)));
}
