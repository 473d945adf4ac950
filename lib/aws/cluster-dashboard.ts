import { Stack } from 'aws-cdk-lib';
import { CfnDashboard, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ClusterAlarms } from './cluster-alarms.ts';
import type { FleetEvents } from './fleet-events.ts';
import { type FleetScaler, scalerMetric } from './fleet-scaler.ts';
import type { HardenedFleet } from './hardened-fleet.ts';
import type { JobQueue } from './job-queue.ts';
import { dashboardSeries } from './metric-queries.ts';
import { ONE_MINUTE } from './scaling-metrics.ts';
import { type WorkerMetric, workerMetric } from './worker-metrics.ts';

export interface ClusterDashboardProps {
  /** Name of the dashboard. */
  readonly name: string;
  readonly queues: ReadonlyMap<string, JobQueue>;
  readonly fleet: HardenedFleet;
  readonly events: FleetEvents;
  readonly scaler: FleetScaler | undefined;
  readonly alarms: ClusterAlarms;
}

/** One page: whether work is done, whether there is capacity, what goes wrong. */
export class ClusterDashboard extends Construct {
  readonly dashboard: CfnDashboard;

  constructor(scope: Construct, id: string, { name, queues, fleet, events, scaler, alarms }: ClusterDashboardProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const worker = (metric: WorkerMetric) => [workerMetric(name, metric, 'Maximum', ONE_MINUTE)];
    const graph = (title: string, at: { x: number; y: number }, metrics: readonly IMetric[], stat = 'Maximum') => ({
      type: 'metric',
      ...at,
      width: 12,
      height: 6,
      properties: {
        title,
        region: stack.region,
        view: 'timeSeries',
        period: ONE_MINUTE.toSeconds(),
        stat,
        metrics: metrics.map(dashboardSeries),
      },
    });
    this.dashboard = new CfnDashboard(this, 'Dashboard', {
      dashboardName: name,
      dashboardBody: stack.toJsonString({
        widgets: [
          {
            type: 'alarm',
            x: 0,
            y: 0,
            width: 24,
            height: 3,
            properties: { title: 'Alarms', alarms: [...alarms.all.values()].map((alarm) => alarm.attrArn) },
          },
          graph('Jobs', { x: 0, y: 3 }, [
            ...[...queues.values()].flatMap(({ jobs, deadLetters }) => [
              jobs.metricApproximateNumberOfMessagesVisible(),
              jobs.metricApproximateNumberOfMessagesNotVisible(),
              deadLetters.metricApproximateNumberOfMessagesVisible(),
            ]),
          ]),
          graph(
            'Age of the oldest job in seconds',
            { x: 12, y: 3 },
            [...queues.values()].map(({ jobs }) => jobs.metricApproximateAgeOfOldestMessage()),
          ),
          graph('Instances', { x: 0, y: 9 }, [
            fleet.metric('GroupDesiredCapacity'),
            fleet.metric('GroupInServiceInstances'),
            fleet.metric('GroupPendingInstances'),
            fleet.metric('GroupTerminatingInstances'),
          ]),
          graph('Spot interruptions, launch failures, throttles', { x: 12, y: 9 }, [
            events.metric('SpotInterruptions', ONE_MINUTE),
            events.metric('LaunchFailures', ONE_MINUTE),
            events.metric('Throttles', ONE_MINUTE),
          ]),
          graph('Jobs done and failed', { x: 0, y: 15 }, [...worker('JobsDone'), ...worker('JobsFailed')], 'Sum'),
          graph(
            'Workers that fail their jobs',
            { x: 12, y: 15 },
            [...worker('WorkerBroken'), ...worker('FleetBreakerOpen')],
            'Sum',
          ),
          graph('Duration of a job in milliseconds, 95th percentile', { x: 0, y: 21 }, worker('JobDuration'), 'p95'),
          graph('Wait in the queue in milliseconds, 95th percentile', { x: 12, y: 21 }, worker('QueueWait'), 'p95'),
          ...(scaler === undefined
            ? []
            : [
                graph(
                  'Minutes in which the scaler was started, and failed',
                  { x: 0, y: 27 },
                  [scalerMetric(name, 'Invocations', ONE_MINUTE), scalerMetric(name, 'Errors', ONE_MINUTE)],
                  'Sum',
                ),
              ]),
        ],
      }),
    });
  }
}
