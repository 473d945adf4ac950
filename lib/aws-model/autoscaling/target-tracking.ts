import type { CustomizedMetric, ScalingPolicy } from '../autoscaling-types.ts';
import type { PutMetricAlarmInput } from '../cloudwatch-types.ts';
import type { Context } from '../context.ts';
import { validation } from '../faults.ts';
import { drawUuid } from '../random.ts';
import type { GroupState } from './state.ts';

/** The low alarm stands at this share of the target, seen in accounts; AWS does not publish it. */
export const SCALE_IN_SHARE = 0.7;

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html */
const OUT_PERIODS = 3;
const IN_PERIODS = 15;

/** The two alarms that Auto Scaling makes for a target tracking policy; none for others. */
export function trackingAlarms(
  context: Context,
  group: GroupState,
  policy: Omit<ScalingPolicy, 'Alarms'>,
): PutMetricAlarmInput[] {
  const target = policy.TargetTrackingConfiguration;
  if (policy.PolicyType !== 'TargetTrackingScaling' || target === undefined) return [];
  const metric =
    target.CustomizedMetricSpecification ??
    predefined(group, target.PredefinedMetricSpecification?.PredefinedMetricType ?? '');
  const watched = alarmMetric(metric);
  const alarm = (side: 'AlarmHigh' | 'AlarmLow', rest: Partial<PutMetricAlarmInput>): PutMetricAlarmInput => ({
    AlarmName: `TargetTracking-${group.name}-${side}-${drawUuid(context.state.random)}`,
    AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.PolicyARN}.`,
    AlarmActions: [policy.PolicyARN],
    EvaluationPeriods: OUT_PERIODS,
    ComparisonOperator: 'GreaterThanThreshold',
    ...watched,
    ...rest,
  });
  const high = alarm('AlarmHigh', { Threshold: target.TargetValue });
  if (target.DisableScaleIn === true) return [high];
  return [
    high,
    alarm('AlarmLow', {
      EvaluationPeriods: IN_PERIODS,
      Threshold: target.TargetValue * SCALE_IN_SHARE,
      ComparisonOperator: 'LessThanThreshold',
    }),
  ];
}

function alarmMetric(metric: CustomizedMetric): Partial<PutMetricAlarmInput> {
  if (metric.Metrics !== undefined)
    return {
      Metrics: metric.Metrics.map(({ MetricStat, ...query }) =>
        MetricStat === undefined ? query : { ...query, MetricStat: { ...MetricStat, Period: MetricStat.Period ?? 60 } },
      ),
    };
  const { Namespace, MetricName, Dimensions, Statistic = 'Average', Period = 60, Unit } = metric;
  if (![10, 30, 60].includes(Period))
    throw validation(`The period ${Period} is not valid: it must be 10, 30 or 60 seconds`);
  return { Namespace, MetricName, Dimensions, Statistic, Period, Unit };
}

function predefined(group: GroupState, type: string): CustomizedMetric {
  const names: Readonly<Record<string, string>> = {
    ASGAverageCPUUtilization: 'CPUUtilization',
    ASGAverageNetworkIn: 'NetworkIn',
    ASGAverageNetworkOut: 'NetworkOut',
  };
  const MetricName = Object.hasOwn(names, type) ? names[type] : undefined;
  if (MetricName === undefined)
    throw validation(`The predefined metric ${type} is not modelled: ${Object.keys(names).join(', ')} are`);
  return {
    Namespace: 'AWS/EC2',
    MetricName,
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: group.name }],
    Statistic: 'Average',
  };
}
