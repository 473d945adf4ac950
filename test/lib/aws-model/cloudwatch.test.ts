import { expect, test } from 'vitest';
import { judge } from '../../../lib/aws-model/cloudwatch/judge.ts';
import { evaluateMath, type Values } from '../../../lib/aws-model/cloudwatch/math.ts';
import { AwsModel } from '../../../lib/aws-model/model.ts';
import { Account, EXACT, faultOf, MINUTE, SECOND, START } from './account.ts';

const grid = [0, 1, 2, 3];

function series(text: string): Values {
  const values = text.split(' ').map((word, at) => [at, Number(word === '' ? '-' : word)] as const);
  return new Map(values.filter(([, value]) => !Number.isNaN(value)));
}

function math(expression: string, inputs: Record<string, string> = {}): string {
  const scope = { grid, series: (id: string) => series(inputs[id] ?? '') };
  const values = evaluateMath(expression, scope);
  return grid.map((at) => values.get(at) ?? '-').join(' ');
}

test.each([
  ['a + b * 2', '3 5 - -'],
  ['(a + b) * 2', '4 8 - -'],
  ['-a ^ 2', '-1 -9 - -25'],
  ['a / (b - 1)', '- - - -'],
  ['CEIL(a / 2) - FLOOR(a / 2)', '1 1 - 1'],
  ['ABS(0 - a)', '1 3 - 5'],
  ['IF(a > 2, b, 7)', '7 1 - -'],
  ['IF(a > 2 AND b == 1, 1, 0)', '0 1 - -'],
  ['FILL(a, 0)', '1 3 0 5'],
  ['FILL(a, REPEAT)', '1 3 3 5'],
  ['FILL(b, REPEAT)', '1 1 1 1'],
  ['FILL(none, REPEAT)', '- - - -'],
  ['FILL(FILL(none, REPEAT), 0)', '0 0 0 0'],
  ['MAX([a, b])', '1 3 - 5'],
  ['SUM([a, b])', '2 4 - 5'],
  ['MAX(a)', '5 5 5 5'],
  ['AVG(a) - MIN(a)', '2 2 2 2'],
])('metric math: %s', (expression, result) => {
  expect(math(expression, { a: '1 3 - 5', b: '1 1 - -' })).toBe(result);
});

/** The expressions of lib/aws/scaling-metrics.ts. */
const steady = (id: string) => `FILL(FILL(${id}, REPEAT), 0)`;
const BACKLOG = `IF(${steady('inService')} > 0, ${steady('waiting')} / ${steady('inService')}, ${steady('waiting')})`;

test.each([
  ['10 20 30 -', '2 2 - 3', '5 10 15 10'],
  ['10 20 30 40', '0 0 0 0', '10 20 30 40'],
  ['- - - -', '5 5 5 5', '0 0 0 0'],
  ['8 8 8 8', '- - - -', '8 8 8 8'],
])('backlog an instance of %s waiting and %s in service', (waiting, inService, result) => {
  expect(math(BACKLOG, { waiting, inService })).toBe(result);
});

test.each(['a +', 'a b', 'LINEAR(a)', '(a', '[a, b]', 'a $ b', '', 'toString(a)'])(
  'fails: the expression %j',
  (expression) => {
    expect(faultOf(() => math(expression, { a: '1 1 1 1', b: '1 1 1 1' }))).toContain('InvalidParameterValue');
  },
);

/** The table of AWS's page, three of three: X breaches, 0 does not, - is missing. */
test.each([
  ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 'INSUFFICIENT_DATA', 'same', 'ALARM', 'OK'],
  ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 'ALARM', 'same', 'ALARM', 'OK'],
])('of the points %s', (text, missing, ignore, breaching, notBreaching) => {
  const points = text.split(' ').map((word) => (word === '-' ? undefined : word === 'X'));
  const of = (treatMissingData: string) =>
    judge({ points, evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData }) ?? 'same';
  expect([of('missing'), of('ignore'), of('breaching'), of('notBreaching')]).toEqual([
    missing,
    ignore,
    breaching,
    notBreaching,
  ]);
});

test('M of N breaching points are enough, and no fewer', () => {
  const of = (...points: boolean[]) =>
    judge({ points, evaluationPeriods: 5, datapointsToAlarm: 3, treatMissingData: 'missing' });
  expect(of(true, false, true, false, true)).toBe('ALARM');
  expect(of(true, false, true, false, false)).toBe('OK');
});

