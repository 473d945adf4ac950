import { latin } from '../../lib/simulate/search/search.ts';
import { nearestPoint, type Point } from '../../lib/simulate/search/space.ts';
import { Random } from '../../lib/simulate/workload/random.ts';
import { FAMILIES, type Family, type FamilyName } from './families.ts';
import type { Outcome, Task } from './task.ts';
import { TRACE_NAMES, type TraceName } from './traces.ts';

export type Run = (tasks: readonly Task[]) => Promise<readonly Outcome[]>;

/** A family's settings, tried on every trace. */
interface Tried {
  readonly point: Point;
  readonly outcomes: Readonly<Record<TraceName, Outcome>>;
}

/** What a family costs on a trace that it was not tuned on, at a wait. */
export interface Judged {
  readonly trace: TraceName;
  readonly family: FamilyName;
  readonly goal: number;
  /** In times of what the jobs took; undefined where no value of its knob keeps the goal. */
  readonly cost: number | undefined;
}

export interface JudgeOptions {
  readonly run: Run;
  /** Settings of each family that are tried. */
  readonly budget: number;
  /** Waits in seconds that 95 of 100 jobs shall not exceed. */
  readonly goals: readonly number[];
  readonly families?: readonly FamilyName[];
}

const ALL = Object.keys(FAMILIES) as FamilyName[];
/** Values of the knob that are tried on the trace itself, in times of the tuned one. */
const TURNS = [0.15, 0.25, 0.4, 0.63, 1, 1.6, 2.5, 4] as const;

/**
 * Leaves one trace out at a time: every family gets the same number of settings, spread by the same means; those that do best on the other
 * traces are judged on the one that was left out, where only the one knob that trades waits for money is turned, so that costs are compared
 * at the same wait.
 */
export async function judge({ run, budget, goals, families = ALL }: JudgeOptions): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (const family of families) {
    const tried = await tryAll(run, family, budget);
    const wanted = goals.flatMap((goal) =>
      TRACE_NAMES.map((trace) => ({ goal, trace, best: tuned(tried, trace, goal) })),
    );
    const tasks = wanted.flatMap(({ trace, best }) =>
      turned(FAMILIES[family], best).map((point): Task => ({ family, trace, point })),
    );
    const outcomes = await run(tasks);
    for (const [index, { goal, trace }] of wanted.entries())
      judged.push({
        trace,
        family,
        goal,
        cost: costAt(outcomes.slice(index * TURNS.length, (index + 1) * TURNS.length), goal),
      });
  }
  return judged;
}

async function tryAll(run: Run, family: FamilyName, budget: number): Promise<readonly Tried[]> {
  const points = [...latin(FAMILIES[family].space, budget, new Random(17))];
  const outcomes = await run(points.flatMap((point) => TRACE_NAMES.map((trace): Task => ({ family, trace, point }))));
  return points.map((point, index) => ({
    point,
    outcomes: Object.fromEntries(
      TRACE_NAMES.map((trace, at) => [trace, outcomes[index * TRACE_NAMES.length + at]]),
    ) as unknown as Tried['outcomes'],
  }));
}

/**
 * The settings that do best on the other traces: by what they cost, times how often they exceed the goal. Who holds twice the fleet ready to
 * come a little closer to a goal that no launch can reach does worse than who misses it.
 */
function tuned(tried: readonly Tried[], left: TraceName, goal: number): Point {
  const others = TRACE_NAMES.filter((name) => name !== left);
  const scored = tried.map(({ point, outcomes }) => {
    const cost = others.reduce((sum, name) => sum + outcomes[name].cost, 0) / others.length;
    const missed = others.reduce((product, name) => product * Math.max(1, outcomes[name].p95 / goal), 1);
    return { point, score: cost * missed };
  });
  const [best] = scored.sort((one, other) => one.score - other.score);
  if (best === undefined) throw new Error('nothing was tried');
  return best.point;
}

function turned({ space, knob }: Family, point: Point): readonly Point[] {
  return TURNS.map((times) => nearestPoint(space, { ...point, [knob]: (point[knob] ?? 1) * times }));
}

/** The least cost of those that keep the goal. */
function costAt(outcomes: readonly Outcome[], goal: number): number | undefined {
  const kept = outcomes.filter(({ p95 }) => p95 <= goal).map(({ cost }) => cost);
  return kept.length === 0 ? undefined : Math.min(...kept);
}
