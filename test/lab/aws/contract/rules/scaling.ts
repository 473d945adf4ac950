import {
  DeletePolicyCommand,
  DeleteScheduledActionCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  EnableMetricsCollectionCommand,
  ExecutePolicyCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Rule, refused, rule, type Target, until } from '../rule.ts';
import { group, named, serving, settled, theGroup } from '../scene.ts';

const asApi = (call: string): string => `autoscaling/ec2/APIReference/API_${call}.html`;
const cwApi = (call: string): string => `AmazonCloudWatch/latest/APIReference/API_${call}.html`;
const guide = (page: string): string => `autoscaling/ec2/userguide/${page}.html`;
const ALARMS = 'AmazonCloudWatch/latest/monitoring/alarm-evaluation.html';
const MATH = 'AmazonCloudWatch/latest/monitoring/using-metric-math.html';

const INVALID = /^(Validation|InvalidParameter)/;
const Namespace = 'Test';
const policy = async (t: Target, more: object = {}) =>
  (
    await t.autoscaling.send(
      new PutScalingPolicyCommand({
        ...{ ...named, PolicyName: 'p', PolicyType: 'SimpleScaling', AdjustmentType: 'ChangeInCapacity' },
        ...{ ScalingAdjustment: 1, ...more },
      }),
    )
  ).PolicyARN!;
const execute = (t: Target, more: object = {}) =>
  t.autoscaling.send(new ExecutePolicyCommand({ ...named, PolicyName: 'p', ...more }));
const desired = async (t: Target) => (await theGroup(t)).DesiredCapacity;
const publish = (t: Target, Value: number, MetricName = 'm', more: object = {}) =>
  t.cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value, ...more }] }));
const alarm = (t: Target, more: object = {}) =>
  t.cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName: 'a', Namespace, MetricName: 'm', Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1 },
      ...{ Threshold: 10, ComparisonOperator: 'GreaterThanThreshold', ...more },
    }),
  );
const look = async (t: Target) =>
  (await t.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['a'] }))).MetricAlarms?.[0];
const becomes = (t: Target, state: string) => until(t, state, async () => (await look(t))?.StateValue === state);

/** A value a minute, as the publisher of a metric gives it. */
async function minutes(t: Target, values: readonly (number | undefined)[]): Promise<void> {
  for (const value of values) {
    if (value !== undefined) await publish(t, value);
    await t.pass(60);
  }
}

async function data(t: Target, queries: MetricDataQuery[], more: object = {}) {
  const EndTime = new Date(t.now() + 60_000);
  const StartTime = new Date(t.now() - 3_600_000);
  const { MetricDataResults = [] } = await t.cloudwatch.send(
    new GetMetricDataCommand({ MetricDataQueries: queries, StartTime, EndTime, ScanBy: 'TimestampAscending', ...more }),
  );
  return MetricDataResults;
}

const series = (Id: string, MetricName: string, Stat: string, more: object = {}): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName }, Period: 60, Stat },
  ...more,
});

const STATISTICS: readonly (readonly [string, number])[] = [
  ['Average', 4],
  ['Sum', 12],
  ['Minimum', 1],
  ['Maximum', 9],
  ['SampleCount', 3],
];

const EXPRESSIONS: readonly (readonly [string, number])[] = [
  ['a + b', 13],
  ['a - b', 7],
  ['a * b', 30],
  ['b / a', 0.3],
  ['CEIL(a / b)', 4],
  ['FLOOR(a / b)', 3],
  ['IF(a > b, 1, 0)', 1],
  ['IF(b > 0, a / b, a)', 10 / 3],
  ['MAX([a, b])', 10],
  ['SUM([a, b])', 13],
  ['FILL(none, 7) + a', 17],
  ['ABS(b - a)', 7],
];

