import { moneyOf } from '../../lib/simulate/measure/money.ts';
import { waitsOf } from '../../lib/simulate/measure/waits.ts';
import { loadDecide } from '../../lib/simulate/policy/tandem.ts';
import { simulate } from '../../lib/simulate/run/simulation.ts';
import type { Point } from '../../lib/simulate/search/space.ts';
import { FAMILIES, type FamilyName } from './families.ts';
import { meanLoad, type Trace, type TraceName, traceOf } from './traces.ts';

export interface Task {
  readonly family: FamilyName;
  readonly trace: TraceName;
  readonly point: Point;
}

/** Of one simulation. */
export interface Outcome {
  /** Wait in seconds that 95 of 100 jobs do not exceed. */
  readonly p95: number;
  /** Instance time that is charged, in times of what the jobs took. */
  readonly cost: number;
}

const decide = await loadDecide();

export function prepare(): (task: Task) => Outcome {
  const traces = new Map<TraceName, Trace>();
  return ({ family, trace: name, point }) => {
    const trace = traces.get(name) ?? traceOf(name);
    traces.set(name, trace);
    const { workload, slots } = trace;
    const contender = FAMILIES[family].contender(point, trace, decide);
    const simulated = simulate({ workload, slots, ...contender });
    const { instanceHours } = moneyOf(simulated, () => 0);
    return { p95: waitsOf(simulated).p95, cost: (instanceHours * 3600) / (meanLoad(trace) * workload.span) };
  };
}