test('statistics are those of the period', () => {
  const model = new AwsModel(EXACT);
  const put = (Value: number, Timestamp: number) =>
    model.cloudwatch.putMetricData({ Namespace: 'N', MetricData: [{ MetricName: 'M', Value, Timestamp }] });
  for (const [at, value] of [1, 2, 3, 10].entries()) put(value, START + at * 30 * SECOND);
  const of = (Stat: string, Period: number) =>
    model.cloudwatch.getMetricData({
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' }, Period, Stat } }],
      StartTime: START,
      EndTime: START + 2 * MINUTE,
      ScanBy: 'TimestampAscending',
    }).MetricDataResults[0]?.Values;
  expect([of('Sum', 60), of('Average', 60), of('Maximum', 120), of('SampleCount', 120)]).toEqual([
    [3, 13],
    [1.5, 6.5],
    [10],
    [4],
  ]);
  expect(faultOf(() => of('tm99', 60))).toContain('tm99 is not modelled');
});

test('an alarm goes off after its periods, and tells', () => {
  const account = new Account();
  const { cloudwatch } = account.model;
  cloudwatch.putMetricAlarm({
    AlarmName: 'high',
    Namespace: 'N',
    MetricName: 'M',
    EvaluationPeriods: 3,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  const minute = (Value: number) => {
    cloudwatch.putMetricData({ Namespace: 'N', MetricData: [{ MetricName: 'M', Value }] });
    account.wait(MINUTE);
  };
  const state = () => cloudwatch.describeAlarms({ AlarmNames: ['high'] }).MetricAlarms[0]?.StateValue;
  account.wait(6 * SECOND);
  expect(state()).toBe('INSUFFICIENT_DATA');
  const seen = [9, 9, 9, 9, 1, 1].map((value) => (minute(value), state()));
  expect(seen).toEqual(['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', 'ALARM', 'ALARM', 'OK', 'OK']);
  expect(account.events.filter(({ type }) => type === 'alarm-state')).toHaveLength(2);
});

test('fails: 1001 data, a datum without a value, a time too far, two returned queries', () => {
  const { cloudwatch } = new AwsModel(EXACT);
  const put = (...MetricData: object[]) =>
    faultOf(() =>
      cloudwatch.putMetricData({
        Namespace: 'N',
        MetricData: MetricData.map((each) => ({ MetricName: 'M', ...each })),
      }),
    );
  expect(put(...Array.from({ length: 1001 }, () => ({ Value: 1 })))).toContain(
    'must not have a size greater than 1000',
  );
  expect(put({})).toContain('MissingParameter');
  expect(put({ Value: 1, Timestamp: START - 15 * 86_400_000 })).toContain('two weeks past');
  const metric = { MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' }, Period: 60, Stat: 'Sum' } };
  const Metrics = ['a', 'b'].map((Id) => ({ Id, ...metric }));
  expect(
    faultOf(() =>
      cloudwatch.putMetricAlarm({
        AlarmName: 'x',
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Metrics,
      }),
    ),
  ).toContain('Exactly one element');
});

test('a dimension that is asked for without a value fits every value of it', () => {
  const { cloudwatch } = new AwsModel();
  const MetricData = ['one', 'two'].map((Value) => ({
    ...{ MetricName: 'jobs', Value: 1 },
    Dimensions: [{ Name: 'queue', Value }],
  }));
  cloudwatch.putMetricData({ Namespace: 'acme', MetricData });
  const found = (Value?: string) =>
    cloudwatch.listMetrics({ Namespace: 'acme', Dimensions: [{ Name: 'queue', Value }] }).Metrics.length;
  expect([found(), found('two'), found('three')]).toEqual([2, 1, 0]);
});

test('fails an alarm that is set to a state which there is none', () => {
  const { cloudwatch } = new AwsModel();
  const put = { ...{ AlarmName: 'sick', MetricName: 'x', Namespace: 'acme' }, Statistic: 'Sum', Threshold: 1 };
  cloudwatch.putMetricAlarm({ ...put, EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanThreshold' });
  const state = { AlarmName: 'sick', StateValue: 'WRONG', StateReason: 'test' };
  expect(faultOf(() => cloudwatch.setAlarmState(state))).toContain('StateValue');
});