export const scalingRules: readonly Rule[] = [
  ...(
    [
      ['ChangeInCapacity', 2, 6],
      ['ChangeInCapacity', -2, 2],
      ['ExactCapacity', 3, 3],
      ['PercentChangeInCapacity', 50, 6],
      ['PercentChangeInCapacity', -50, 2],
      ['ChangeInCapacity', 100, 10],
    ] as const
  ).map(([AdjustmentType, ScalingAdjustment, then]) =>
    rule(
      `${AdjustmentType} of ${ScalingAdjustment} makes ${then} of 4, with a maximum of 10`,
      guide('as-scaling-simple-step'),
      async (t) => {
        await serving(t, 4);
        await policy(t, { AdjustmentType, ScalingAdjustment });
        await execute(t);
        expect(await desired(t)).toBe(then);
      },
    ),
  ),
  rule('a percentage moves by at least MinAdjustmentMagnitude', asApi('PutScalingPolicy'), async (t) => {
    await serving(t, 4);
    await policy(t, { AdjustmentType: 'PercentChangeInCapacity', ScalingAdjustment: 1, MinAdjustmentMagnitude: 3 });
    await execute(t);
    expect(await desired(t)).toBe(7);
  }),
  rule('step adjustments go by how far the threshold is breached', guide('as-scaling-simple-step'), async (t) => {
    await serving(t, 2);
    // While they warm up they count for nothing.
    await t.pass(600);
    await policy(t, {
      ...{ PolicyType: 'StepScaling', ScalingAdjustment: undefined },
      StepAdjustments: [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 10, ScalingAdjustment: 4 },
      ],
    });
    await execute(t, { MetricValue: 65, BreachThreshold: 50 });
    expect(await desired(t)).toBe(6);
  }),
  rule('step adjustments that overlap, or leave a gap, are refused', asApi('PutScalingPolicy'), async (t) => {
    await group(t);
    const steps = (upper: number, lower: number) =>
      policy(t, {
        ...{ PolicyType: 'StepScaling', ScalingAdjustment: undefined },
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: upper, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: lower, ScalingAdjustment: 2 },
        ],
      });
    await refused(steps(10, 5), 'ValidationError');
    await refused(steps(10, 20), 'ValidationError');
  }),
  rule('a simple policy needs an adjustment, a step policy steps', asApi('PutScalingPolicy'), async (t) => {
    await group(t);
    await refused(policy(t, { ScalingAdjustment: undefined }), 'ValidationError');
    await refused(policy(t, { PolicyType: 'StepScaling', ScalingAdjustment: undefined }), 'ValidationError');
  }),
  rule('a kind of adjustment that does not exist is refused', asApi('PutScalingPolicy'), async (t) => {
    await group(t);
    await refused(policy(t, { AdjustmentType: 'Guess' }), 'ValidationError');
  }),
  rule('a target tracking policy needs a metric', asApi('PutScalingPolicy'), async (t) => {
    await group(t);
    const tracking = { PolicyType: 'TargetTrackingScaling', AdjustmentType: undefined, ScalingAdjustment: undefined };
    await refused(policy(t, { ...tracking, TargetTrackingConfiguration: { TargetValue: 5 } }), 'ValidationError');
  }),
  rule(
    'target tracking makes alarms of its own, and takes them away',
    guide('as-scaling-target-tracking'),
    async (t) => {
      await group(t);
      const tracking = { PolicyType: 'TargetTrackingScaling', AdjustmentType: undefined, ScalingAdjustment: undefined };
      const metric = { PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' } };
      await policy(t, { ...tracking, TargetTrackingConfiguration: { ...metric, TargetValue: 50 } });
      const alarms = async () =>
        (
          (await t.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'TargetTracking-' }))).MetricAlarms ??
          []
        ).map(({ AlarmName }) => AlarmName!);
      const names = await alarms();
      expect(names.map((name) => /AlarmHigh|AlarmLow/.exec(name)?.[0]).sort()).toEqual(['AlarmHigh', 'AlarmLow']);
      await t.autoscaling.send(new DeletePolicyCommand({ ...named, PolicyName: 'p' }));
      expect(await alarms()).toEqual([]);
    },
  ),
  rule('target tracking is not executed by hand', asApi('ExecutePolicy'), async (t) => {
    await group(t);
    const tracking = { PolicyType: 'TargetTrackingScaling', AdjustmentType: undefined, ScalingAdjustment: undefined };
    const metric = { PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' } };
    await policy(t, { ...tracking, TargetTrackingConfiguration: { ...metric, TargetValue: 50 } });
    await refused(execute(t), 'ValidationError');
  }),
  rule(
    'target tracking scales out after three minutes above its target',
    guide('as-scaling-target-tracking'),
    async (t) => {
      await serving(t, 2);
      await t.pass(600);
      const tracking = { PolicyType: 'TargetTrackingScaling', AdjustmentType: undefined, ScalingAdjustment: undefined };
      const metric = { CustomizedMetricSpecification: { Namespace, MetricName: 'm', Statistic: 'Average' } };
      await policy(t, { ...tracking, TargetTrackingConfiguration: { ...metric, TargetValue: 10 } });
      await minutes(t, [20, 20]);
      expect(await desired(t)).toBe(2);
      await minutes(t, [20, 20, 20]);
      expect(await desired(t)).toBeGreaterThan(2);
    },
  ),
  rule('policies are told of by name, and one that is gone is not executed', asApi('DescribePolicies'), async (t) => {
    await group(t);
    await policy(t);
    const told = await t.autoscaling.send(new DescribePoliciesCommand({ ...named, PolicyNames: ['p'] }));
    expect(told.ScalingPolicies).toMatchObject([
      { PolicyName: 'p', PolicyType: 'SimpleScaling', ScalingAdjustment: 1 },
    ]);
    await t.autoscaling.send(new DeletePolicyCommand({ ...named, PolicyName: 'p' }));
    await refused(execute(t), 'ValidationError');
  }),
  rule('a policy of the same name is replaced, and keeps its ARN', asApi('PutScalingPolicy'), async (t) => {
    await group(t);
    expect(await policy(t, { ScalingAdjustment: 2 })).toBe(await policy(t));
  }),
  rule('a group has at most 50 scaling policies', guide('ec2-auto-scaling-quotas'), async (t) => {
    await group(t);
    for (let index = 0; index < 50; index += 1) await policy(t, { PolicyName: `p-${index}` });
    await refused(policy(t, { PolicyName: 'one-more' }), /^LimitExceeded/);
  }),
  rule('an alarm scales by its action', guide('as-scaling-simple-step'), async (t) => {
    await serving(t, 1);
    await alarm(t, { AlarmActions: [await policy(t, { ScalingAdjustment: 3 })] });
    await publish(t, 99);
    await becomes(t, 'ALARM');
    await settled(t, 4);
  }),
  rule('while AlarmNotification is suspended, no alarm scales', guide('as-suspend-resume-processes'), async (t) => {
    await serving(t, 1);
    await t.autoscaling.send(new SuspendProcessesCommand({ ...named, ScalingProcesses: ['AlarmNotification'] }));
    await alarm(t, { AlarmActions: [await policy(t)] });
    await publish(t, 99);
    await becomes(t, 'ALARM');
    await t.pass(300);
    expect(await desired(t)).toBe(1);
  }),
  rule('an alarm whose actions are disabled changes state only', cwApi('DisableAlarmActions'), async (t) => {
    await serving(t, 1);
    await alarm(t, { AlarmActions: [await policy(t)] });
    await t.cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['a'] }));
    await publish(t, 99);
    await becomes(t, 'ALARM');
    expect([await desired(t), (await look(t))?.ActionsEnabled]).toEqual([1, false]);
  }),
  rule('a scheduled action sets sizes at its time', asApi('PutScheduledUpdateGroupAction'), async (t) => {
    await group(t);
    const StartTime = new Date(t.now() + 600_000);
    await t.autoscaling.send(
      new PutScheduledUpdateGroupActionCommand({
        ...named,
        ScheduledActionName: 's',
        StartTime,
        MinSize: 2,
        DesiredCapacity: 2,
      }),
    );
    await t.pass(300);
    expect(await desired(t)).toBe(0);
    await t.pass(360);
    expect(await desired(t)).toBe(2);
  }),
  rule('a recurring action comes back each time', asApi('PutScheduledUpdateGroupAction'), async (t) => {
    await group(t);
    await t.autoscaling.send(
      new PutScheduledUpdateGroupActionCommand({
        ...named,
        ScheduledActionName: 's',
        Recurrence: '0 * * * *',
        DesiredCapacity: 1,
      }),
    );
    const { ScheduledUpdateGroupActions } = await t.autoscaling.send(new DescribeScheduledActionsCommand(named));
    expect(ScheduledUpdateGroupActions?.[0]).toMatchObject({ ScheduledActionName: 's', Recurrence: '0 * * * *' });
    await t.pass(3660);
    expect(await desired(t)).toBe(1);
  }),
  rule('a recurring action goes by the clocks of its time zone', asApi('PutScheduledUpdateGroupAction'), async (t) => {
    await group(t);
    const put = (TimeZone: string) =>
      t.autoscaling.send(
        new PutScheduledUpdateGroupActionCommand({
          ...{ ...named, ScheduledActionName: 's', Recurrence: '0 7 * * *', TimeZone, DesiredCapacity: 1 },
        }),
      );
    await refused(put('Mars/Olympus'), 'ValidationError');
    await put('Asia/Tokyo');
    // 7:00 in Tokyo is 22:00 UTC.
    const untilTen = 22 * 3600 - ((t.now() / 1000) % 86_400);
    await t.pass(untilTen - 60);
    expect(await desired(t)).toBe(0);
    await t.pass(120);
    expect(await desired(t)).toBe(1);
  }),
  rule('a scheduled action in the past is refused', asApi('PutScheduledUpdateGroupAction'), async (t) => {
    await group(t);
    const StartTime = new Date(t.now() - 600_000);
    await refused(
      t.autoscaling.send(
        new PutScheduledUpdateGroupActionCommand({ ...named, ScheduledActionName: 's', StartTime, DesiredCapacity: 1 }),
      ),
      'ValidationError',
    );
  }),
  rule('a deleted scheduled action does nothing', asApi('DeleteScheduledAction'), async (t) => {
    await group(t);
    const StartTime = new Date(t.now() + 60_000);
    await t.autoscaling.send(
      new PutScheduledUpdateGroupActionCommand({ ...named, ScheduledActionName: 's', StartTime, DesiredCapacity: 1 }),
    );
    await t.autoscaling.send(new DeleteScheduledActionCommand({ ...named, ScheduledActionName: 's' }));
    await t.pass(300);
    expect(await desired(t)).toBe(0);
  }),
  rule(
    'groups publish their sizes once a minute where that is enabled',
    guide('ec2-auto-scaling-metrics'),
    async (t) => {
      await serving(t, 2);
      await t.autoscaling.send(new EnableMetricsCollectionCommand({ ...named, Granularity: '1Minute' }));
      await t.pass(300);
      const Dimensions = [{ Name: 'AutoScalingGroupName', Value: 'workers' }];
      const Metric = { Namespace: 'AWS/AutoScaling', MetricName: 'GroupInServiceInstances', Dimensions };
      const [result] = await data(t, [{ Id: 'n', MetricStat: { Metric, Period: 60, Stat: 'Average' } }]);
      expect(result?.Values?.at(-1)).toBe(2);
      expect(result?.Values?.length).toBeGreaterThanOrEqual(4);
    },
  ),
];

