import { expect, test } from 'vitest';
import type { PutScalingPolicyInput } from '../../../lib/aws-model/autoscaling-types.ts';
import { Account, faultOf, MINUTE, SECOND } from './account.ts';

const g = { AutoScalingGroupName: 'g' };
const METRIC = { Namespace: 'N', MetricName: 'M' };

/** Every minute the metric has this value; the group is looked at ten seconds into the next, when alarms were evaluated. */
function drive(account: Account, minutes: number, value: (minute: number) => number): number[] {
  if (account.model.now % MINUTE === 0) account.wait(10 * SECOND);
  return Array.from({ length: minutes }, (_, minute) => {
    account.model.cloudwatch.putMetricData({ Namespace: 'N', MetricData: [{ MetricName: 'M', Value: value(minute) }] });
    return account.wait(MINUTE).g.DesiredCapacity;
  });
}

function track(account: Account, over: object = {}): void {
  account.model.autoscaling.putScalingPolicy({
    ...g,
    PolicyName: 'track',
    PolicyType: 'TargetTrackingScaling',
    EstimatedInstanceWarmup: 60,
    TargetTrackingConfiguration: { CustomizedMetricSpecification: METRIC, TargetValue: 10, ...over },
  });
}

test('target tracking makes two alarms: 3 of 3 above the target, 15 of 15 below 0.7 of it', () => {
  const account = new Account().group();
  track(account);
  const { MetricAlarms } = account.model.cloudwatch.describeAlarms({});
  expect(
    MetricAlarms.map(({ EvaluationPeriods, Threshold, ComparisonOperator }) => [
      EvaluationPeriods,
      Threshold,
      ComparisonOperator,
    ]),
  ).toEqual([
    [3, 10, 'GreaterThanThreshold'],
    [15, 7, 'LessThanThreshold'],
  ]);
  account.model.autoscaling.deletePolicy({ ...g, PolicyName: 'track' });
  expect(account.model.cloudwatch.describeAlarms({}).MetricAlarms).toEqual([]);
});

test('it scales out in proportion after three minutes, counting what is not warm yet as nothing', () => {
  const account = new Account().group();
  track(account);
  expect(drive(account, 4, () => 20)).toEqual([3, 3, 6, 6]);
});

test('it scales in after fifteen minutes, and not at all if that is disabled', () => {
  const account = new Account().group({ DesiredCapacity: 8 });
  track(account);
  const desired = drive(account, 16, () => 5);
  expect(desired.slice(0, 14)).toEqual(Array(14).fill(8));
  expect(desired[15]).toBeLessThan(8);
  const out = new Account().group({ DesiredCapacity: 8 });
  track(out, { DisableScaleIn: true });
  expect(drive(out, 20, () => 5).at(-1)).toBe(8);
});

test('between 0.7 of the target and the target nothing happens', () => {
  const account = new Account().group({ DesiredCapacity: 8 });
  track(account);
  expect(drive(account, 30, () => 8).at(-1)).toBe(8);
});

test('it stays within minimum and maximum', () => {
  const account = new Account().group({ MinSize: 2 });
  track(account);
  expect(Math.max(...drive(account, 20, () => 1000))).toBe(10);
  expect(Math.min(...drive(account, 60, () => 0))).toBe(2);
});

test('a suspended AlarmNotification keeps policies from acting', () => {
  const account = new Account().group();
  track(account);
  account.model.autoscaling.suspendProcesses({ ...g, ScalingProcesses: ['AlarmNotification'] });
  expect(drive(account, 10, () => 1000).at(-1)).toBe(3);
});

function alarm(account: Account, PolicyARN: string): void {
  account.model.cloudwatch.putMetricAlarm({
    AlarmName: 'high',
    ...METRIC,
    EvaluationPeriods: 1,
    Threshold: 10,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    AlarmActions: [PolicyARN],
  });
}

