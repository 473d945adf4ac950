import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** How often an instance says what it does, and after which silence it counts as lost. */
export const HEARTBEATS = { everySeconds: 15, lostAfterSeconds: 45 } as const;

/** Namespace of the metrics of a cluster's workers and of those that are counted from its events. */
export function metricNamespace(cluster: string): string {
  return `Tandem/${cluster}`;
}

/** What workers measure: over the whole cluster, or of one queue. Durations are in milliseconds. */
export type WorkerMetric =
  | 'JobsDone'
  | 'JobsFailed'
  | 'JobDuration'
  | 'QueueWait'
  | 'WorkerBroken'
  | 'FleetBreakerOpen';

/** @param statistic `Sum`, or a percentile like `p95` */
export function workerMetric(cluster: string, metricName: WorkerMetric, statistic: string, period: Duration): Metric {
  return new Metric({ namespace: metricNamespace(cluster), metricName, statistic, period });
}
