import { schedule, type TimelineState, takeDue } from '../../aws-model/timeline.ts';
import type { Workload } from '../workload/workload.ts';

export interface DemandOptions {
  /** Jobs that an instance does at once. */
  readonly slots: number;
  /** Most instances. */
  readonly maximum: number;
}

/** Instances that a workload keeps busy where none waits for one. */
export interface Demand {
  /** Slot by slot, the most within it. */
  readonly instances: readonly number[];
  readonly slotSeconds: number;
}

/** Slots of a workload at most: of more, each is longer. */
const MOST_SLOTS = 100_000;
const LEAST_SECONDS = 10;

/**
 * Instances that are needed for every job to start when it comes; where the maximum is too few for that, for as many as it takes, first
 * come, first served.
 */
export function demandOf({ at, seconds, span }: Workload, { slots, maximum }: DemandOptions): Demand {
  const lanes = slots * maximum;
  const busy: TimelineState<undefined> = { heap: [], sequence: 0 };
  const [starts, ends] = [new Float64Array(at.length), new Float64Array(at.length)];
  for (const [job, come] of at.entries()) {
    while (takeDue(busy, come) !== undefined);
    const free = busy.heap.length < lanes ? undefined : takeDue(busy, Infinity);
    starts[job] = free?.at ?? come;
    ends[job] = (starts[job] ?? 0) + (seconds[job] ?? 0);
    schedule(busy, ends[job] ?? 0, undefined);
  }
  ends.sort();
  const last = Math.max(span, ends.at(-1) ?? 0);
  const slotSeconds = Math.max(1, Math.ceil(last / MOST_SLOTS / LEAST_SECONDS)) * LEAST_SECONDS;
  const instances = new Array<number>(Math.ceil(last / slotSeconds)).fill(0);
  let [started, ended] = [0, 0];
  for (const slot of instances.keys()) {
    const [from, to] = [slot * slotSeconds, (slot + 1) * slotSeconds];
    while ((ends[ended] ?? Infinity) <= from) ended += 1;
    let most = started - ended;
    while ((starts[started] ?? Infinity) < to) {
      const now = starts[started] ?? 0;
      while ((ends[ended] ?? Infinity) <= now) ended += 1;
      started += 1;
      most = Math.max(most, started - ended);
    }
    instances[slot] = Math.ceil(most / slots);
  }
  return { instances, slotSeconds };
}
