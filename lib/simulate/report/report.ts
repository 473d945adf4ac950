import type { Workload } from '../workload/workload.ts';
import type { Best, Judged } from './judge.ts';

/** What was simulated of an environment. */
export interface Report {
  readonly environment: string;
  readonly seed: number;
  /** Seconds that a job may wait; undefined: no wait is too long. */
  readonly goalSeconds: number | undefined;
  /** Jobs that an instance does at once. */
  readonly slots: number;
  readonly workloads: readonly WorkloadReport[];
}

/** One workload, and what each policy made of it: the environment's own first. */
export interface WorkloadReport {
  readonly workload: Workload;
  readonly best: Best;
  readonly policies: readonly Judged[];
  /** How policies fare whose forecast is wrong. @default - nothing was tried with a wrong forecast */
  readonly forecasts?: readonly ForecastPoint[];
}

/** A policy with a forecast that is off by so much. */
export interface ForecastPoint {
  readonly policy: string;
  /** Mean error of the forecast, in percent of what came. */
  readonly errorPercent: number;
  /** Instance-hours above the best, in percent of that. */
  readonly regretPercent: number;
  /** Wait in seconds that 95 of 100 jobs do not exceed. */
  readonly p95: number;
}
