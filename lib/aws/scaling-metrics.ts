import { Duration } from 'aws-cdk-lib';
import type { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** The queue and the group that scaling looks at. */
export interface MetricSource {
  readonly queue: IQueue;
  readonly group: CfnAutoScalingGroup;
}

/** SQS and Auto Scaling both publish once a minute. */
export const ONE_MINUTE = Duration.minutes(1);

/**
 * Each series survives missing data. A queue that was idle for six hours publishes nothing, and a group may have no data yet: the
 * last value holds through a late minute (a zero there would be a false alarm), and what never had a value is zero.
 */
const steady = (id: string) => `FILL(FILL(${id}, REPEAT), 0)`;

/** Waiting jobs an instance; of an empty fleet, waiting jobs as if for one: nothing is divided by zero. */
export function backlogPerInstance({ queue, group }: MetricSource): IMetric {
  return math(
    'backlog',
    `IF(${steady('inService')} > 0, ${steady('waiting')} / ${steady('inService')}, ${steady('waiting')})`,
    { waiting: waiting(queue), inService: groupMetric(group.ref, 'GroupInServiceInstances') },
  );
}

/** Instances that the backlog asks for, less those asked for already; with one job waiting, an empty fleet misses one. */
export function missingInstances({ queue, group }: MetricSource, target: number): IMetric {
  return math('missing', `CEIL(${steady('waiting')} / ${target}) - ${steady('desired')}`, {
    waiting: waiting(queue),
    desired: groupMetric(group.ref, 'GroupDesiredCapacity'),
  });
}

/**
 * Jobs waiting or running. Where there are no instances, 1: an empty fleet need not be emptied, and the alarm goes back to OK
 * so that it fires again at the next end of work.
 */
export function idleJobs({ queue, group }: MetricSource): IMetric {
  return math('jobs', `IF(${steady('desired')} > 0, ${steady('waiting')} + ${steady('running')}, 1)`, {
    waiting: waiting(queue),
    running: queue.metricApproximateNumberOfMessagesNotVisible({ statistic: 'Maximum', period: ONE_MINUTE }),
    desired: groupMetric(group.ref, 'GroupDesiredCapacity'),
  });
}

/** A metric of an Auto Scaling group: the CDK's construct has these, its CloudFormation resource does not. */
export function groupMetric(groupName: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/AutoScaling',
    metricName,
    dimensionsMap: { AutoScalingGroupName: groupName },
    statistic: 'Average',
    period: ONE_MINUTE,
  });
}

export function math(
  label: string,
  expression: string,
  usingMetrics: Readonly<Record<string, IMetric>>,
): MathExpression {
  return new MathExpression({ label, expression, usingMetrics, period: ONE_MINUTE });
}

function waiting(queue: IQueue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: ONE_MINUTE });
}
