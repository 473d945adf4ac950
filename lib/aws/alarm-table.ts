import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmThresholds } from '../config/schema/environment-scaling.ts';
import type { FleetEvents } from './fleet-events.ts';
import { type FleetScaler, scalerMetric } from './fleet-scaler.ts';
import type { HardenedFleet } from './hardened-fleet.ts';
import type { HeartbeatsTable } from './heartbeats-table.ts';
import type { JobQueue } from './job-queue.ts';
import { math, ONE_MINUTE } from './scaling-metrics.ts';
import { workerMetric } from './worker-metrics.ts';
import { HEARTBEATS } from './worker-names.ts';

/** The parts of a cluster that alarms watch. */
export interface AlarmSources {
  /** Name of the cluster. */
  readonly name: string;
  readonly queues: ReadonlyMap<string, JobQueue>;
  readonly fleet: HardenedFleet;
  readonly events: FleetEvents;
  readonly heartbeats: HeartbeatsTable;
  readonly scaler?: FleetScaler | undefined;
}

interface AlarmDefinition {
  /** What is wrong, for whoever gets the notification. */
  readonly description: (cluster: string) => string;
  /** Undefined where the cluster lacks what it watches: then there is no alarm. */
  readonly metric: (sources: AlarmSources) => IMetric | undefined;
  /** In the metric's unit; or the name of a threshold that users set, with how many of the metric's units one of its own is. */
  readonly threshold:
    | number
    | { readonly setting: keyof AlarmThresholds; readonly unit: number; readonly isOfInstances?: boolean };
  /** Periods of the metric in a row.
   * @default - 1 */
  readonly periods?: number;
}

/**
 * Every alarm of a cluster by its construct id. An entry is all that an alarm needs: notification, dashboard, citation and the page of
 * alarms follow from it. A threshold that users set is in `alarmThresholds` of the schema, with its default and its description.
 */
