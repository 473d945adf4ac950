import { BOOT_SECONDS } from '../lib/simulate/report/contenders.ts';
import { openPool } from '../lib/simulate/search/pool.ts';
import type { Benchmark } from './benchmark.ts';
import { MAXIMUM } from './scaling/families.ts';
import { type Judged, judge, type Run } from './scaling/judge.ts';
import type { Outcome, Task } from './scaling/task.ts';
import { leastCost, TRACE_NAMES, traceOf, whyNoTraces } from './scaling/traces.ts';

/** Waits in seconds that 95 of 100 jobs shall not exceed: as long as a boot, and what somebody may accept. */
const GOALS = [60, 120, 300, 900] as const;
/** Settings of each policy that are tried. */
const BUDGET = 40;
/** Of the best of AWS's. */
const MOST_REGRET = 0.5;

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
      const judged = await judge({ run: onlyOnce((tasks) => pool.run(tasks)), budget: BUDGET, goals: GOALS });
      const least = new Map(TRACE_NAMES.map((trace) => [trace, leastCost(traceOf(trace), MAXIMUM, BOOT_SECONDS)]));
      const pairs = GOALS.flatMap((goal) => {
        const own = TRACE_NAMES.flatMap((trace) =>
          pairOf(judged, { goal, trace, least: least.get(trace) ?? 0 }, progress),
        );
        const ratio = mean(own.map(({ tandem, other }) => tandem / other));
        progress(`at most ${goal} s, all traces that both keep it on: ${ratio.toFixed(3)} times the best of AWS's`);
        return own;
      });
      const measured = mean(pairs.map(({ tandem, other }) => tandem / other));
      const regrets = pairs.filter(({ tandem, other, least }) => Math.min(tandem, other) > least);
      const regret = mean(regrets.map(({ tandem, other, least }) => (tandem - least) / (other - least)));
      progress(`regret against the best schedule, where both have one: ${regret.toFixed(2)} times that of AWS's best`);
      const broken =
        regret <= MOST_REGRET ? [] : [`regret ${regret.toFixed(2)} times that of AWS's best, at most ${MOST_REGRET}`];
      return { measured, yardstick: 1, unit: 'times', broken };
    } finally {
      await pool.close();
    }
  },
};

interface Pair {
  /** In times of what the jobs took: of Tandem's policy, the best of AWS's, and the best schedule without a wait. */
  readonly tandem: number;
  readonly other: number;
  readonly least: number;
}

/** Nothing where one of them does not keep the goal; that is said. */
function pairOf(
  judged: readonly Judged[],
  { goal, trace, least }: Pick<Judged, 'goal' | 'trace'> & Pick<Pair, 'least'>,
  progress: (line: string) => void,
): Pair[] {
  const costs = judged.filter((each) => each.goal === goal && each.trace === trace);
  const told = costs.map(({ family, cost }) => `${family} ${cost === undefined ? 'never' : cost.toFixed(3)}`);
  progress(`${trace}, at most ${goal} s: ${told.join(', ')}; without a wait at least ${least.toFixed(3)}`);
  const tandem = costs.find(({ family }) => family === 'tandem')?.cost;
  const others = costs.flatMap(({ family, cost }) => (family === 'tandem' || cost === undefined ? [] : [cost]));
  return tandem === undefined || others.length === 0 ? [] : [{ tandem, other: Math.min(...others), least }];
}

/** The same settings are asked for again at other goals. */
function onlyOnce(run: Run): Run {
  const known = new Map<string, Outcome>();
  const keyOf = (task: Task): string => JSON.stringify(task);
  return async (tasks) => {
    const fresh = [...new Map(tasks.map((task) => [keyOf(task), task])).values()].filter(
      (task) => !known.has(keyOf(task)),
    );
    const outcomes = await run(fresh);
    for (const [index, outcome] of outcomes.entries()) known.set(keyOf(fresh[index] as Task), outcome);
    return tasks.map((task) => known.get(keyOf(task)) as Outcome);
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
