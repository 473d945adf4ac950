import { excerpts, head } from './excerpt.ts';
import { lineDifference } from './lines.ts';
import type { Room, ValueDifference, ValueOptions } from './model.ts';
import { partsDifference } from './parts.ts';
import { readable, textOf } from './readable.ts';

/** JSON in JSON in JSON is taken out so many times; deeper values are compared as text. */
const MAXIMUM_DEPTH = 40;

/**
 * How two values of an attribute differ: text with several lines line by line, maps, lists, JSON in text and policies part by part, anything
 * else in one line each. Base64, gzip and functions of CloudFormation are read through. Time and output are bounded, whatever the
 * values are. Equal values give equal lines. Pure.
 */
export function valueDifference(before: unknown, after: unknown, options: ValueOptions = {}): ValueDifference {
  return differ(before, after, { width: options.width ?? 120, lines: options.lines ?? 40 }, 0);
}

function differ(before: unknown, after: unknown, room: Room, depth: number): ValueDifference {
  const found = depth > 3 ? undefined : inside(before, after, room, depth);
  if (found !== undefined && !isEmpty(found)) return found;
  return values(before, after, room);
}

/** What is in the values, where both are of a kind that has something in it. */
function inside(before: unknown, after: unknown, room: Room, depth: number): ValueDifference | undefined {
  const [old, now] = [readable(before), readable(after)];
  if (typeof old === 'string' && typeof now === 'string')
    return old.includes('\n') || now.includes('\n') ? lineDifference(old, now, room) : undefined;
  if (!isObject(old) || !isObject(now) || Array.isArray(old) !== Array.isArray(now)) return undefined;
  if (isTooDeep(old, MAXIMUM_DEPTH) || isTooDeep(now, MAXIMUM_DEPTH)) return undefined;
  const less = { width: room.width, lines: Math.max(4, Math.floor(room.lines / 5)) };
  return partsDifference(old, now, room, (left, right) => differ(left, right, less, depth + 1));
}

/** In one line each, of the values as they are read, or, where those are the same, of the values as they are written. */
function values(before: unknown, after: unknown, { width }: Room): ValueDifference {
  const [old, now] = [readable(before), readable(after)];
  const ways = [
    [lineOf(old, now), lineOf(now, old)],
    [lineOf(before, after), lineOf(after, before)],
  ] as const;
  const [left, right] = ways.find(([one, other]) => one !== other) ?? [plainJson(before), plainJson(after)];
  if (left === right) return { kind: 'values', before: head(left, width), after: head(right, width) };
  return excerpts(left, right, width);
}

/** A text is quoted where it, or what it is compared with, would be taken for a value of another kind, or for nothing. */
function lineOf(value: unknown, other: unknown): string {
  if (!isPresent(value)) return NOTHING;
  if (typeof value !== 'string') return textOf(value) ?? JSON.stringify(value);
  const isQuoted = typeof other === 'string' ? isOdd(value) || isOdd(other) : isPresent(other) || isOddAlone(value);
  return isQuoted ? JSON.stringify(value) : value;
}

const NOTHING = '(none)';

const isOdd = (text: string): boolean =>
  text === '' || text !== text.trim() || /^\((?:none|known|sensitive)/.test(text);

/** Whether a text by itself looks like a value of another kind. */
export function isOddAlone(text: string): boolean {
  return isOdd(text) || /^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(text);
}

const isPresent = (value: unknown): boolean => value !== null && value !== undefined;

function plainJson(value: unknown): string {
  return isPresent(value) ? JSON.stringify(value) : NOTHING;
}

function isEmpty(found: ValueDifference): boolean {
  if (found.kind === 'lines') return found.hunks.length === 0;
  return found.kind === 'parts' && found.changed.length === 0 && found.removed.join('\n') === found.added.join('\n');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && textOf(value) === undefined;
}

function isTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isTooDeep(inner, depth - 1));
}
