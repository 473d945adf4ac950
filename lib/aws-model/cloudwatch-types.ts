import type { Time } from './types.ts';

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[] | undefined;
  /** @default - now */
  readonly Timestamp?: Time | undefined;
  readonly Value?: number | undefined;
  readonly Values?: readonly number[] | undefined;
  readonly Counts?: readonly number[] | undefined;
  readonly StatisticValues?:
    | { readonly SampleCount: number; readonly Sum: number; readonly Minimum: number; readonly Maximum: number }
    | undefined;
  readonly Unit?: string | undefined;
  /** Seconds: 1 or 60. */
  readonly StorageResolution?: number | undefined;
}

export interface Metric {
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?: readonly Dimension[] | undefined;
}

export interface MetricDataQuery {
  readonly Id: string;
  readonly Label?: string | undefined;
  readonly Expression?: string | undefined;
  readonly MetricStat?:
    | { readonly Metric: Metric; readonly Period: number; readonly Stat: string; readonly Unit?: string | undefined }
    | undefined;
  readonly Period?: number | undefined;
  readonly ReturnData?: boolean | undefined;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface PutMetricAlarmInput extends Metric {
  readonly AlarmName: string;
  readonly AlarmDescription?: string | undefined;
  readonly ActionsEnabled?: boolean | undefined;
  readonly OKActions?: readonly string[] | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
  readonly InsufficientDataActions?: readonly string[] | undefined;
  readonly Statistic?: string | undefined;
  readonly ExtendedStatistic?: string | undefined;
  /** Seconds: 10, 20, 30 or a multiple of 60. */
  readonly Period?: number | undefined;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number | undefined;
  readonly Threshold?: number | undefined;
  readonly ComparisonOperator: string;
  /** @default missing */
  readonly TreatMissingData?: string | undefined;
  readonly Metrics?: readonly MetricDataQuery[] | undefined;
  readonly Unit?: string | undefined;
}

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

/** CloudWatch's calls, as far as scaling needs them. */
export interface CloudWatchCalls {
  putMetricData(input: {
    readonly Namespace: string;
    readonly MetricData: readonly MetricDatum[];
  }): Record<string, never>;
  getMetricData(input: {
    readonly MetricDataQueries: readonly MetricDataQuery[];
    readonly StartTime: Time;
    readonly EndTime: Time;
    readonly ScanBy?: string | undefined;
    readonly MaxDatapoints?: number | undefined;
    readonly NextToken?: string | undefined;
  }): { readonly MetricDataResults: readonly MetricDataResult[]; readonly NextToken?: string };
  listMetrics(input: Metric & { readonly NextToken?: string | undefined }): {
    readonly Metrics: readonly Required<Metric>[];
    readonly NextToken?: string;
  };
  putMetricAlarm(input: PutMetricAlarmInput): Record<string, never>;
  describeAlarms(input: {
    readonly AlarmNames?: readonly string[] | undefined;
    readonly AlarmNamePrefix?: string | undefined;
    readonly StateValue?: AlarmState | undefined;
    readonly MaxRecords?: number | undefined;
    readonly NextToken?: string | undefined;
  }): { readonly MetricAlarms: readonly MetricAlarm[]; readonly NextToken?: string };
  deleteAlarms(input: { readonly AlarmNames: readonly string[] }): Record<string, never>;
  setAlarmState(input: {
    readonly AlarmName: string;
    readonly StateValue: AlarmState;
    readonly StateReason: string;
  }): Record<string, never>;
  enableAlarmActions(input: { readonly AlarmNames: readonly string[] }): Record<string, never>;
  disableAlarmActions(input: { readonly AlarmNames: readonly string[] }): Record<string, never>;
}