const STEPS: PutScalingPolicyInput = {
  ...g,
  PolicyName: 'steps',
  PolicyType: 'StepScaling',
  AdjustmentType: 'ChangeInCapacity',
  EstimatedInstanceWarmup: 0,
  StepAdjustments: [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
    { MetricIntervalLowerBound: 10, ScalingAdjustment: 4 },
  ],
};

test.each([
  [9, 3],
  [10, 4],
  [19, 4],
  [20, 7],
])('a step policy at %i goes to %i', (value, desired) => {
  const account = new Account().group();
  alarm(account, account.model.autoscaling.putScalingPolicy(STEPS).PolicyARN);
  expect(drive(account, 1, () => value)).toEqual([desired]);
});

test('an alarm that lasts acts once a minute', () => {
  const account = new Account().group();
  alarm(account, account.model.autoscaling.putScalingPolicy(STEPS).PolicyARN);
  expect(drive(account, 3, () => 12)).toEqual([4, 5, 6]);
});

test.each([
  ['ChangeInCapacity', -2, 1],
  ['ExactCapacity', 7, 7],
  ['PercentChangeInCapacity', 50, 4],
  ['PercentChangeInCapacity', 10, 4],
  ['PercentChangeInCapacity', 100, 6],
])('a simple policy of %s %i goes to %i', (AdjustmentType, ScalingAdjustment, desired) => {
  const account = new Account().group();
  account.model.autoscaling.putScalingPolicy({ ...g, PolicyName: 'simple', AdjustmentType, ScalingAdjustment });
  account.model.autoscaling.executePolicy({ ...g, PolicyName: 'simple' });
  expect(account.g.DesiredCapacity).toBe(desired);
});

test('a simple policy rests for its cooldown', () => {
  const account = new Account().group();
  const policy = {
    ...g,
    PolicyName: 'simple',
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: 1,
    Cooldown: 150,
  };
  alarm(account, account.model.autoscaling.putScalingPolicy(policy).PolicyARN);
  expect(drive(account, 5, () => 12)).toEqual([4, 4, 4, 5, 5]);
  const again = faultOf(() =>
    account.model.autoscaling.executePolicy({ ...g, PolicyName: 'simple', HonorCooldown: true }),
  );
  expect(again).toContain('ScalingActivityInProgress');
});

test('fails: steps that overlap or leave a gap, an unknown type, a predictive policy', () => {
  const account = new Account().group({}, 0);
  const put = (over: object) => faultOf(() => account.model.autoscaling.putScalingPolicy({ ...STEPS, ...over }));
  const steps = (upper: number) => ({
    StepAdjustments: [
      { MetricIntervalUpperBound: upper, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 5, ScalingAdjustment: 2 },
    ],
  });
  expect(put(steps(6))).toContain('can not overlap');
  expect(put(steps(4))).toContain('gap');
  expect(put(steps(5))).toBe('none');
  expect(put({ AdjustmentType: 'Twice' })).toContain('Twice is not valid');
  expect(put({ PolicyType: 'PredictiveScaling' })).toContain('PredictiveScaling are not modelled');
});

test('a scheduled action comes every time of its cron, and goes by its minimum and maximum', () => {
  const account = new Account().group();
  const { autoscaling } = account.model;
  const put = (Recurrence: string) =>
    faultOf(() =>
      autoscaling.putScheduledUpdateGroupAction({
        ...g,
        ScheduledActionName: 'day',
        Recurrence,
        DesiredCapacity: 8,
        MinSize: 5,
      }),
    );
  expect(put('99 * * * *')).toContain('99 * * * * is not valid');
  expect(put('30 6 * * 1-5')).toBe('none');
  // 28 November 2026 is a Saturday.
  account.wait(2 * 24 * 60 * MINUTE);
  expect(account.g.DesiredCapacity).toBe(3);
  account.wait(6.6 * 60 * MINUTE);
  expect(account.g).toMatchObject({ DesiredCapacity: 8, MinSize: 5 });
  autoscaling.setDesiredCapacity({ ...g, DesiredCapacity: 5 });
  account.wait(24 * 60 * MINUTE);
  expect(account.g.DesiredCapacity).toBe(8);
  autoscaling.deleteScheduledAction({ ...g, ScheduledActionName: 'day' });
  expect(autoscaling.describeScheduledActions(g).ScheduledUpdateGroupActions).toEqual([]);
});

