import type {
  PutMetricAlarmInput as PutMetricAlarm,
  Dimension as SdkDimension,
  Metric as SdkMetric,
  MetricDataQuery as SdkMetricDataQuery,
  MetricDatum as SdkMetricDatum,
} from '@aws-sdk/client-cloudwatch';
import type { Shape } from './shape.ts';
import type { Time } from './types.ts';

export type Dimension = Shape<SdkDimension>;
export type MetricDatum = Shape<SdkMetricDatum>;
export type MetricDataQuery = Shape<SdkMetricDataQuery>;
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type PutMetricAlarmInput = Shape<PutMetricAlarm>;

export type Metric = Shape<SdkMetric>;

export interface MetricAlarm extends PutMetricAlarmInput {
  readonly AlarmArn: string;
  readonly StateValue: AlarmState;
  readonly StateReason: string;
  readonly StateUpdatedTimestamp: Time;
  readonly AlarmConfigurationUpdatedTimestamp: Time;
}

export interface MetricDataResult {
  readonly Id: string;
  readonly Label: string;
  readonly Timestamps: readonly Time[];
  readonly Values: readonly number[];
  readonly StatusCode: 'Complete' | 'PartialData';
}
