import { schedule, type TimelineState, takeDue } from '../../lib/aws-model/timeline.ts';
import { quantile } from '../../lib/simulate/measure/waits.ts';
import type { Workload } from '../../lib/simulate/workload/workload.ts';

/** How long a burst takes in seconds, from its first job on. */
export interface Burst {
  /** Wait that 95 of 100 jobs do not exceed. */
  readonly p95: number;
  /** Until no job waits. */
  readonly cleared: number;
}

/** Of whoever launches all instances at the first job, each after the mean boot, and gives the jobs out as they came. */
export function boundOf({ at, seconds }: Workload, instances: number, bootSeconds: number): Burst {
  const free: TimelineState<undefined> = { heap: [], sequence: 0 };
  const first = at[0] ?? 0;
  for (let each = 0; each < instances; each += 1) schedule(free, first + bootSeconds, undefined);
  let last = first;
  const waits = at.map((come, job) => {
    const start = Math.max(come, takeDue(free, Infinity)?.at ?? come);
    schedule(free, start + (seconds[job] ?? 0), undefined);
    last = Math.max(last, start);
    return start - come;
  });
  return { p95: quantile(waits.sort(), 0.95), cleared: last - first };
}
