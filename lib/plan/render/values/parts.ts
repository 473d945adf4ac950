import { ownEntry } from '../../../config/own-entry.ts';
import { isRecord } from '../../../text/json.ts';
import { align } from '../../difference/align.ts';
import { join } from '../../difference/differences.ts';
import { canonical } from '../../difference/json.ts';
import { isStatement } from '../../difference/statement.ts';
import { isTag, ruleText, valueOf } from './elements.ts';
import { excerpts, head, isAlike } from './excerpt.ts';
import type { PartsDifference, Room, ValueDifference } from './model.ts';
import { textOf } from './readable.ts';
import { factsOf, nameOf, sentenceOf } from './statement.ts';

/** Compares two values that are at the same place of both. */
export type Compare = (before: unknown, after: unknown) => ValueDifference;

/** Lists of these names have no order, whoever reads them. */
const SETS = new Set([
  'Statement',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Tags',
  'tags',
  'security_groups',
]);
/** What names an element of a list to people. */
const NAMES = ['name', 'Name', 'key', 'Key', 'Sid', 'Id', 'id', 'device_name', 'DeviceName', 'PolicyName'];

interface How {
  readonly room: Room;
  readonly compare: Compare;
}

interface Found {
  readonly removed: string[];
  readonly added: string[];
  readonly changed: { name: string; difference: ValueDifference }[];
}

/** What is in only one of two maps or lists, and what differs in what is in both: keys by name, elements by what identifies them. */
export function partsDifference(before: object, after: object, room: Room, compare: Compare): PartsDifference {
  const found: Found = { removed: [], added: [], changed: [] };
  walk(before, after, '', found, { room, compare });
  return cutTo(found, room);
}

/** Each text in one line, and no more of them than there is room for. */
function cutTo(found: Found, room: Room): PartsDifference {
  const { removed, added } = apart(found, room.width);
  let budget = room.lines;
  const take = <T>(list: readonly T[]): readonly T[] => {
    const taken = list.slice(0, Math.max(budget, 1));
    budget -= taken.length;
    return taken;
  };
  const [gone, come, changed] = [take(removed), take(added), take(found.changed)];
  return {
    kind: 'parts',
    removed: gone,
    added: come,
    changed: changed.map((each) => ({ ...each, name: head(each.name, room.width) })),
    left: removed.length + added.length + found.changed.length - gone.length - come.length - changed.length,
  };
}

function walk(before: unknown, after: unknown, path: string, found: Found, how: How): void {
  if (canonical(before) === canonical(after)) return;
  if (isMissing(before)) found.added.push(line(path, after));
  else if (isMissing(after)) found.removed.push(line(path, before));
  else if (isStatement(before) && isStatement(after)) walkStatement(before, after, path, found, how);
  else if (Array.isArray(before) && Array.isArray(after)) walkLists(before, after, path, found, how);
  else if (ruleText(before) !== ruleText(after))
    found.changed.push({ name: path, difference: how.compare(ruleText(before) ?? before, ruleText(after) ?? after) });
  else if (isTag(before) && isTag(after)) walk(valueOf(before), valueOf(after), path, found, how);
  else if (isRecord(before) && isRecord(after) && textOf(before) === undefined && textOf(after) === undefined)
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      walk(ownEntry(before, key), ownEntry(after, key), join(path, key), found, how);
  else found.changed.push({ name: path, difference: how.compare(before, after) });
}

function walkLists(before: readonly unknown[], after: readonly unknown[], path: string, found: Found, how: How): void {
  const { pairs, removed, added } = align(before, after, SETS.has(path.slice(path.lastIndexOf('.') + 1)));
  for (const [left, right] of pairs)
    walk(before[left], after[right], elementPath(path, after[right], right), found, how);
  const places = new Map(added.map((index) => [index, canonical(after[index])]));
  const moved = new Map([...places].map(([index, text]) => [text, index]));
  for (const index of removed) {
    const at = moved.get(canonical(before[index]));
    // Plain values that take each other's place are one change.
    const isSwap = places.has(index) && !isWhole(before[index]) && !isWhole(after[index]);
    if (at !== undefined && places.delete(at)) {
      const place = (index: number): string => `place ${index + 1} of the list`;
      const difference = { kind: 'values', before: place(index), after: place(at) } as const;
      found.changed.push({ name: line(loosePath(path, before[index], index), before[index]), difference });
    } else if (isSwap && places.delete(index)) walk(before[index], after[index], join(path, String(index)), found, how);
    else found.removed.push(line(loosePath(path, before[index], index), before[index]));
  }
  for (const index of places.keys()) found.added.push(line(loosePath(path, after[index], index), after[index]));
}

/** A statement is what it says: things that it says no longer, and things that it says now. */
function walkStatement(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  path: string,
  found: Found,
  { room }: How,
): void {
  const [old, now] = [factsOf(before), factsOf(after)];
  const removed = old.filter((fact) => !now.includes(fact));
  const added = now.filter((fact) => !old.includes(fact));
  if (removed.length + added.length === 0) return;
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const name = [parent.replace(/(?:^|\.)Statement$/, ''), nameOf(after)].filter((each) => each !== '').join(' ');
  found.changed.push({ name, difference: cutTo({ removed, added, changed: [] }, room) });
}

/** Lists of removed and added lines, each cut, and none in both: lines that would print alike are cut around their difference. */
function apart({ removed, added }: Found, width: number): { removed: string[]; added: string[] } {
  const gone = removed.map((text) => head(text, width));
  const come = added.map((text) => head(text, width));
  const places = new Map(come.map((text, index) => [text, index]));
  gone.forEach((text, index) => {
    const twin = places.get(text) ?? (come.length === 1 && isAlike(text, come[0] ?? '') ? 0 : undefined);
    if (twin === undefined) return;
    const cut = excerpts(removed[index] ?? '', added[twin] ?? '', width);
    [gone[index], come[twin]] = [cut.before, cut.after];
  });
  return { removed: gone, added: come };
}

function line(path: string, value: unknown): string {
  if (isStatement(value)) return sentenceOf(value);
  const bare = isTag(value) ? valueOf(value) : value;
  const text = ruleText(bare) ?? textOf(bare) ?? JSON.stringify(bare);
  return path === '' ? text : `${path}: ${text}`;
}

/** The path of an element: by the name that people know it by, else by its index. */
function elementPath(path: string, value: unknown, index: number): string {
  if (isRecord(value))
    for (const key of NAMES) if (typeof value[key] === 'string' && value[key] !== '') return join(path, value[key]);
  return join(path, String(index));
}

/** Where an element stands that is only in one side: by its name, else by the list alone, since its index says nothing. */
function loosePath(path: string, value: unknown, index: number): string {
  const own = elementPath(path, value, index);
  return own === join(path, String(index)) ? path : own;
}

const isMissing = (value: unknown): boolean => value === undefined || value === null;

const isWhole = (value: unknown): boolean => typeof value === 'object' && value !== null && textOf(value) === undefined;
