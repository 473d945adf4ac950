import type { MetricDataQuery } from '../../aws-model/cloudwatch-types.ts';
import type { FleetDefinition } from '../fleet/definition.ts';

const GROUP = 'workers';
const QUEUE = 'jobs';

const metric = (
  Id: string,
  Namespace: string,
  MetricName: string,
  Name: string,
  Value: string,
  Stat: string,
): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName, Dimensions: [{ Name, Value }] }, Period: 60, Stat },
  ReturnData: false,
});
const WAITING = metric('waiting', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', QUEUE, 'Maximum');
const RUNNING = metric('running', 'AWS/SQS', 'ApproximateNumberOfMessagesNotVisible', 'QueueName', QUEUE, 'Maximum');
const IN_SERVICE = metric(
  'inService',
  'AWS/AutoScaling',
  'GroupInServiceInstances',
  'AutoScalingGroupName',
  GROUP,
  'Average',
);
const DESIRED = metric('desired', 'AWS/AutoScaling', 'GroupDesiredCapacity', 'AutoScalingGroupName', GROUP, 'Average');
const math = (Expression: string): MetricDataQuery => ({ Id: 'value', Expression, ReturnData: true });
const steady = (id: string) => `FILL(FILL(${id}, REPEAT), 0)`;

export interface GroupSizes {
  readonly minimum: number;
  readonly maximum: number;
}

export function bareFleet({ minimum, maximum }: GroupSizes): FleetDefinition {
  return {
    queue: QUEUE,
    group: {
      AutoScalingGroupName: GROUP,
      MinSize: minimum,
      MaxSize: maximum,
      HealthCheckType: 'EC2',
      LifecycleHookSpecificationList: [
        {
          LifecycleHookName: 'first-heartbeat',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          HeartbeatTimeout: 600,
          DefaultResult: 'ABANDON',
        },
        {
          LifecycleHookName: 'drain',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
          HeartbeatTimeout: 300,
          DefaultResult: 'CONTINUE',
        },
      ],
    },
    policies: [],
    alarms: [],
    schedules: [],
  };
}

/** Amazon EC2 Auto Scaling user guide, "Scaling policy based on Amazon SQS": backlog per instance; from zero by a step. */
export function targetTracking(
  sizes: GroupSizes,
  { target, warmup = 300 }: { target: number; warmup?: number },
): FleetDefinition {
  const fleet = bareFleet(sizes);
  return {
    ...fleet,
    policies: [
      {
        AutoScalingGroupName: GROUP,
        PolicyName: 'tracking',
        PolicyType: 'TargetTrackingScaling',
        EstimatedInstanceWarmup: warmup,
        TargetTrackingConfiguration: {
          TargetValue: target,
          CustomizedMetricSpecification: {
            Metrics: [
              WAITING,
              IN_SERVICE,
              math(
                `IF(${steady('inService')} > 0, ${steady('waiting')} / ${steady('inService')}, ${steady('waiting')})`,
              ),
            ],
          },
        },
      },
    ],
  };
}

/** Step scaling on what is missing and what is too much. */
export function stepScaling(
  sizes: GroupSizes,
  {
    perInstance,
    outPeriods = 1,
    inPeriods = 5,
    warmup = 60,
    inPercent = 20,
    factor = 1,
  }: {
    perInstance: number;
    outPeriods?: number;
    inPeriods?: number;
    warmup?: number;
    inPercent?: number;
    factor?: number;
  },
): FleetDefinition {
  const fleet = bareFleet(sizes);
  const missing = math(`CEIL(${steady('waiting')} / ${perInstance}) - 0 * ${steady('desired')}`);
  return {
    ...fleet,
    policies: [
      {
        ...{
          AutoScalingGroupName: GROUP,
          PolicyName: 'out',
          PolicyType: 'StepScaling',
          AdjustmentType: 'ChangeInCapacity',
          EstimatedInstanceWarmup: warmup,
        },
        StepAdjustments: [1, 2, 4, 8, 16, 32, 64, 128].map((from, at, all) => ({
          MetricIntervalLowerBound: from - 1,
          ...(all[at + 1] === undefined ? {} : { MetricIntervalUpperBound: (all[at + 1] ?? 0) - 1 }),
          ScalingAdjustment: Math.max(1, Math.round(from * factor)),
        })),
      },
      {
        ...{
          AutoScalingGroupName: GROUP,
          PolicyName: 'in',
          PolicyType: 'StepScaling',
          AdjustmentType: 'PercentChangeInCapacity',
        },
        MinAdjustmentMagnitude: 1,
        StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -inPercent }],
      },
    ],
    alarms: [
      {
        ...{
          AlarmName: 'missing',
          Metrics: [WAITING, DESIRED, missing],
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          Threshold: 1,
        },
        ...{ EvaluationPeriods: outPeriods, TreatMissingData: 'notBreaching', AlarmActions: ['out'] },
      },
      {
        ...{
          AlarmName: 'idle',
          Metrics: [WAITING, math(steady('waiting'))],
          ComparisonOperator: 'LessThanOrEqualToThreshold',
          Threshold: 0,
        },
        ...{ EvaluationPeriods: inPeriods, TreatMissingData: 'notBreaching', AlarmActions: ['in'] },
      },
    ],
  };
}
export const UNUSED = [RUNNING];
