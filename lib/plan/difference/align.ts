import { diffArrays } from 'diff/lib/diff/array.js';
import { ownEntry } from '../../config/own-entry.ts';
import { isRecord } from '../../text/json.ts';
import { canonical } from './json.ts';
import { isStatement } from './statement.ts';

/** How the elements of two lists belong together. */
export interface Aligned {
  /** Elements that stayed but differ inside: index before, index after. Equal ones are left out. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** Lists with more elements that came or went are compared place by place: nobody reads such a difference, and finding the least one is quadratic. */
const MAXIMUM_EDITS = 1000;
/** Pairs of elements that are compared to find those that belong together; of more, only those at the same place are. */
const MAXIMUM_PAIRS = 100_000;

/** What tells one element from its neighbours, in the order of how surely it does. */
const IDENTITIES = [
  'name',
  'key',
  'Key',
  'Sid',
  'Id',
  'id',
  'uuid',
  'device_name',
  'DeviceName',
  'PolicyName',
  'subnet_id',
];

/** Finds elements that stayed, and pairs those that changed inside; the rest came or went. */
export function align(before: readonly unknown[], after: readonly unknown[], isSet: boolean): Aligned {
  const left = before.map(canonical);
  const right = after.map(canonical);
  const anchors = isSet ? matchAnywhere(left, right) : matchInOrder(left, right);
  const pairs: [number, number][] = [];
  const removed: number[] = [];
  const added: number[] = [];
  for (const gap of isSet
    ? [wholeGap(anchors, left.length, right.length)]
    : gapsOf(anchors, left.length, right.length)) {
    if (gap.left.length * gap.right.length > MAXIMUM_PAIRS) {
      for (let place = 0; place < Math.max(gap.left.length, gap.right.length); place += 1) {
        const [old, now] = [gap.left[place], gap.right[place]];
        if (old !== undefined && now !== undefined && isSameThing(before[old], after[now], gap)) pairs.push([old, now]);
        else {
          if (old !== undefined) removed.push(old);
          if (now !== undefined) added.push(now);
        }
      }
      continue;
    }
    const open = [...gap.right];
    for (const index of gap.left) {
      const at = open.findIndex((other) => isSameThing(before[index], after[other], gap));
      if (at < 0) {
        removed.push(index);
        continue;
      }
      pairs.push([index, open[at] ?? 0]);
      // In a list, what stands before the partner can have none any more: pairs may not cross.
      added.push(...open.splice(0, isSet ? 0 : at));
      open.splice(isSet ? at : 0, 1);
    }
    added.push(...open);
  }
  return { pairs, removed, added };
}

interface Gap {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

function isSameThing(before: unknown, after: unknown, gap: Gap): boolean {
  if (!isRecord(before) || !isRecord(after)) return false;
  for (const identity of IDENTITIES) {
    const value = before[identity];
    if (value !== undefined && after[identity] !== undefined) return canonical(value) === canonical(after[identity]);
  }
  // What is allowed is never what was denied.
  if (isStatement(before) && isStatement(after) && before['Effect'] !== after['Effect']) return false;
  if (gap.left.length === 1 && gap.right.length === 1) return true;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return (
    2 * keys.filter((key) => canonical(ownEntry(before, key)) === canonical(ownEntry(after, key))).length > keys.length
  );
}

function matchAnywhere(left: readonly string[], right: readonly string[]): [number, number][] {
  const places = new Map<string, number[]>();
  right.forEach((text, index) => {
    const known = places.get(text);
    if (known === undefined) places.set(text, [index]);
    else known.push(index);
  });
  return left.flatMap((text, index): [number, number][] => {
    const place = places.get(text)?.shift();
    return place === undefined ? [] : [[index, place]];
  });
}

/** A longest common subsequence. */
function matchInOrder(left: readonly string[], right: readonly string[]): [number, number][] {
  if (left.length <= 1 && right.length <= 1) return left.length === 1 && left[0] === right[0] ? [[0, 0]] : [];
  const edits = diffArrays([...left], [...right], { maxEditLength: MAXIMUM_EDITS });
  if (edits === undefined)
    return left.flatMap((text, at): [number, number][] => (text === right[at] ? [[at, at]] : []));
  const matches: [number, number][] = [];
  let [i, j] = [0, 0];
  for (const { added, removed, count } of edits) {
    for (let k = 0; !added && !removed && k < count; k += 1) matches.push([i + k, j + k]);
    if (!added) i += count;
    if (!removed) j += count;
  }
  return matches;
}

/** What lies between the anchors. */
function gapsOf(anchors: readonly (readonly [number, number])[], leftLength: number, rightLength: number): Gap[] {
  const gaps: Gap[] = [];
  let [left, right] = [0, 0];
  for (const [i, j] of [...anchors, [leftLength, rightLength] as const]) {
    if (i > left || j > right) gaps.push({ left: range(left, i), right: range(right, j) });
    [left, right] = [i + 1, j + 1];
  }
  return gaps;
}

function wholeGap(anchors: readonly (readonly [number, number])[], leftLength: number, rightLength: number): Gap {
  const left = new Set(anchors.map(([i]) => i));
  const right = new Set(anchors.map(([, j]) => j));
  return {
    left: range(0, leftLength).filter((index) => !left.has(index)),
    right: range(0, rightLength).filter((index) => !right.has(index)),
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
