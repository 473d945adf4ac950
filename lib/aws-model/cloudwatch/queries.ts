import type { MetricDataQuery } from '../cloudwatch-types.ts';
import type { Context } from '../context.ts';
import { invalidMetricParameter } from '../faults.ts';
import type { Time } from '../types.ts';
import { evaluateMath, type Values } from './math.ts';
import { statistics } from './store.ts';

/** The periods that start in `from` to before `to`. */
export interface Range {
  readonly from: Time;
  readonly to: Time;
  readonly periodMs: number;
}

/** What one of the queries gives; expressions stand on the others. */
export function valuesOf(context: Context, queries: readonly MetricDataQuery[], id: string, range: Range): Values {
  const known = new Map<string, Values | undefined>();
  const grid = gridOf(range);
  const values = (name: string): Values => {
    const query = queries.find((each) => each.Id === name);
    if (query === undefined) throw invalidMetricParameter(`Error in expression: there is no metric ${name}`);
    if (known.has(name)) {
      const found = known.get(name);
      if (found === undefined) throw invalidMetricParameter(`Error in expression: ${name} stands on itself`);
      return found;
    }
    known.set(name, undefined);
    const { MetricStat, Expression } = query;
    const found =
      MetricStat === undefined
        ? evaluateMath(Expression ?? '', { series: values, grid })
        : statistics(context, MetricStat.Metric, { ...range, stat: MetricStat.Stat });
    known.set(name, found);
    return found;
  };
  return values(id);
}

/** Seconds: of the query itself, or of the metrics that it stands on. */
export function periodOf(queries: readonly MetricDataQuery[], query: MetricDataQuery): number {
  const own = query.MetricStat?.Period ?? query.Period;
  return own ?? Math.max(60, ...queries.map(({ MetricStat }) => MetricStat?.Period ?? 0));
}

function gridOf({ from, to, periodMs }: Range): Time[] {
  const grid: Time[] = [];
  for (let at = from; at < to; at += periodMs) grid.push(at);
  return grid;
}