test('a scheduled action of one time comes once', () => {
  const account = new Account().group();
  const StartTime = account.model.now + 10 * MINUTE;
  account.model.autoscaling.putScheduledUpdateGroupAction({
    ...g,
    ScheduledActionName: 'once',
    StartTime,
    DesiredCapacity: 6,
  });
  expect(account.wait(9 * MINUTE).g.DesiredCapacity).toBe(3);
  expect(account.wait(2 * MINUTE).g.DesiredCapacity).toBe(6);
  expect(account.model.autoscaling.describeScheduledActions(g).ScheduledUpdateGroupActions).toEqual([]);
});

test('metrics of the group come once a minute, of the minute before', () => {
  const account = new Account().group();
  account.model.autoscaling.enableMetricsCollection({ ...g, Granularity: '1Minute' });
  account.wait(3 * MINUTE);
  const of = (MetricName: string) =>
    account.model.cloudwatch.getMetricData({
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/AutoScaling',
              MetricName,
              Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'g' }],
            },
            Period: 60,
            Stat: 'Average',
          },
        },
      ],
      StartTime: account.model.now - 3 * MINUTE,
      EndTime: account.model.now,
    }).MetricDataResults[0]?.Values;
  expect(of('GroupInServiceInstances')).toEqual([3, 3, 3]);
  expect(of('GroupMaxSize')).toEqual([10, 10, 10]);
  expect(of('WarmPoolTotalCapacity')).toEqual([0, 0, 0]);
});

test('a mixed group keeps its on-demand base, and the share above it', () => {
  const account = new Account().group({
    DesiredCapacity: 10,
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateName: 'lt', Version: '1' },
        Overrides: [{ InstanceType: 'm6g.large' }, { InstanceType: 'c6g.large' }],
      },
      InstancesDistribution: {
        OnDemandBaseCapacity: 2,
        OnDemandPercentageAboveBaseCapacity: 25,
        SpotAllocationStrategy: 'capacity-optimized',
      },
    },
  });
  const { Reservations } = account.model.ec2.describeInstances({});
  const instances = Reservations.flatMap(({ Instances }) => Instances);
  expect(instances.filter(({ InstanceLifecycle }) => InstanceLifecycle === 'spot')).toHaveLength(6);
  account.model.world.setCapacity({ zone: 'eu-west-3a', type: 'm6g.large', purchase: 'spot', available: 1 });
  account.model.autoscaling.updateAutoScalingGroup({ ...g, MaxSize: 16, DesiredCapacity: 16 });
  account.wait(MINUTE);
  const inA = account.members.filter(
    ({ AvailabilityZone, InstanceType }) => AvailabilityZone === 'eu-west-3a' && InstanceType === 'c6g.large',
  );
  expect(inA.length).toBeGreaterThan(0);
});

test('a value at the threshold is in the step of either side', () => {
  const account = new Account().group({ DesiredCapacity: 5 });
  const { PolicyARN } = account.model.autoscaling.putScalingPolicy({
    ...g,
    ...{ PolicyName: 'idle', PolicyType: 'StepScaling', AdjustmentType: 'ExactCapacity' },
    StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: 1 }],
  });
  account.model.cloudwatch.putMetricAlarm({
    ...{ AlarmName: 'idle', ...METRIC, EvaluationPeriods: 1, Threshold: 0, AlarmActions: [PolicyARN] },
    ComparisonOperator: 'LessThanOrEqualToThreshold',
  });
  expect(drive(account, 3, () => 0).at(-1)).toBe(1);
});
