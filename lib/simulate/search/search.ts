import { Random } from '../workload/random.ts';
import { keyOf, map, nearestPoint, nth, type Point, placeOf, type Space, sizeOf, valueAt, valuesOf } from './space.ts';

/** What a point is worth: less of both is better, and what is allowed counts first. */
export interface Score {
  /** How far it is from what is allowed; 0: it is. */
  readonly violation: number;
  readonly cost: number;
}

export interface Tried<S extends Score> {
  readonly point: Point;
  readonly score: S;
}

export interface SearchOptions {
  readonly space: Space;
  /** Points that are tried at most; no point is tried twice. */
  readonly budget: number;
  /** @default 1 */
  readonly seed?: number;
  /** Tried first, as near as the space has them: what is used today. @default none */
  readonly starts?: readonly Point[];
  /** Points that are proposed at once: more than threads, so that none waits long. It changes what is tried. @default 8 */
  readonly batch?: number;
}

export interface Found<S extends Score> {
  /** The best of all; undefined where nothing was tried. Of equals the first. */
  readonly best: Tried<S> | undefined;
  readonly tried: readonly Tried<S>[];
}

/** Of the budget, how much is spread evenly before the search goes near the best. */
const SPREAD_SHARE = 0.25;
/** How far a move goes at first, and when it is at its shortest, in parts of an axis. */
const LONGEST = 0.25;
const SHORTEST = 0.01;
/** How many of the best ones tell in which directions it is worth to go. */
const GOOD = 10;
/** Of the moves, how many go anywhere: the best one may be in the wrong valley. */
const FAR_SHARE = 0.15;
/** Draws without a new point after which a move is a longer one. */
const ATTEMPTS = 40;

/** Whether one is better than another: less far from what is allowed, else cheaper. */
export function isBetter(one: Score, other: Score): boolean {
  return one.violation === other.violation ? one.cost < other.cost : one.violation < other.violation;
}

/**
 * Proposes points of a space, batch by batch, and learns from their scores which to try next: a Latin hypercube first (McKay, Beckman,
 * Conover 1979), then moves from the best one or from a cheaper one that is nearly allowed, a few of them anywhere, shorter when a batch was in vain, and long again at the end of
 * them. A space that the budget covers is tried whole. Pure: the same options and scores give the same proposals, whoever works them out.
 */
