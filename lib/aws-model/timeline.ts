import type { Time } from './types.ts';

/** Something that will happen. What became void meanwhile finds that out when its time comes. */
export interface Scheduled<Timer> {
  readonly at: Time;
  /** Of two at one time, the first that was scheduled goes first. */
  readonly sequence: number;
  readonly timer: Timer;
}

/** A heap of what will happen, the earliest first. */
export interface TimelineState<Timer> {
  readonly heap: Scheduled<Timer>[];
  sequence: number;
}

export function schedule<Timer>(timeline: TimelineState<Timer>, at: Time, timer: Timer): void {
  const { heap } = timeline;
  timeline.sequence += 1;
  heap.push({ at, sequence: timeline.sequence, timer });
  let child = heap.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!swapIfEarlier(heap, child, parent)) break;
    child = parent;
  }
}

/** The earliest, if its time is not after `until`. */
export function takeDue<Timer>(timeline: TimelineState<Timer>, until: Time): Scheduled<Timer> | undefined {
  const { heap } = timeline;
  const first = heap[0];
  if (first === undefined || first.at > until) return undefined;
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  heap[0] = last;
  let parent = 0;
  for (;;) {
    const left = 2 * parent + 1;
    if (left >= heap.length) break;
    const child = left + 1 < heap.length && earlier(heap, left + 1, left) ? left + 1 : left;
    if (!swapIfEarlier(heap, child, parent)) break;
    parent = child;
  }
  return first;
}

function earlier<Timer>(heap: readonly Scheduled<Timer>[], a: number, b: number): boolean {
  const one = heap[a];
  const other = heap[b];
  if (one === undefined || other === undefined) return false;
  return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
}

function swapIfEarlier<Timer>(heap: Scheduled<Timer>[], child: number, parent: number): boolean {
  if (!earlier(heap, child, parent)) return false;
  const [a, b] = [heap[child], heap[parent]];
  if (a === undefined || b === undefined) return false;
  heap[child] = b;
  heap[parent] = a;
  return true;
}
