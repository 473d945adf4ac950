import { CfnScalingPolicy, CfnScheduledAction } from 'aws-cdk-lib/aws-autoscaling';
import { CfnAlarm, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { expressionQueries } from './metric-queries.ts';
import { backlogPerInstance, idleJobs, type MetricSource, missingInstances, unlessScaled } from './scaling-metrics.ts';

export interface BurstStep {
  /** From how many missing instances on. */
  readonly missing: number;
  /** Instances to add. */
  readonly add: number;
}

export interface Schedule {
  /** Cron expression of five fields. */
  readonly recurrence: string;
  /** IANA time zone. */
  readonly timeZone: string;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

export interface FleetScalingProps extends MetricSource {
  /** Target of jobs waiting for each instance: acceptable wait / duration of a job. */
  readonly backlogPerInstance: number;
  /** Fewest instances, which an idle fleet goes to. */
  readonly minimum: number;
  /** Seconds until a new instance counts.
   * @default - 120 */
  readonly warmupSeconds?: number;
  /** Seconds without a job, waiting or running, after which the fleet goes to its minimum; whole minutes.
   * @default - 300 */
  readonly idleSeconds?: number;
  /** What is added each minute while instances are missing; the first step starts at 1.
   * @default - 1 from 1, 10 from 10, 50 from 50 */
  readonly burst?: readonly BurstStep[];
  /** Scheduled changes of minimum and maximum.
   * @default - none */
  readonly schedules?: Readonly<Record<string, Schedule>>;
  /** How many minutes a scaler was started in, and failed in, where the fleet has one.
   * @default - none: these policies alone decide */
  readonly scaler?: { readonly started: IMetric; readonly failed: IMetric } | undefined;
}

const BURST: readonly BurstStep[] = [
  { missing: 1, add: 1 },
  { missing: 10, add: 10 },
  { missing: 50, add: 50 },
];

/**
 * Three policies on one queue. Target tracking holds the backlog per instance, and scales in slowly. Step scaling adds missing instances
 * each minute, and starts an empty fleet: target tracking multiplies the present capacity, and zero stays zero. Idle sets a fleet
 * without jobs to its minimum, which may be zero.
 *
 * With a scaler, target tracking and step scaling rest while it sets the capacity: tracking sees its own target, and step scaling nothing that is missing.
 * Beside it they would fight: step scaling would launch each minute what the scaler ends 15 s later, and tracking would end what it keeps. Once it is silent
 * for as long as their alarms look back, three minutes and five, or where it fails, they decide as if there were none. Idle stays as it is.
 */
export class FleetScaling extends Construct {
  readonly tracking: CfnScalingPolicy;
  readonly burst: CfnScalingPolicy;
  readonly burstAlarm: CfnAlarm;
  readonly idle: CfnScalingPolicy;
  readonly idleAlarm: CfnAlarm;
  readonly schedules: ReadonlyMap<string, CfnScheduledAction>;

  constructor(scope: Construct, id: string, props: FleetScalingProps) {
    super(scope, id);
    const { backlogPerInstance: target } = props;
    const groupName = props.group.ref;
    this.tracking = new CfnScalingPolicy(this, 'Tracking', {
      autoScalingGroupName: groupName,
      policyType: 'TargetTrackingScaling',
      estimatedInstanceWarmup: props.warmupSeconds ?? 120,
      targetTrackingConfiguration: {
        targetValue: target,
        customizedMetricSpecification: {
          metrics: expressionQueries(unlessScaled(backlogPerInstance(props), target, props.scaler)),
        },
      },
    });
    this.burst = new CfnScalingPolicy(this, 'Burst', {
      autoScalingGroupName: groupName,
      policyType: 'StepScaling',
      adjustmentType: 'ChangeInCapacity',
      metricAggregationType: 'Maximum',
      // The metric already counts what was asked for: an instance that warms up must not hide the next one that is missing.
      estimatedInstanceWarmup: 0,
      stepAdjustments: stepAdjustments(props.burst ?? BURST),
    });
    this.burstAlarm = new CfnAlarm(this, 'BurstAlarm', {
      alarmDescription: `Instances of ${groupName} that the backlog asks for and nobody has asked for yet`,
      metrics: expressionQueries(unlessScaled(missingInstances(props, target), 0, props.scaler)),
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: 'notBreaching',
      alarmActions: [this.burst.ref],
    });
    this.idle = new CfnScalingPolicy(this, 'Idle', {
      autoScalingGroupName: groupName,
      policyType: 'StepScaling',
      adjustmentType: 'ExactCapacity',
      stepAdjustments: [{ metricIntervalUpperBound: 0, scalingAdjustment: props.minimum }],
    });
    this.idleAlarm = new CfnAlarm(this, 'IdleAlarm', {
      alarmDescription: `No job waits or runs in ${groupName}`,
      metrics: expressionQueries(idleJobs(props)),
      comparisonOperator: 'LessThanOrEqualToThreshold',
      threshold: 0,
      evaluationPeriods: Math.ceil((props.idleSeconds ?? 300) / 60),
      treatMissingData: 'notBreaching',
      alarmActions: [this.idle.ref],
    });
    const schedules = new Map<string, CfnScheduledAction>();
    for (const [name, { recurrence, timeZone, minimum, maximum }] of Object.entries(props.schedules ?? {})) {
      schedules.set(
        name,
        new CfnScheduledAction(this, `schedule-${name}`, {
          autoScalingGroupName: groupName,
          recurrence,
          timeZone,
          ...(minimum === undefined ? {} : { minSize: minimum }),
          ...(maximum === undefined ? {} : { maxSize: maximum }),
        }),
      );
    }
    this.schedules = schedules;
  }
}

/** Bounds count from the alarm's threshold, which is one missing instance. */
function stepAdjustments(steps: readonly BurstStep[]): CfnScalingPolicy.StepAdjustmentProperty[] {
  return steps.map(({ missing, add }, index) => {
    const next = steps[index + 1];
    return {
      metricIntervalLowerBound: missing - 1,
      ...(next === undefined ? {} : { metricIntervalUpperBound: next.missing - 1 }),
      scalingAdjustment: add,
    };
  });
}
