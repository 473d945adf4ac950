import type { ListMetricsInput } from '@aws-sdk/client-cloudwatch';
import type { Dimension, Metric } from '../cloudwatch-types.ts';
import type { Context } from '../context.ts';
import { invalidMetricParameter } from '../faults.ts';
import type { Shape } from '../shape.ts';
import type { Time } from '../types.ts';
import type { Point, Series } from './state.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
/** Points of a minute are kept for 15 days. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html */
const KEPT_MS = 15 * 86_400_000;

/** Adds a value, or what several came to, to the point of its minute (of its second, if `resolution` is 1). */
export function putPoint(
  context: Context,
  namespace: string,
  name: string,
  dimensions: readonly Dimension[],
  at: Time,
  value: number | Point,
  resolution = 60,
): void {
  const { series } = context.state.cloudwatch;
  const key = keyOf(namespace, name, dimensions);
  let found = series.get(key);
  if (found === undefined) {
    found = { namespace, name, dimensions, resolution, points: new Map() };
    series.set(key, found);
  }
  if (resolution < found.resolution) found.resolution = resolution;
  const size = resolution === 1 ? SECOND_MS : MINUTE_MS;
  const start = Math.floor(at / size) * size;
  const point =
    typeof value === 'number' ? { sum: value, count: 1, min: value, max: value, values: new Map([[value, 1]]) } : value;
  const before = found.points.get(start);
  found.points.set(start, before === undefined ? { ...point } : joined(before, point));
  for (const oldest of found.points.keys()) {
    if (oldest > context.state.now - KEPT_MS) break;
    found.points.delete(oldest);
  }
}

/** A statistic over the periods that start in `from` to before `to`; periods without data have no entry. */
export function statistics(
  { state }: Context,
  { Namespace = '', MetricName = '', Dimensions = [] }: Metric,
  query: { readonly stat: string; readonly periodMs: number; readonly from: Time; readonly to: Time },
): Map<Time, number> {
  const found = state.cloudwatch.series.get(keyOf(Namespace, MetricName, Dimensions));
  const values = new Map<Time, number>();
  if (found === undefined) return values;
  const step = found.resolution === 1 ? SECOND_MS : MINUTE_MS;
  for (let start = query.from; start < query.to; start += query.periodMs) {
    let all: Point | undefined;
    for (let at = Math.floor(start / step) * step; at < start + query.periodMs; at += step) {
      const point = found.points.get(at);
      if (point !== undefined) all = all === undefined ? point : joined(all, point);
    }
    const value = all === undefined ? undefined : statistic(query.stat, all);
    if (value !== undefined) values.set(start, value);
  }
  return values;
}

/** All series that a filter fits: what is said of them, dimensions among others; a dimension without a value fits any. */
export function findSeries(
  { state }: Context,
  { Namespace, MetricName, Dimensions = [] }: Shape<ListMetricsInput>,
): Series[] {
  return [...state.cloudwatch.series.values()].filter(
    (series) =>
      (Namespace === undefined || series.namespace === Namespace) &&
      (MetricName === undefined || series.name === MetricName) &&
      Dimensions.every(({ Name, Value }) =>
        series.dimensions.some((each) => each.Name === Name && (Value === undefined || each.Value === Value)),
      ),
  );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
function statistic(stat: string, { sum, count, min, max, values }: Point): number | undefined {
  if (stat === 'Average') return sum / count;
  if (stat === 'Sum') return sum;
  if (stat === 'Minimum') return min;
  if (stat === 'Maximum') return max;
  if (stat === 'SampleCount') return count;
  const [, percent] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(stat) ?? [];
  if (percent === undefined)
    throw invalidMetricParameter(
      `The statistic ${stat} is not modelled: Average, Sum, Minimum, Maximum, SampleCount and p0 to p100 are`,
    );
  // Of what was put as sums, there is no percentile.
  if (values === undefined) return undefined;
  let left = (Number(percent) / 100) * count;
  for (const [value, times] of [...values].sort(([a], [b]) => a - b)) {
    left -= times;
    if (left <= 0) return value;
  }
  return max;
}

function joined(a: Point, b: Point): Point {
  const [min, max] = [Math.min(a.min, b.min), Math.max(a.max, b.max)];
  return { sum: a.sum + b.sum, count: a.count + b.count, min, max, values: bothOf(a.values, b.values) };
}

function bothOf(a: Point['values'], b: Point['values']): Point['values'] {
  if (a === undefined || b === undefined) return undefined;
  const all = new Map(a);
  for (const [value, times] of b) all.set(value, (all.get(value) ?? 0) + times);
  return all;
}

function keyOf(namespace: string, name: string, dimensions: readonly Dimension[]): string {
  const sorted = dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return [namespace, name, ...sorted].join('\n');
}
