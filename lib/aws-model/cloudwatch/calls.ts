import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import type { MetricDatum } from '../cloudwatch-types.ts';
import type { Context, Handlers, TimerHandlers } from '../context.ts';
import { alarmNotFound, invalidMetricParameter, missingParameter } from '../faults.ts';
import { BATCH } from '../limits.ts';
import { paginate } from '../pages.ts';
import { changeState, deleteAlarm, evaluateAlarm, putAlarm } from './alarms.ts';
import { periodOf, valuesOf } from './queries.ts';
import type { AlarmState, CloudWatchTimer, Point } from './state.ts';
import { findSeries, putPoint } from './store.ts';

const PAST_MS = 14 * 86_400_000;
const FUTURE_MS = 2 * 3_600_000;
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

export const cloudWatchCalls = {
  putMetricData(context, { Namespace, MetricData = [] }) {
    if (MetricData.length > BATCH.putMetricData)
      throw invalidMetricParameter(
        `The collection MetricData must not have a size greater than ${BATCH.putMetricData}.`,
      );
    const { now } = context.state;
    const points = MetricData.map((datum) => ({ datum, point: pointOf(datum), at: datum.Timestamp ?? now }));
    for (const { at } of points)
      if (at < now - PAST_MS || at > now + FUTURE_MS)
        throw invalidMetricParameter('The parameter Timestamp must be within two weeks past and two hours ahead.');
    for (const { datum, point, at } of points)
      putPoint(context, Namespace, datum.MetricName, datum.Dimensions ?? [], at, point, datum.StorageResolution);
    return {};
  },

  getMetricData(context, { MetricDataQueries, StartTime, EndTime, ScanBy }) {
    if (MetricDataQueries.length > BATCH.getMetricDataQueries)
      throw invalidMetricParameter(
        `The collection MetricDataQueries must not have a size greater than ${BATCH.getMetricDataQueries}.`,
      );
    if (EndTime <= StartTime)
      throw invalidMetricParameter('The parameter StartTime must be less than the parameter EndTime.');
    const MetricDataResults = MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map((query) => {
      const periodMs = periodOf(MetricDataQueries, query) * 1000;
      const from = Math.floor(StartTime / periodMs) * periodMs;
      const values = [...valuesOf(context, MetricDataQueries, query.Id, { from, to: EndTime, periodMs })];
      const ordered = values.toSorted(([a], [b]) => (ScanBy === 'TimestampAscending' ? a - b : b - a));
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
        Timestamps: ordered.map(([at]) => at),
        Values: ordered.map(([, value]) => value),
        StatusCode: 'Complete' as const,
      };
    });
    return { MetricDataResults };
  },

  listMetrics(context, { NextToken, ...which }) {
    const { items, ...page } = paginate(findSeries(context, which), NextToken, 500);
    const Metrics = items.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensions,
    }));
    return { Metrics, ...page };
  },

  putMetricAlarm(context, input) {
    putAlarm(context, input);
    return {};
  },

  describeAlarms(context, { AlarmNames, AlarmNamePrefix = '', StateValue, MaxRecords, NextToken }) {
    const chosen = [...context.state.cloudwatch.alarms.values()]
      .map(({ alarm }) => alarm)
      .filter(
        (alarm) =>
          (AlarmNames?.includes(alarm.AlarmName) ?? true) &&
          alarm.AlarmName.startsWith(AlarmNamePrefix) &&
          (StateValue === undefined || alarm.StateValue === StateValue),
      );
    const { items, ...page } = paginate(chosen, NextToken, MaxRecords ?? 50);
    return { MetricAlarms: items, ...page };
  },

  deleteAlarms(context, { AlarmNames }) {
    needAlarms(context, AlarmNames);
    for (const name of AlarmNames) deleteAlarm(context, name);
    return {};
  },

  setAlarmState(context, { AlarmName, StateValue, StateReason }) {
    const state = STATES.find((each) => each === StateValue);
    if (state === undefined) throw invalidMetricParameter(`The value ${StateValue} of StateValue is not valid`);
    for (const found of needAlarms(context, [AlarmName])) changeState(context, found, state, StateReason);
    return {};
  },

  enableAlarmActions(context, { AlarmNames }) {
    for (const found of needAlarms(context, AlarmNames)) found.alarm = { ...found.alarm, ActionsEnabled: true };
    return {};
  },

  disableAlarmActions(context, { AlarmNames }) {
    for (const found of needAlarms(context, AlarmNames)) found.alarm = { ...found.alarm, ActionsEnabled: false };
    return {};
  },
} satisfies Handlers<CloudWatch>;

export const cloudWatchTimers: TimerHandlers<CloudWatchTimer> = {
  'cloudwatch.evaluate': (context, { alarm, revision }) => evaluateAlarm(context, alarm, revision),
};

function needAlarms({ state }: Context, names: readonly string[]): AlarmState[] {
  return names.map((name) => {
    const found = state.cloudwatch.alarms.get(name);
    if (found === undefined) throw alarmNotFound(name);
    return found;
  });
}

function pointOf({ MetricName, Value, Values, Counts, StatisticValues }: MetricDatum): Point {
  if (StatisticValues !== undefined) {
    const { Sum: sum, SampleCount: count, Minimum: min, Maximum: max } = StatisticValues;
    return { sum, count, min, max };
  }
  const values = Values ?? (Value === undefined ? [] : [Value]);
  if (values.length === 0) throw missingParameter(`MetricData.member.${MetricName}.Value`);
  if (!values.every(Number.isFinite))
    throw invalidMetricParameter(`The value ${values.join(', ')} of ${MetricName} is not a number.`);
  const counts = values.map((_, at) => Counts?.[at] ?? 1);
  const times = new Map<number, number>();
  for (const [at, value] of values.entries()) times.set(value, (times.get(value) ?? 0) + (counts[at] ?? 1));
  return {
    sum: values.reduce((total, value, at) => total + value * (counts[at] ?? 1), 0),
    count: counts.reduce((total, each) => total + each, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    values: times,
  };
}
