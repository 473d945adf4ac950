import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNamespace } from './worker-names.ts';

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
