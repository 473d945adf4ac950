import { isBetter, type Score, searchBy } from '../search/search.ts';
import { keyOf, nearestPoint, type Point, type Space } from '../search/space.ts';
import type { Outcome } from './task.ts';

export interface FitOptions {
  readonly space: Space;
  /** What is used today. */
  readonly start: Point;
  /** Wait in seconds that 95 of 100 jobs shall not exceed. */
  readonly goalSeconds: number;
  /** Points that are tried at most. */
  readonly budget: number;
  readonly seed: number;
}

export interface Tried {
  readonly point: Point;
  readonly outcome: Outcome;
}

export interface Fitted {
  readonly before: Tried;
  /** The same as before where nothing better was found. */
  readonly after: Tried;
}

/** Of the budget, how much is kept at most for taking changes back; each setting takes one. */
const BACK_SHARE = 0.25;
/** What costs no more than this share above the cheapest is as good: a change that saves less is none worth making. */
const SAME_COST = 0.005;

/** Less far from the goal is better, then cheaper. A job that is never done is worse than any wait. */
export function scoreOf({ p95, usd, instanceHours, undone }: Outcome, goalSeconds: number): Score {
  return { violation: undone + Math.max(0, p95 / goalSeconds - 1), cost: usd ?? instanceHours };
}

/**
 * The settings that reach a goal at least cost, as far as a search finds them, with the fewest changes of what is used today. Pure, but for
 * who works outcomes out.
 */
export async function fit(
  { space, start, goalSeconds, budget, seed }: FitOptions,
  work: (points: readonly Point[]) => Promise<readonly Outcome[]>,
): Promise<Fitted> {
  const before = await one(work, start);
  const backs = Math.min(Object.keys(space).length, Math.floor(budget * BACK_SHARE));
  // What is used today may lie between the steps of the space, whose nearest point is then one more.
  const nearest = nearestPoint(space, start);
  const ofStart = Object.keys(space).every((name) => nearest[name] === start[name]) ? 0 : 1;
  const { best } = await searchBy<Score & { readonly outcome: Outcome }>(
    { space, budget: budget - backs - ofStart, seed, starts: [start] },
    async (points) => (await work(points)).map((outcome) => ({ ...scoreOf(outcome, goalSeconds), outcome })),
  );
  if (best === undefined || !isBetter(best.score, scoreOf(before.outcome, goalSeconds)))
    return { before, after: before };
  const found = { point: best.point, outcome: best.score.outcome };
  return { before, after: await withFewerChanges(found, { space, start, goalSeconds, budget: backs }, work) };
}

async function one(work: (points: readonly Point[]) => Promise<readonly Outcome[]>, point: Point): Promise<Tried> {
  const [outcome] = await work([point]);
  if (outcome === undefined) throw new Error('a point has no outcome');
  return { point, outcome };
}

/** Takes back each change, one after another, that brings nothing, as far as the budget goes. */
async function withFewerChanges(
  found: Tried,
  { space, start, goalSeconds, budget }: Pick<FitOptions, 'space' | 'start' | 'goalSeconds' | 'budget'>,
  work: (points: readonly Point[]) => Promise<readonly Outcome[]>,
): Promise<Tried> {
  const least = scoreOf(found.outcome, goalSeconds);
  const enough = { violation: least.violation, cost: least.cost * (1 + SAME_COST) };
  let kept = found;
  let left = budget;
  for (const name of Object.keys(space)) {
    const back = start[name];
    if (left === 0 || back === undefined || kept.point[name] === back) continue;
    const point = { ...kept.point, [name]: back };
    if (keyOf(space, point) === keyOf(space, kept.point)) continue;
    left -= 1;
    const tried = await one(work, point);
    if (!isBetter(enough, scoreOf(tried.outcome, goalSeconds))) kept = tried;
  }
  return kept;
}
