import { ownEntry } from '../../config/own-entry.ts';
import { isRecord } from '../../text/json.ts';
import { type Aligned, align } from './align.ts';
import { canonical } from './json.ts';

/** A place at which two values differ. A side that has nothing there is null. */
export interface Difference {
  /** Dotted, with indexes: `network.0.port`. Where an element is only in one side, the index is that side's. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface DifferenceOptions {
  /** Whether the list at a path, without indexes, has no order. @default lists have one */
  readonly isSet?: (path: string) => boolean;
  /** Whether a map is a value to be shown whole, such as `{"Ref": "Vpc"}`. @default none is */
  readonly isAtom?: (value: object) => boolean;
  /** Whether a map in which anything differs is shown whole, such as a statement of a policy. @default none is */
  readonly isWhole?: (value: object) => boolean;
}

/**
 * Where two JSON values differ, sorted by path; none means that they mean the same. Maps are compared key by key, lists by their
 * elements: one that comes or goes in the middle is one difference, and does not shift those behind it. Null is absence.
 */
export function differences(before: unknown, after: unknown, options: DifferenceOptions = {}): Difference[] {
  const found: Difference[] = [];
  if (isRecord(before) !== isRecord(after)) {
    // The whole comes or goes: leaf by leaf.
    for (const [path, value] of leaves(before, options.isAtom)) found.push({ path, before: value, after: null });
    for (const [path, value] of leaves(after, options.isAtom)) found.push({ path, before: null, after: value });
  } else compare(before ?? undefined, after ?? undefined, '', options, found);
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The leaves of a value by path: what is there when a whole resource comes or goes. Empty maps and lists are leaves. */
export function leaves(value: unknown, isAtom: (value: object) => boolean = () => false): Map<string, unknown> {
  const found = new Map<string, unknown>();
  collect(value, '', isAtom, found);
  return found;
}

/** `network.0.port` is `network.port` in a schema. */
export function withoutIndexes(path: string): string {
  return path.replace(/\.\d+(?=\.|$)/g, '');
}

function compare(before: unknown, after: unknown, path: string, options: DifferenceOptions, found: Difference[]): void {
  if (before === after) return;
  if (isRecord(before) && isRecord(after) && options.isWhole?.(before) === true && options.isWhole(after)) {
    if (differences(before, after, { ...options, isWhole: () => false }).length > 0)
      found.push({ path, before, after });
    return;
  }
  if (isRecord(before) && isRecord(after) && options.isAtom?.(before) !== true && options.isAtom?.(after) !== true) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(ownEntry(before, key) ?? undefined, ownEntry(after, key) ?? undefined, join(path, key), options, found);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, path, options, found);
  } else if (canonical(before) !== canonical(after)) {
    found.push({ path, before: before ?? null, after: after ?? null });
  }
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  options: DifferenceOptions,
  found: Difference[],
): void {
  const isSet = options.isSet?.(withoutIndexes(path)) ?? false;
  const { pairs, removed, added }: Aligned = align(before, after, isSet);
  for (const [left, right] of pairs) compare(before[left], after[right], join(path, String(right)), options, found);
  const [gone, come] = [new Set(removed), new Set(added)];
  for (const index of removed) {
    const other = come.has(index) ? after[index] : null;
    found.push({ path: join(path, String(index)), before: before[index], after: other });
  }
  for (const index of added) {
    if (!gone.has(index)) found.push({ path: join(path, String(index)), before: null, after: after[index] });
  }
}

function collect(value: unknown, path: string, isAtom: (value: object) => boolean, found: Map<string, unknown>): void {
  const isInner = typeof value === 'object' && value !== null && Object.keys(value).length > 0 && !isAtom(value);
  if (!isInner) {
    if (path !== '' && value !== null && value !== undefined) found.set(path, value);
    return;
  }
  for (const [key, inner] of Object.entries(value)) collect(inner, join(path, key), isAtom, found);
}

/** `network.0` and `port` are `network.0.port`. */
export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