export const metricRules: readonly Rule[] = [
  ...STATISTICS.map(([Stat, value]) =>
    rule(
      `${Stat} of the values 1, 2 and 9 of a minute is ${value}`,
      'AmazonCloudWatch/latest/monitoring/Statistics-definitions.html',
      async (t) => {
        for (const each of [1, 2, 9]) await publish(t, each);
        const [result] = await data(t, [series('m', 'm', Stat)]);
        expect(result?.Values?.[0]).toBeCloseTo(value, 0);
      },
    ),
  ),
  ...EXPRESSIONS.map(([Expression, value]) =>
    rule(`with a = 10 and b = 3, ${Expression} is ${Number(value.toFixed(2))}`, MATH, async (t) => {
      await publish(t, 10, 'a');
      await publish(t, 3, 'b');
      const hidden = { ReturnData: false };
      const results = await data(t, [
        ...['a', 'b', 'none'].map((id) => series(id, id, 'Average', hidden)),
        { Id: 'e', Expression },
      ]);
      expect(results.map(({ Id }) => Id)).toEqual(['e']);
      expect(results[0]?.Values?.[0]).toBeCloseTo(value);
    }),
  ),
  rule(
    'dimensions are part of a metric’s identity',
    'AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html',
    async (t) => {
      await publish(t, 5, 'm', { Dimensions: [{ Name: 'host', Value: 'a' }] });
      expect((await data(t, [series('m', 'm', 'Sum')]))[0]?.Values).toEqual([]);
    },
  ),
  rule('values with counts are as many values', cwApi('PutMetricData'), async (t) => {
    await publish(t, 0, 'm', { Value: undefined, Values: [1, 5], Counts: [3, 1] });
    const results = await data(t, [series('s', 'm', 'Sum'), series('n', 'm', 'SampleCount')]);
    expect(results.map(({ Values }) => Values?.[0])).toEqual([8, 4]);
  }),
  rule('statistic sets are added to values', cwApi('PutMetricData'), async (t) => {
    await publish(t, 0, 'm', {
      Value: undefined,
      StatisticValues: { SampleCount: 4, Sum: 20, Minimum: 2, Maximum: 8 },
    });
    const results = await data(t, [series('a', 'm', 'Average'), series('x', 'm', 'Maximum')]);
    expect(results.map(({ Values }) => Values?.[0])).toEqual([5, 8]);
  }),
  rule('metrics that were published are listed', cwApi('ListMetrics'), async (t) => {
    await publish(t, 1, 'm', { Dimensions: [{ Name: 'host', Value: 'a' }] });
    await t.pass(900);
    const { Metrics } = await t.cloudwatch.send(new ListMetricsCommand({ Namespace }));
    expect(Metrics).toEqual([{ Namespace, MetricName: 'm', Dimensions: [{ Name: 'host', Value: 'a' }] }]);
  }),
  rule('a new alarm has insufficient data', ALARMS, async (t) => {
    await alarm(t);
    expect((await look(t))?.StateValue).toBe('INSUFFICIENT_DATA');
  }),
  rule('an alarm rings above its threshold, and is OK below', ALARMS, async (t) => {
    await alarm(t);
    await publish(t, 11);
    await becomes(t, 'ALARM');
    await minutes(t, [9, 9, 9]);
    await becomes(t, 'OK');
  }),
  rule('a value at the threshold is not above it', ALARMS, async (t) => {
    await alarm(t);
    await minutes(t, [10, 10, 10]);
    expect((await look(t))?.StateValue).toBe('OK');
  }),
  rule('an alarm over three periods waits for the third', ALARMS, async (t) => {
    await alarm(t, { EvaluationPeriods: 3 });
    await minutes(t, [1, 1, 1, 1]);
    await minutes(t, [99, 99]);
    expect((await look(t))?.StateValue).toBe('OK');
    await minutes(t, [99, 99]);
    expect((await look(t))?.StateValue).toBe('ALARM');
  }),
  rule('two of three points are enough where that is said', ALARMS, async (t) => {
    await alarm(t, { EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    await minutes(t, [1, 1, 1, 1]);
    expect((await look(t))?.StateValue).toBe('OK');
    await minutes(t, [99, 1, 99]);
    await becomes(t, 'ALARM');
  }),
  ...(
    [
      ['breaching', 'ALARM'],
      ['notBreaching', 'OK'],
      ['missing', 'INSUFFICIENT_DATA'],
    ] as const
  ).map(([TreatMissingData, state]) =>
    rule(`missing data treated as ${TreatMissingData}: ${state}`, ALARMS, async (t) => {
      await alarm(t, { TreatMissingData });
      await publish(t, state === 'ALARM' ? 1 : 99);
      await becomes(t, state === 'ALARM' ? 'OK' : 'ALARM');
      await becomes(t, state);
    }),
  ),
  rule('missing data treated as ignore: the state stays', ALARMS, async (t) => {
    await alarm(t, { TreatMissingData: 'ignore' });
    await publish(t, 99);
    await becomes(t, 'ALARM');
    await t.pass(3600);
    expect((await look(t))?.StateValue).toBe('ALARM');
  }),
  rule('an alarm is set by hand, and evaluated again', cwApi('SetAlarmState'), async (t) => {
    await alarm(t);
    await minutes(t, [1, 1, 1]);
    await t.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'a', StateValue: 'ALARM', StateReason: 'a drill' }));
    expect(await look(t)).toMatchObject({ StateValue: 'ALARM', StateReason: 'a drill' });
    await minutes(t, [1, 1, 1]);
    await becomes(t, 'OK');
  }),
  rule('an alarm over an expression rings by its value', cwApi('PutMetricAlarm'), async (t) => {
    await alarm(t, {
      ...{ MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined },
      Metrics: [
        series('a', 'm', 'Average', { ReturnData: false }),
        { Id: 'twice', Expression: 'a * 2', ReturnData: true },
      ],
    });
    await minutes(t, [6, 6, 6]);
    await becomes(t, 'ALARM');
  }),
  rule('alarms are found by state and by prefix', cwApi('DescribeAlarms'), async (t) => {
    await alarm(t);
    await alarm(t, { AlarmName: 'b' });
    const names = async (input: object) =>
      (await t.cloudwatch.send(new DescribeAlarmsCommand(input))).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    expect(await names({ AlarmNamePrefix: 'b' })).toEqual(['b']);
    expect(await names({ StateValue: 'ALARM' })).toEqual([]);
  }),
  rule('deleted alarms are gone', cwApi('DeleteAlarms'), async (t) => {
    await alarm(t);
    await t.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['a'] }));
    expect(await look(t)).toBeUndefined();
  }),
  ...([7, 59, 90] as const).map((Period) =>
    rule(
      `a period of ${Period} s is refused: 10, 20, 30 and multiples of 60 are taken`,
      cwApi('PutMetricAlarm'),
      async (t) => {
        await refused(alarm(t, { Period }), INVALID);
      },
    ),
  ),
  rule('more points than periods are refused', cwApi('PutMetricAlarm'), async (t) => {
    await refused(alarm(t, { DatapointsToAlarm: 2 }), INVALID);
  }),
  rule('an operator that does not exist is refused', cwApi('PutMetricAlarm'), async (t) => {
    await refused(alarm(t, { ComparisonOperator: 'Roughly' }), INVALID);
  }),
];
