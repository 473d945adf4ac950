import { GROUP, QUEUE } from './bare-fleet.ts';

/** Messages that wait, of one minute. */
export const WAITING = {
  ...{ Id: 'waiting', ReturnData: false },
  MetricStat: {
    Metric: {
      ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' },
      Dimensions: [{ Name: 'QueueName', Value: QUEUE }],
    },
    ...{ Period: 60, Stat: 'Maximum' },
  },
};

export function groupMetric(Id: string, MetricName: string) {
  return {
    ...{ Id, ReturnData: false },
    MetricStat: {
      Metric: {
        Namespace: 'AWS/AutoScaling',
        MetricName,
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: GROUP }],
      },
      ...{ Period: 60, Stat: 'Average' },
    },
  };
}

/** What an alarm looks at. */
export function math(Expression: string) {
  return { Id: 'value', Expression, ReturnData: true };
}

/** A metric without gaps: the last value holds, and what never had one is zero. */
export function steady(id: string): string {
  return `FILL(FILL(${id}, REPEAT), 0)`;
}
