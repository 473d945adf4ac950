import { Duration } from 'aws-cdk-lib';
import type { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** The queues and the group that scaling looks at. */
export interface MetricSource {
  readonly queues: readonly IQueue[];
  readonly group: CfnAutoScalingGroup;
}

/** SQS and Auto Scaling both publish once a minute. */
export const ONE_MINUTE = Duration.minutes(1);

/**
 * Each series survives missing data. A queue that was idle for six hours publishes nothing, and a group may have no data yet: the
 * last value holds through a late minute (a zero there would be a false alarm), and what never had a value is zero.
 */
const steady = (id: string) => `FILL(FILL(${id}, REPEAT), 0)`;

/**
 * A value of AWS's own policies while the scaler is silent, and `rest`, at which they do nothing, while it sets the capacity. Its last minute counts until
 * the alarm's window has passed it: Lambda's metrics come late, and a late minute is no silence. One that failed ends it at once.
 */
export function unlessScaled(
  metric: MathExpression,
  rest: number,
  scaler: { readonly started: IMetric; readonly failed: IMetric } | undefined,
): MathExpression {
  const { label = '', expression, usingMetrics } = metric;
  if (scaler === undefined) return metric;
  return math(label, `IF(${steady('started')} - ${steady('failed')} > 0, ${rest}, ${expression})`, {
    ...usingMetrics,
    ...scaler,
  });
}

/** Waiting jobs an instance; of an empty fleet, waiting jobs as if for one: nothing is divided by zero. */
export function backlogPerInstance({ queues, group }: MetricSource): MathExpression {
  const waiting = waitingIn(queues);
  return math('backlog', `IF(${steady('inService')} > 0, ${waiting.sum} / ${steady('inService')}, ${waiting.sum})`, {
    ...waiting.metrics,
    inService: groupMetric(group.ref, 'GroupInServiceInstances'),
  });
}

/** Instances that the backlog asks for, less those asked for already; with one job waiting, an empty fleet misses one. */
export function missingInstances({ queues, group }: MetricSource, target: number): MathExpression {
  const waiting = waitingIn(queues);
  return math('missing', `CEIL(${waiting.sum} / ${target}) - ${steady('desired')}`, {
    ...waiting.metrics,
    desired: groupMetric(group.ref, 'GroupDesiredCapacity'),
  });
}

/**
 * Jobs waiting or running. Where there are no instances, 1: an empty fleet need not be emptied, and the alarm goes back to OK
 * so that it fires again at the next end of work.
 */
export function idleJobs({ queues, group }: MetricSource): IMetric {
  const [waiting, running] = [waitingIn(queues), sumOf('running', queues.map(runningIn))];
  return math('jobs', `IF(${steady('desired')} > 0, ${waiting.sum} + ${running.sum}, 1)`, {
    ...waiting.metrics,
    ...running.metrics,
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

interface Sum {
  /** Expression, in brackets where it has several terms. */
  readonly sum: string;
  readonly metrics: Readonly<Record<string, IMetric>>;
}

function waitingIn(queues: readonly IQueue[]): Sum {
  return sumOf(
    'waiting',
    queues.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: ONE_MINUTE })),
  );
}

function runningIn(queue: IQueue): IMetric {
  return queue.metricApproximateNumberOfMessagesNotVisible({ statistic: 'Maximum', period: ONE_MINUTE });
}

/** Series of several queues under ids of their own; of one, under the bare name. */
function sumOf(name: string, series: readonly IMetric[]): Sum {
  const ids = series.map((_, index) => (series.length === 1 ? name : `${name}${index + 1}`));
  const sum = ids.map(steady).join(' + ');
  return {
    sum: series.length === 1 ? sum : `(${sum})`,
    metrics: Object.fromEntries(series.map((each, index) => [ids[index] ?? name, each])),
  };
}
