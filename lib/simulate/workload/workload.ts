import { workloadTooLarge } from '../errors.ts';

/** Jobs in the order in which they come. Columns, for there may be millions. */
export interface Workload {
  readonly name: string;
  /** When each comes, in seconds since the beginning; ascending. */
  readonly at: Float64Array;
  /** Seconds that each runs, of one lane of a worker. */
  readonly seconds: Float64Array;
  /** Seconds that were looked at: the last job may come earlier. */
  readonly span: number;
  /** Milliseconds since 1970 that its times count from. @default - it is of no particular day */
  readonly begin?: number;
  /** Machines that fail on the way, in the order of time. @default - none */
  readonly losses?: readonly Loss[];
}

/** Instances that are gone at once, with what they do: of those that run, whichever. Where fewer run, all. */
export interface Loss {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly instances: number;
}

/** One line of a trace. */
export interface TracedJob {
  readonly at: number;
  readonly seconds: number;
  /** Lanes that it takes: as many jobs of this duration at once. @default 1 */
  readonly size?: number;
}

/** A simulation of more takes minutes a policy. */
export const MOST_JOBS = 3_000_000;

/** Days between the first job and the end of the last: every minute of them is simulated, for each policy. */
const MOST_DAYS = 731;
const DAY = 86_400;

/** @throws TandemError `workload-too-large` */
export function requireFew(name: string, jobs: number): void {
  if (jobs > MOST_JOBS)
    throw workloadTooLarge(name, `${jobs.toLocaleString('en')} jobs or more`, MOST_JOBS.toLocaleString('en'));
}

/** In order, from 0 on, each job of a size as so many. @throws TandemError `workload-too-large` */
export function workloadOf(name: string, traced: readonly TracedJob[], span?: number): Workload {
  const ordered = traced.toSorted((one, other) => one.at - other.at);
  const [first] = ordered;
  const begin = first === undefined || span !== undefined ? 0 : first.at;
  const count = ordered.reduce((sum, { size = 1 }) => sum + size, 0);
  requireFew(name, count);
  const most = ordered.reduce((last, job) => Math.max(last, job.at - begin + job.seconds), span ?? 0);
  if (!(most <= MOST_DAYS * DAY))
    throw workloadTooLarge(name, `times over ${Math.ceil(most / DAY).toLocaleString('en')} days`, `${MOST_DAYS} days`);
  const [at, seconds] = [new Float64Array(count), new Float64Array(count)];
  let next = 0;
  for (const job of ordered)
    for (let part = 0; part < (job.size ?? 1); part += 1) {
      at[next] = job.at - begin;
      seconds[next] = job.seconds;
      next += 1;
    }
  return { name, at, seconds, span: span ?? (count === 0 ? 0 : (at[count - 1] ?? 0)) };
}

/** 2 November 2026. */
const MONDAY = Date.UTC(2026, 10, 2);

/** Milliseconds since 1970 when a workload begins: one of no day, on a Monday at 0:00 UTC. */
export function beginOf({ begin = MONDAY }: Pick<Workload, 'begin'>): number {
  return begin;
}
