import type { IMetric, MetricStatConfig } from 'aws-cdk-lib/aws-cloudwatch';

interface Query {
  readonly id: string;
  readonly label?: string;
  readonly expression?: string;
  readonly metricStat?: {
    readonly metric: Pick<Series, 'namespace' | 'metricName' | 'dimensions'>;
    readonly stat: string;
    readonly period: number;
  };
  readonly returnData: boolean;
}

interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { readonly name: string; readonly value: string }[];
  readonly statistic: string;
  /** In seconds. */
  readonly period: number;
}

/** The properties by which an alarm of CloudFormation knows what to watch: one series, or what an expression makes of several. */
export function alarmMetric(metric: IMetric): Series | { readonly metrics: Query[] } {
  const { metricStat } = metric.toMetricConfig();
  return metricStat === undefined ? { metrics: expressionQueries(metric) } : seriesOf(metricStat);
}

/** An expression and the series that it stands on, as alarms and scaling policies take them; its label is its id. */
export function expressionQueries(metric: IMetric): Query[] {
  const { mathExpression, renderingProperties } = metric.toMetricConfig();
  const label = renderingProperties?.['label'];
  if (mathExpression === undefined || typeof label !== 'string')
    throw new TypeError('a series stands where an expression with a label is needed');
  return [
    ...Object.entries(mathExpression.usingMetrics).map(([id, used]): Query => {
      const { statistic, period, ...series } = seriesOf(used.toMetricConfig().metricStat);
      return { id, metricStat: { metric: series, stat: statistic, period }, returnData: false };
    }),
    { id: label, label, expression: mathExpression.expression, returnData: true },
  ];
}

/** A series as a line of a dashboard's graph. */
export function dashboardSeries(metric: IMetric): readonly string[] {
  const { namespace, metricName, dimensions } = seriesOf(metric.toMetricConfig().metricStat);
  return [namespace, metricName, ...dimensions.flatMap(({ name, value }) => [name, value])];
}

function seriesOf(config: MetricStatConfig | undefined): Series {
  if (config === undefined) throw new TypeError('an expression stands where a series is needed');
  const { namespace, metricName, statistic, period, dimensions = [] } = config;
  return {
    namespace,
    metricName,
    statistic,
    period: period.toSeconds(),
    dimensions: dimensions.map(({ name, value }) => ({ name, value: String(value) })),
  };
}
