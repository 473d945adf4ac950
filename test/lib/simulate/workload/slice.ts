import type { Workload } from '../../../../lib/simulate/workload/workload.ts';

/** The part of a workload between two times, from 0 on. */
export function slice({ name, at, seconds }: Workload, from: number, to: number): Workload {
  const [first, last] = [firstFrom(at, from), firstFrom(at, to)];
  return {
    name,
    at: at.slice(first, last).map((each) => each - from),
    seconds: seconds.slice(first, last),
    span: to - from,
  };
}

/** Index of the first that is not before `value`. */
function firstFrom(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
