import { expect, test } from 'vitest';
import { fit } from '../../../../lib/simulate/fit/fit.ts';
import type { Outcome } from '../../../../lib/simulate/fit/task.ts';
import type { Point } from '../../../../lib/simulate/search/space.ts';

const SPACE = {
  target: { from: 1, to: 100 },
  idle: { from: 0, to: 100, step: 10 },
  nothing: { from: 0, to: 100, step: 10 },
} as const;

/** A higher target is cheaper and slower, idle instances cost, and one setting does nothing. */
function outcomeOf({ target = 1, idle = 0 }: Point): Outcome {
  const p95 = 10 * target;
  return { p50: 0, p95, p99: 2 * p95, instanceHours: 1, usd: 1000 / target + idle, lostSeconds: 0, undone: 0 };
}

const work = (points: readonly Point[]): Promise<Outcome[]> => Promise.resolve(points.map(outcomeOf));

test('reaches the goal at least cost, and changes nothing that brings nothing', async () => {
  const start = { target: 5, idle: 50, nothing: 70 };
  const { before, after } = await fit({ space: SPACE, start, goalSeconds: 300, budget: 200, seed: 1 }, work);
  expect(before).toEqual({ point: start, outcome: outcomeOf(start) });
  expect(after.outcome.p95).toBeLessThanOrEqual(300);
  // The best that can be reached is 33.33 with a target of 30 and nothing idle.
  expect(after.outcome.usd).toBeLessThan(33.4 * 1.05);
  expect(after.point['nothing']).toBe(70);
});

test('what is best already stays as it is', async () => {
  const start = { target: 30, idle: 0, nothing: 15 };
  const { before, after } = await fit({ space: SPACE, start, goalSeconds: 300, budget: 50, seed: 1 }, work);
  expect(after).toEqual(before);
  expect(after.point).toEqual(start);
});

test('a goal that nothing reaches is come as near to as can be, and jobs that are never done are worse than any wait', async () => {
  const start = { target: 50, idle: 0, nothing: 0 };
  const options = { space: SPACE, start, goalSeconds: 5, budget: 200, seed: 1 };
  const { after } = await fit(options, work);
  expect(after.outcome.p95).toBe(10);
  const undone = await fit(options, async (points) =>
    (await work(points)).map((outcome) => (outcome.p95 < 100 ? { ...outcome, undone: 100_000 } : outcome)),
  );
  expect(undone.after.outcome.p95).toBe(100);
});

test.each([1, 2, 7, 20, 60])('tries no more than %i points, those included that take changes back', async (budget) => {
  for (const start of [
    { target: 5, idle: 50, nothing: 70 },
    { target: 5, idle: 55, nothing: 73 },
  ]) {
    const tried = new Set<string>();
    await fit({ space: SPACE, start, goalSeconds: 300, budget, seed: 1 }, (points) => {
      for (const { target, idle, nothing } of points) tried.add(`${target} ${idle} ${nothing}`);
      return work(points);
    });
    expect(tried.size).toBeLessThanOrEqual(budget);
  }
});
