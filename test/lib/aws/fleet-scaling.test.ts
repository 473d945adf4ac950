import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, test } from 'vitest';
import { backlogPerInstance, idleJobs, missingInstances } from '../../../lib/aws/scaling-metrics.ts';
import { clusterTemplate, exampleCluster, only } from './example.ts';
import { metricMath } from './metric-math.ts';

const { queues, fleet } = exampleCluster();
const source = { queues: [...queues.values()].map(({ jobs }) => jobs), group: fleet.group };
const none = [null, null, null];

/** What the policies see at the last of some minutes. */
function last(metric: IMetric, metrics: Record<string, (number | null)[]>) {
  return metricMath(metric.toMetricConfig().mathExpression?.expression ?? '', metrics).at(-1);
}

describe('the backlog per instance', () => {
  const backlog = (waiting: (number | null)[], inService: (number | null)[]) =>
    last(backlogPerInstance(source), { waiting, inService });

  test('is waiting jobs by instances in service', () => expect(backlog([100], [20])).toBe(5));
  test('divides by nothing where there is no instance', () => expect(backlog([7], [0])).toBe(7));
  test('is zero where queue and group have never said anything', () => expect(backlog(none, none)).toBe(0));
  test('takes a queue that fell silent for what it said last', () => expect(backlog([40, 0, null], [4, 4, 4])).toBe(0));
  test('does not take a late minute of the group for an empty group', () =>
    expect(backlog([100, 100, 100], [20, 20, null])).toBe(5));
});

describe('missing instances', () => {
  const missing = (waiting: (number | null)[], desired: (number | null)[]) =>
    last(missingInstances(source, 10), { waiting, desired });

  test('are one for one job and an empty fleet: it starts from zero', () => expect(missing([1], [0])).toBe(1));
  test('are one for one job and a fleet that never was', () => expect(missing([1], none.slice(0, 1))).toBe(1));
  test('do not count what was asked for already', () => expect(missing([1000], [90])).toBe(10));
  test('are none while nothing waits', () => expect(missing([0], [3])).toBe(-3));
  test('are none where nobody has said anything', () => expect(missing(none, none)).toBe(0));
});

describe('idle jobs', () => {
  const idle = (waiting: (number | null)[], running: (number | null)[], desired: (number | null)[]) =>
    last(idleJobs(source), { waiting, running, desired });

  test('are those that wait and those that run', () => expect(idle([2], [3], [5])).toBe(5));
  test('are zero for a fleet without work, which then goes', () => expect(idle([0], [0], [5])).toBe(0));
  test('are not zero for an empty fleet, which has nothing to lose', () => expect(idle([0], [0], [0])).toBe(1));
  test('are zero where a silent queue keeps a fleet', () => expect(idle([0, null, null], none, [5, 5, 5])).toBe(0));
});

describe('the policies', () => {
  const template = clusterTemplate({
    fleet: { minimum: 3 },
    scaling: {
      backlogPerInstance: 8,
      idleSeconds: 150,
      burst: [
        { missing: 1, add: 1 },
        { missing: 20, add: 25 },
      ],
      schedules: { morning: { recurrence: '0 6 * * 1-5', timeZone: 'Europe/Paris', minimum: 5 } },
    },
  });
  const policy = (word: string) => only(template, 'AWS::AutoScaling::ScalingPolicy', word).Properties;
  const alarm = (word: string) => only(template, 'AWS::CloudWatch::Alarm', word).Properties;

  test('track the backlog per instance', () => {
    expect(policy('Tracking')['TargetTrackingConfiguration']).toMatchObject({ TargetValue: 8 });
  });

  test('add by how much is missing, counted from the first missing one', () => {
    expect(policy('Burst')['StepAdjustments']).toEqual([
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 19, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 19, ScalingAdjustment: 25 },
    ]);
    expect(alarm('BurstAlarm')).toMatchObject({ Threshold: 1, EvaluationPeriods: 1 });
  });

  test('do not wait for one burst to be warm before the next', () => {
    expect(policy('Burst')['EstimatedInstanceWarmup']).toBe(0);
  });

  test('go to the minimum after the idle time, in whole minutes', () => {
    expect(policy('Idle')['StepAdjustments']).toEqual([{ MetricIntervalUpperBound: 0, ScalingAdjustment: 3 }]);
    expect(policy('Idle')['AdjustmentType']).toBe('ExactCapacity');
    expect(alarm('IdleAlarm')['EvaluationPeriods']).toBe(3);
  });

  test.each(['BurstAlarm', 'IdleAlarm'])('take silence for no reason to act: %s', (name) => {
    expect(alarm(name)['TreatMissingData']).toBe('notBreaching');
  });

  test('change the limits by the clock of a place', () => {
    expect(only(template, 'AWS::AutoScaling::ScheduledAction').Properties).toMatchObject({
      Recurrence: '0 6 * * 1-5',
      TimeZone: 'Europe/Paris',
      MinSize: 5,
    });
  });
});
