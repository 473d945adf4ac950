import { expect, test } from 'vitest';
import { type Score, search, searchBy } from '../../../../lib/simulate/search/search.ts';
import { keyOf, type Point, type Space, sizeOf, valueAt, valuesOf } from '../../../../lib/simulate/search/space.ts';

const SPACE = {
  target: { from: 1, to: 1000, scale: 'ratio' },
  warmup: { from: 0, to: 600, step: 10 },
  spot: { from: 0, to: 100, step: 5 },
  pool: { from: 0, to: 50 },
} satisfies Space;

/** Cheapest at target 200 where the wait is allowed; below the line it is dearer, above it is not allowed. */
function bowl(point: Point): Score {
  const [target = 0, warmup = 0, spot = 0, pool = 0] = Object.keys(SPACE).map((name) => point[name] ?? 0);
  const wait = target + Math.abs(warmup - 120) / 4 + pool / 10;
  return { violation: Math.max(0, wait / 200 - 1), cost: 1000 / target + (100 - spot) / 50 + pool / 5 };
}

const scores = (points: readonly Point[]): Promise<Score[]> => Promise.resolve(points.map(bowl));

test('comes near the best of a function whose best is known: with half of the seeds within a tenth, with all within a half', async () => {
  const known = bowl({ target: 200, warmup: 120, spot: 100, pool: 0 });
  expect(known).toEqual({ violation: 0, cost: 5 });
  const costs: number[] = [];
  for (let seed = 1; seed <= 21; seed += 1) {
    const { best, tried } = await searchBy({ space: SPACE, budget: 300, seed }, scores);
    expect(best?.score.violation).toBe(0);
    expect(tried).toHaveLength(300);
    expect(new Set(tried.map(({ point }) => keyOf(SPACE, point))).size).toBe(300);
    costs.push(best?.score.cost ?? Infinity);
  }
  costs.sort((one, other) => one - other);
  expect(costs[10]).toBeLessThan(known.cost * 1.1);
  expect(costs[20]).toBeLessThan(known.cost * 1.5);
});

test('is a fifth cheaper than as many points by chance, at the median of seeds', async () => {
  const [found, byChance]: [number[], number[]] = [[], []];
  for (let seed = 1; seed <= 21; seed += 1) {
    const { best } = await searchBy({ space: SPACE, budget: 100, seed }, scores);
    found.push(best?.score.violation === 0 ? best.score.cost : Infinity);
    // The first quarter of a budget is spread evenly.
    const { value } = search<Score>({ space: SPACE, budget: 400, seed, batch: 100 }).next([]);
    const spread = (value as readonly Point[]).map(bowl);
    expect(spread).toHaveLength(100);
    byChance.push(Math.min(...spread.map(({ violation, cost }) => (violation > 0 ? Infinity : cost))));
  }
  const median = (all: number[]): number => all.toSorted((one, other) => one - other)[10] ?? Number.NaN;
  expect(median(found)).toBeLessThan(0.8 * median(byChance));
});

test('tries every point of a space that the budget covers, each once', async () => {
  const space = { one: { from: 0, to: 4 }, other: { from: 10, to: 30, step: 10 } };
  const { best, tried } = await searchBy({ space, budget: 100, starts: [{ one: 4, other: 30 }] }, (points) =>
    Promise.resolve(points.map(({ one = 0, other = 0 }) => ({ violation: 0, cost: Math.abs(one - 3) + other }))),
  );
  expect(tried).toHaveLength(sizeOf(space));
  expect(tried[0]?.point).toEqual({ one: 4, other: 30 });
  expect(best).toEqual({ point: { one: 3, other: 10 }, score: { violation: 0, cost: 10 } });
});

test('the same seed and scores give the same proposals; another seed others', () => {
  const all = (seed: number): (readonly Point[])[] => {
    const steps = search<Score>({ space: SPACE, budget: 120, seed });
    const batches: (readonly Point[])[] = [];
    for (let step = steps.next([]); step.done !== true; step = steps.next(step.value.map(bowl)))
      batches.push(step.value);
    return batches;
  };
  expect(all(7)).toEqual(all(7));
  expect(all(7)).not.toEqual(all(8));
});

test('starts with what is used today, as near as the space has it', () => {
  const { value } = search<Score>({ space: SPACE, budget: 20, starts: [{ target: 5000, warmup: 123, spot: 70 }] }).next(
    [],
  );
  expect((value as readonly Point[])[0]).toEqual({ target: 1000, warmup: 120, spot: 70, pool: 25 });
});

test('a point that gives no number is never the best', async () => {
  const { best } = await searchBy({ space: { one: { from: 0, to: 9 } }, budget: 10 }, (points) =>
    Promise.resolve(points.map(({ one = 0 }) => ({ violation: 0, cost: one < 5 ? Number.NaN : one }))),
  );
  expect(best?.point).toEqual({ one: 5 });
});

test('values are whole steps, without the noise of binary fractions', () => {
  const axis = { from: 0.1, to: 1, step: 0.1 };
  expect(valuesOf(axis)).toBe(10);
  expect(Array.from({ length: 10 }, (_, index) => valueAt(axis, index / 9))).toEqual([
    0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]);
});
