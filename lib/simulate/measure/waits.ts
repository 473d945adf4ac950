import type { Simulated } from '../run/simulation.ts';

/** In seconds, of all jobs that started; those that never did count as waiting until the end. */
export interface Waits {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  /** Mean of (wait + run) / run, where a run counts as ten seconds at least (Feitelson, "Metrics for parallel job scheduling", bounded slowdown). */
  readonly slowdown: number;
  /** Jobs that waited longer than the deadline. */
  readonly late: number;
}

const BOUND_SECONDS = 10;

/** @param deadlineSeconds - a wait that is too long; Infinity: none is */
export function waitsOf(simulated: Simulated, deadlineSeconds = Infinity): Waits {
  const { at, seconds } = simulated.jobs.workload;
  const waits = waitsIn(simulated);
  let [sum, slow, late] = [0, 0, 0];
  for (const [index, wait] of waits.entries()) {
    const run = seconds[index] ?? 0;
    sum += wait;
    slow += Math.max(1, (wait + run) / Math.max(run, BOUND_SECONDS));
    if (wait > deadlineSeconds) late += 1;
  }
  const sorted = waits.sort();
  const count = Math.max(1, at.length);
  return {
    ...{ mean: sum / count, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) },
    ...{ longest: sorted.at(-1) ?? 0, slowdown: slow / count, late },
  };
}

/** The wait of each job, in their order. */
export function waitsIn({ jobs, begin, end }: Simulated): Float64Array {
  return jobs.workload.at.map((come, index) => {
    const started = jobs.started[index] ?? Number.NaN;
    return Math.max(0, ((Number.isNaN(started) ? end : started) - begin) / 1000 - come);
  });
}

/** The least value that at least this share of all is not above: of ascending values; 0 of none. */
export function quantile(ascending: Float64Array, share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? 0;
}
