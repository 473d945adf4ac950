import { openPool } from '../lib/simulate/search/pool.ts';
import type { Benchmark } from './benchmark.ts';
import { type Judged, judge } from './scaling/judge.ts';
import type { Outcome, Task } from './scaling/task.ts';
import { TRACE_NAMES, whyNoTraces } from './scaling/traces.ts';

/** Waits in seconds that 95 of 100 jobs shall not exceed: as long as a boot, and what somebody may accept. */
const GOALS = [60, 120, 300, 900] as const;
/** Settings of each policy that are tried. */
const BUDGET = 48;

/** Tandem's policy against the best of AWS's at the same wait, on traces that neither was tuned on. */
export const benchmark: Benchmark = {
  title: `instance time of Tandem's policy against the best of AWS's, at the same wait, on ${TRACE_NAMES.length} traces left out one at a time`,
  atMost: 0.85,
  unavailable: async () => Promise.resolve(whyNoTraces()),
  measure: async (progress) => {
    const pool = openPool<undefined, Task, Outcome>({
      module: new URL('scaling/task.ts', import.meta.url).href,
      setup: undefined,
    });
    try {
      const judged = await judge({ run: (tasks) => pool.run(tasks), budget: BUDGET, goals: GOALS });
      const ratios = GOALS.flatMap((goal) => TRACE_NAMES.flatMap((trace) => ratioOf(judged, goal, trace, progress)));
      const measured = ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
      return { measured, yardstick: 1, unit: 'times' };
    } finally {
      await pool.close();
    }
  },
};

/** Nothing where one of them does not keep the goal; that is said. */
function ratioOf(judged: readonly Judged[], goal: number, trace: string, progress: (line: string) => void): number[] {
  const costs = judged.filter((each) => each.goal === goal && each.trace === trace);
  const told = costs.map(({ family, cost }) => `${family} ${cost === undefined ? 'never' : cost.toFixed(3)}`);
  progress(`${trace}, at most ${goal} s: ${told.join(', ')}`);
  const tandem = costs.find(({ family }) => family === 'tandem')?.cost;
  const others = costs.flatMap(({ family, cost }) => (family === 'tandem' || cost === undefined ? [] : [cost]));
  return tandem === undefined || others.length === 0 ? [] : [tandem / Math.min(...others)];
}