export function* search<S extends Score>({
  space,
  budget,
  seed = 1,
  starts = [],
  batch = 8,
}: SearchOptions): Generator<readonly Point[], Found<S>, readonly S[]> {
  const random = new Random(seed);
  const most = Math.min(budget, sizeOf(space));
  const seen = new Set<string>();
  const tried: Tried<S>[] = [];
  let best: Tried<S> | undefined;
  const isNew = (point: Point): boolean => {
    const key = keyOf(space, point);
    if (seen.size >= most || seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  const learn = (points: readonly Point[], scores: readonly S[]): boolean => {
    const before = best;
    for (const [index, point] of points.entries()) {
      const score = scores[index];
      if (score === undefined) continue;
      tried.push({ point, score });
      // What gives no number is nowhere to go on from.
      if (Number.isNaN(score.violation + score.cost)) continue;
      if (best === undefined || isBetter(score, best.score)) best = { point, score };
    }
    return best !== before;
  };

  const first = starts.map((start) => nearestPoint(space, start));
  const spread = most === sizeOf(space) ? everyPoint(space) : latin(space, Math.ceil(most * SPREAD_SHARE), random);
  let pending: Point[] = [];
  for (const point of [...first, ...spread]) {
    if (isNew(point)) pending.push(point);
    if (pending.length < batch) continue;
    learn(pending, yield pending);
    pending = [];
  }
  if (pending.length > 0) learn(pending, yield pending);

  let length = LONGEST;
  while (seen.size < most && best !== undefined) {
    const points: Point[] = [];
    let misses = 0;
    while (points.length < batch && seen.size < most) {
      // Where all around is known, it goes further.
      const reach = length * 1.5 ** Math.floor(misses / ATTEMPTS);
      const from = random.next() < 0.5 ? best : cheapNearby(tried, best);
      const isFar = reach > 4 || random.next() < FAR_SHARE;
      const point = isFar ? anywhere(space, random) : move(space, tried, from, { reach, random });
      if (isNew(point)) points.push(point);
      else misses += 1;
    }
    if (!learn(points, yield points)) length *= 0.7;
    if (length < SHORTEST) length = LONGEST;
  }
  return { best, tried };
}

/** A search to its end, by whoever scores a batch. */
export async function searchBy<S extends Score>(
  options: SearchOptions,
  score: (points: readonly Point[]) => Promise<readonly S[]>,
): Promise<Found<S>> {
  const steps = search<S>(options);
  let step = steps.next([]);
  while (step.done !== true) step = steps.next(await score(step.value));
  return step.value;
}

/** The cheapest where each part of a violation costs twice as much: what is nearly allowed may be better than the best that is. */
function cheapNearby<S extends Score>(tried: readonly Tried<S>[], best: Tried<S>): Tried<S> {
  const dear = ({ score: { violation, cost } }: Tried<S>): number => cost * (1 + 2 * violation);
  return tried.reduce((one, other) => (dear(other) < dear(one) ? other : one), best);
}

interface Step {
  /** How far it goes, in parts of an axis. */
  readonly reach: number;
  readonly random: Random;
}

/** From the best one, of three kinds with the same chance: along one axis, along some, or as two of the good ones differ. */
function move<S extends Score>(
  space: Space,
  tried: readonly Tried<S>[],
  best: Tried<S>,
  { reach, random }: Step,
): Point {
  const kind = random.next() * 3;
  if (kind < 1) {
    const good = tried.toSorted(({ score }, other) => (isBetter(score, other.score) ? -1 : 1)).slice(0, GOOD);
    const [one, other] = [pick(good, random) ?? best, pick(good, random) ?? best];
    const by = (0.5 + random.next()) * (reach / LONGEST);
    return map(space, (axis, name) => {
      const place = (point: Point): number => placeOf(axis, point[name] ?? axis.from);
      return valueAt(axis, place(best.point) + by * (place(one.point) - place(other.point)));
    });
  }
  const names = Object.keys(space);
  const only = kind < 2 ? Math.floor(random.next() * names.length) : -1;
  return map(space, (axis, name, index) => {
    const value = best.point[name] ?? axis.from;
    const isMoved = only < 0 ? random.next() < 0.5 : index === only;
    if (!isMoved) return value;
    const by = (2 * random.next() - 1) * reach;
    const moved = valueAt(axis, placeOf(axis, value) + by);
    return moved === value ? valueAt(axis, placeOf(axis, value + Math.sign(by) * (axis.step ?? 1))) : moved;
  });
}

function pick<T>(all: readonly T[], random: Random): T | undefined {
  return all[Math.floor(random.next() * all.length)];
}

function anywhere(space: Space, random: Random): Point {
  return map(space, (axis) => nth(axis, Math.floor(random.next() * valuesOf(axis))));
}

/** So many points, of which each has a part of every axis for itself. */
export function* latin(space: Space, count: number, random: Random): Generator<Point> {
  const orders = Object.values(space).map(() => shuffled(count, random));
  for (let at = 0; at < count; at += 1)
    yield map(space, (axis, _name, index) => valueAt(axis, ((orders[index]?.[at] ?? 0) + random.next()) / count));
}

function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

function* everyPoint(space: Space): Generator<Point> {
  for (let at = 0; at < sizeOf(space); at += 1) {
    let rest = at;
    yield map(space, (axis) => {
      const count = valuesOf(axis);
      const value = nth(axis, rest % count);
      rest = Math.floor(rest / count);
      return value;
    });
  }
}
