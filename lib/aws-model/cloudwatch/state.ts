import type { MetricAlarm } from '../cloudwatch-types.ts';
import type { Time } from '../types.ts';

/** What was put within one period of storage: a minute, or a second of metrics of high resolution. */
export interface Point {
  sum: number;
  count: number;
  min: number;
  max: number;
  /** How often each value was put: what percentiles stand on; undefined where only sums of them were. */
  values?: ReadonlyMap<number, number> | undefined;
}

export interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
  /** Seconds: 1 once a point of high resolution came, else 60. */
  resolution: number;
  /** By the start of the period of storage, in ms; oldest first. */
  readonly points: Map<Time, Point>;
}

export interface AlarmState {
  alarm: MetricAlarm;
  /** Counts what was put: timers of an earlier one are void. */
  revision: number;
  /** Actions of scaling policies repeat each minute while in ALARM. */
  actedAt?: Time | undefined;
}

export interface CloudWatchState {
  readonly series: Map<string, Series>;
  readonly alarms: Map<string, AlarmState>;
}

export type CloudWatchTimer = {
  readonly kind: 'cloudwatch.evaluate';
  readonly alarm: string;
  readonly revision: number;
};
