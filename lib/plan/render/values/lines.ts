import { diffArrays } from 'diff/lib/diff/array.js';
import { excerpts, head } from './excerpt.ts';
import type { Hunk, LinesDifference, Room } from './model.ts';

/** Shared lines around those that differ. */
const CONTEXT = 2;
/** Texts that differ in more lines are shown as one that goes and one that comes: finding the least difference takes too long. */
const MAXIMUM_EDITS = 1000;

/** Lines shared, then lines that go, then lines that come. */
interface Block {
  readonly shared: readonly string[];
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Two texts line by line, cut around the lines that differ. A last line without its line break is another line than one with it. */
export function lineDifference(before: string, after: string, room: Room): LinesDifference {
  const hunks: Hunk[] = [];
  const blocks = blocksOf(linesOf(before), linesOf(after));
  let [oldLine, newLine, left, budget] = [1, 1, 0, room.lines];
  let open: { before: number; after: number; lines: string[] } | undefined;
  for (const { shared, removed, added } of blocks) {
    if (open !== undefined && shared.length > 2 * CONTEXT) {
      open.lines.push(...shared.slice(0, CONTEXT).map((line) => ` ${head(line, room.width)}`));
      hunks.push(open);
      open = undefined;
    } else if (open !== undefined) open.lines.push(...shared.map((line) => ` ${head(line, room.width)}`));
    [oldLine, newLine] = [oldLine + shared.length, newLine + shared.length];
    if (removed.length + added.length > 0) {
      const shown = changedLines(removed, added, budget, room.width);
      if (shown.length > 0 && open === undefined) {
        const lead = shared.slice(-CONTEXT);
        const [at, now] = [oldLine - lead.length, newLine - lead.length];
        open = { before: at, after: now, lines: lead.map((line) => ` ${head(line, room.width)}`) };
      }
      open?.lines.push(...shown);
      budget -= shown.length;
      left += removed.length + added.length - shown.length;
    }
    [oldLine, newLine] = [oldLine + removed.length, newLine + added.length];
  }
  if (open !== undefined) hunks.push(open);
  return { kind: 'lines', hunks, left };
}

/** Lines that take each other's place are cut around what differs in them. Both sides get their share of what there is room for. */
function changedLines(removed: readonly string[], added: readonly string[], budget: number, width: number): string[] {
  if (budget <= 0) return [];
  const come = Math.min(added.length, Math.max(Math.floor(budget / 2), budget - removed.length));
  const gone = Math.min(removed.length, budget - come);
  const pairs = Array.from({ length: Math.max(gone, come) }, (_, at) => {
    const [before, after] = [removed[at], added[at]];
    return before === undefined || after === undefined
      ? { before: head(before ?? '', width), after: head(after ?? '', width) }
      : excerpts(before, after, width);
  });
  return [
    ...pairs.slice(0, gone).map(({ before }) => `-${before}`),
    ...pairs.slice(0, come).map(({ after }) => `+${after}`),
  ];
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  // What follows the last line break is no line; without one, the last line says so.
  const last = lines.pop() ?? '';
  if (last !== '') lines.push(`${last}${NO_BREAK}`);
  return lines;
}

const NO_BREAK = ' (no line break at its end)';

function blocksOf(before: readonly string[], after: readonly string[]): Block[] {
  const [start, end] = sharedEnds(before, after);
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  // Between shared ends, a line and another differ.
  const isPlain = old.length <= 1 && now.length <= 1;
  const edits = isPlain ? undefined : diffArrays(old, now, { maxEditLength: MAXIMUM_EDITS });
  const first = before.slice(0, start);
  const last = { shared: before.slice(before.length - end), removed: [], added: [] };
  if (edits === undefined) return [{ shared: first, removed: old, added: now }, last];
  const blocks: { shared: string[]; removed: string[]; added: string[] }[] = [
    { shared: first, removed: [], added: [] },
  ];
  for (const edit of edits) {
    const block = blocks.at(-1);
    if (block === undefined) continue;
    if (edit.removed) block.removed = block.removed.concat(edit.value);
    else if (edit.added) block.added = block.added.concat(edit.value);
    else blocks.push({ shared: edit.value, removed: [], added: [] });
  }
  return [...blocks, last];
}

function sharedEnds(a: readonly string[], b: readonly string[]): [number, number] {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return [start, end];
}
