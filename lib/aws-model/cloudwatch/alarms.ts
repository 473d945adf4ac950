import type { AlarmState, MetricAlarm, MetricDataQuery, PutMetricAlarmInput } from '../cloudwatch-types.ts';
import type { Context } from '../context.ts';
import { invalidMetricParameter } from '../faults.ts';
import { schedule } from '../timeline.ts';
import { type Judgement, judge } from './judge.ts';
import { periodOf, valuesOf } from './queries.ts';
import type { AlarmState as Alarm } from './state.ts';

/** Data of a period come a little after its end. Not published; chosen. */
const DELAY_MS = 5000;
const MINUTE_MS = 60_000;
/** Beyond the evaluation periods, to make up for missing data: the table of the documentation reads five for three. */
const MORE_PERIODS = 2;

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export function putAlarm(context: Context, input: PutMetricAlarmInput): void {
  const { cloudwatch, settings, now } = context.state;
  check(input);
  const known = cloudwatch.alarms.get(input.AlarmName);
  const alarm: MetricAlarm = {
    ActionsEnabled: true,
    ...input,
    AlarmArn: `arn:aws:cloudwatch:${settings.region}:${settings.account}:alarm:${input.AlarmName}`,
    StateValue: known?.alarm.StateValue ?? 'INSUFFICIENT_DATA',
    StateReason: known?.alarm.StateReason ?? 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: known?.alarm.StateUpdatedTimestamp ?? now,
    AlarmConfigurationUpdatedTimestamp: now,
  };
  const put: Alarm = { alarm, revision: (known?.revision ?? 0) + 1 };
  cloudwatch.alarms.set(input.AlarmName, put);
  arm(context, put);
}

export function deleteAlarm({ state }: Context, name: string): void {
  state.cloudwatch.alarms.delete(name);
}

/** An alarm's time has come: it looks at its metric, changes its state, and acts. */
export function evaluateAlarm(context: Context, name: string, revision: number): void {
  const found = context.state.cloudwatch.alarms.get(name);
  if (found?.revision !== revision) return;
  arm(context, found);
  const { alarm } = found;
  const { EvaluationPeriods = 1, ComparisonOperator = '', Threshold = 0 } = alarm;
  const periodMs = periodMsOf(alarm);
  const to = Math.floor((context.state.now - DELAY_MS) / periodMs) * periodMs;
  const from = to - (EvaluationPeriods + MORE_PERIODS) * periodMs;
  const { queries, id } = queriesOf(alarm);
  const values = valuesOf(context, queries, id, { from, to, periodMs });
  const compare = COMPARISONS[ComparisonOperator];
  const points: (boolean | undefined)[] = [];
  for (let at = from; at < to; at += periodMs) {
    const value = values.get(at);
    points.push(value === undefined ? undefined : compare?.(value, Threshold));
  }
  const judgement: Judgement = {
    points,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? EvaluationPeriods,
    treatMissingData: alarm.TreatMissingData ?? 'missing',
  };
  const next = judge(judgement) ?? alarm.StateValue;
  const last = [...values.values()].at(-1);
  const reason = `Threshold Crossed: ${points.filter((point) => point === true).length} datapoints [${String(last ?? 'none')}] compared by ${ComparisonOperator} with the threshold (${Threshold}).`;
  changeState(context, found, next, reason);
  repeatActions(context, found, last ?? 0);
}

/** Sets a state, and does the actions of a new one. */
export function changeState(context: Context, found: Alarm, to: AlarmState, reason: string): void {
  const { alarm } = found;
  const from = alarm.StateValue;
  if (from === to) return;
  found.alarm = { ...alarm, StateValue: to, StateReason: reason, StateUpdatedTimestamp: context.state.now };
  found.actedAt = undefined;
  context.emit({ type: 'alarm-state', alarm: alarm.AlarmName, from, to });
}

/** Actions of scaling policies are done once a minute for as long as the alarm is in their state. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html */
function repeatActions(context: Context, found: Alarm, value: number): void {
  const { alarm, actedAt } = found;
  const { now } = context.state;
  if (alarm.ActionsEnabled === false || (actedAt !== undefined && now - actedAt < MINUTE_MS)) return;
  const actions = { ALARM: alarm.AlarmActions, OK: alarm.OKActions, INSUFFICIENT_DATA: alarm.InsufficientDataActions };
  found.actedAt = now;
  for (const arn of actions[alarm.StateValue] ?? [])
    context.alarmAction(arn, { value, threshold: alarm.Threshold ?? 0 });
}

/** Once a minute, and of shorter periods once a period, soon after its end. */
function arm(context: Context, { alarm, revision }: Alarm): void {
  const every = Math.min(periodMsOf(alarm), MINUTE_MS);
  const { now, timeline } = context.state;
  const at = (Math.floor((now - DELAY_MS) / every) + 1) * every + DELAY_MS;
  schedule(timeline, at, { kind: 'cloudwatch.evaluate', alarm: alarm.AlarmName, revision });
}

function queriesOf(alarm: MetricAlarm): { readonly queries: readonly MetricDataQuery[]; readonly id: string } {
  const { Metrics, Namespace, MetricName, Dimensions, Statistic = 'Average', Period = 60 } = alarm;
  if (Metrics !== undefined) return { queries: Metrics, id: returned(Metrics).Id };
  const MetricStat = { Metric: { Namespace, MetricName, Dimensions }, Period, Stat: Statistic };
  return { queries: [{ Id: 'm1', MetricStat }], id: 'm1' };
}

function periodMsOf({ Metrics, Period = 60 }: PutMetricAlarmInput): number {
  return 1000 * (Metrics === undefined ? Period : periodOf(Metrics, returned(Metrics)));
}

function returned(queries: readonly MetricDataQuery[]): MetricDataQuery {
  const shown = queries.filter(({ ReturnData }) => ReturnData !== false);
  const [only] = shown;
  if (only === undefined || shown.length > 1)
    throw invalidMetricParameter('Exactly one element of the metrics list should return data.');
  return only;
}

function check(input: PutMetricAlarmInput): void {
  const {
    Metrics,
    Period = 60,
    EvaluationPeriods = 0,
    DatapointsToAlarm = EvaluationPeriods,
    TreatMissingData = 'missing',
    ComparisonOperator = '',
  } = input;
  if (!Object.hasOwn(COMPARISONS, ComparisonOperator))
    throw invalidMetricParameter(`The comparison operator ${ComparisonOperator} is not modelled`);
  if (Metrics !== undefined) returned(Metrics);
  else if (![10, 20, 30].includes(Period) && Period % 60 !== 0)
    throw invalidMetricParameter(`The period ${Period} is not valid: it must be 10, 20, 30 or a multiple of 60`);
  if (!(EvaluationPeriods >= 1) || DatapointsToAlarm < 1 || DatapointsToAlarm > EvaluationPeriods)
    throw invalidMetricParameter('DatapointsToAlarm must be between 1 and EvaluationPeriods');
  if (!['missing', 'ignore', 'breaching', 'notBreaching'].includes(TreatMissingData))
    throw invalidMetricParameter(`The value ${TreatMissingData} of TreatMissingData is not valid`);
}