export const ALARMS = {
  OldestJob: {
    description: (cluster) => `The oldest job of ${cluster} has waited too long`,
    metric: ({ queues }) =>
      overQueues('oldest', 'MAX', queues, ({ jobs }) =>
        jobs.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: ONE_MINUTE }),
      ),
    threshold: { setting: 'oldestJobMinutes', unit: 60 },
  },
  DeadLetters: {
    description: (cluster) => `Jobs of ${cluster} are in a dead-letter queue`,
    metric: ({ queues }) =>
      overQueues('dead', 'SUM', queues, ({ deadLetters }) =>
        deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: ONE_MINUTE }),
      ),
    threshold: 1,
  },
  Shortfall: {
    description: (cluster) =>
      `Desired instances of ${cluster} are not in service: no capacity, a quota, or they fail to start`,
    metric: ({ fleet }) =>
      math('shortfall', 'desired - inService', {
        desired: fleet.metric('GroupDesiredCapacity'),
        inService: fleet.metric('GroupInServiceInstances'),
      }),
    threshold: { setting: 'shortfallInstances', unit: 1, isOfInstances: true },
    periods: 15,
  },
  SpotInterruptions: {
    description: () => 'Many Spot instances were interrupted within an hour',
    metric: ({ events }) => events.metric('SpotInterruptions', Duration.hours(1)),
    threshold: { setting: 'spotInterruptionsPerHour', unit: 1 },
  },
  FailedLaunches: {
    description: (cluster) =>
      `Launches of ${cluster} fail: no capacity, a quota, a launch template that EC2 refuses, or workers that never send a heartbeat`,
    metric: ({ events }) => events.metric('LaunchFailures', Duration.hours(1)),
    threshold: { setting: 'failedLaunchesPerHour', unit: 1 },
  },
  SilentInstances: {
    description: (cluster) => `Instances of ${cluster} are in service and send no heartbeats`,
    // An instance writes an item every 15 s, and nothing else in between; those that start or drain write too, so it is no count of the silent.
    metric: ({ fleet, heartbeats }) =>
      math('silent', `inService - FILL(beats, 0) / ${60 / HEARTBEATS.everySeconds}`, {
        inService: fleet.metric('GroupInServiceInstances'),
        beats: heartbeats.table.metric('SuccessfulRequestLatency', {
          statistic: 'SampleCount',
          period: ONE_MINUTE,
          dimensionsMap: { TableName: heartbeats.table.tableName, Operation: 'PutItem' },
        }),
      }),
    threshold: { setting: 'silentInstances', unit: 1, isOfInstances: true },
    periods: 5,
  },
  BrokenWorkers: {
    description: (cluster) =>
      `Workers of ${cluster} fail their jobs more than their peers, and had their instances replaced`,
    metric: ({ name }) => workerMetric(name, 'WorkerBroken', 'Sum', Duration.minutes(5)),
    threshold: 1,
  },
  FleetBroken: {
    description: (cluster) =>
      `Most workers of ${cluster} fail their jobs, and none is replaced: the program, its configuration or what it needs`,
    metric: ({ name }) => workerMetric(name, 'FleetBreakerOpen', 'Sum', Duration.minutes(5)),
    threshold: 1,
  },
  LaunchThrottles: {
    description: (cluster) => `EC2 throttles launches of ${cluster}`,
    metric: ({ events }) => events.metric('Throttles', Duration.minutes(5)),
    threshold: 1,
  },
  HeartbeatThrottles: {
    description: (cluster) => `DynamoDB throttles heartbeats of ${cluster}: running workers would count as lost`,
    metric: ({ heartbeats }) =>
      heartbeats.table.metric('WriteThrottleEvents', { statistic: 'Sum', period: ONE_MINUTE }),
    threshold: 10,
    periods: 3,
  },
  SilentScaler: {
    description: (cluster) =>
      `The scaler of ${cluster} does not run, or fails: target tracking and step scaling hold the fleet meanwhile`,
    metric: ({ name, scaler }) =>
      scaler &&
      math('silent', 'IF(FILL(started, 0) - FILL(failed, 0) > 0, 0, 1)', {
        started: scalerMetric(name, 'Invocations', ONE_MINUTE),
        failed: scalerMetric(name, 'Errors', ONE_MINUTE),
      }),
    threshold: 1,
    periods: 5,
  },
} as const satisfies Readonly<Record<string, AlarmDefinition>>;

/** The series of one queue as it is; those of several in one value. */
function overQueues(
  label: string,
  over: 'MAX' | 'SUM',
  queues: ReadonlyMap<string, JobQueue>,
  seriesOf: (queue: JobQueue) => IMetric,
): IMetric {
  const series = [...queues.values()].map(seriesOf);
  const [only] = series;
  if (series.length === 1 && only !== undefined) return only;
  // A queue without a job publishes nothing.
  const filled = series.map((_, index) => `FILL(${label}${index + 1}, 0)`);
  const expression = over === 'MAX' ? `MAX([${filled.join(', ')}])` : filled.join(' + ');
  return math(label, expression, Object.fromEntries(series.map((each, index) => [`${label}${index + 1}`, each])));
}

/** The value that an alarm compares its metric with. */
export function thresholdOf({ threshold }: AlarmDefinition, settings: AlarmThresholds, maximum: number): number {
  if (typeof threshold === 'number') return threshold;
  const value = settings[threshold.setting];
  // More instances than there can be would never be missing.
  return (threshold.isOfInstances === true ? Math.min(value, maximum) : value) * threshold.unit;
}

export type AlarmName = keyof typeof ALARMS;

/** All alarms, in the order in which they are made and shown. */
export const alarmDefinitions = Object.entries(ALARMS) as readonly (readonly [AlarmName, AlarmDefinition])[];

/** The threshold of the configuration that an alarm has; undefined where its threshold is fixed. */
export function settingOf(name: AlarmName): keyof AlarmThresholds | undefined {
  const { threshold }: AlarmDefinition = ALARMS[name];
  return typeof threshold === 'number' ? undefined : threshold.setting;
}
