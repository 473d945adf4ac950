import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrivalsOf } from '../../../../lib/simulate/cloud/arrivals.ts';
import { levelOf, projectionOf, trendOf } from '../../../../lib/simulate/cloud/trend.ts';
import { Random } from '../../../../lib/simulate/workload/random.ts';

const NOW = Date.UTC(2026, 10, 23);
const DAY = 86_400_000;

/** So many leases in each month of 28 days, oldest first, evenly; the first month begins with one. */
const began = (months: readonly number[]): number[] =>
  months.flatMap((count, month) =>
    Array.from({ length: count }, (_, index) => NOW - (months.length - month) * 28 * DAY + (index * 28 * DAY) / count),
  );

test('leases that grow by four a month have a trend of one a week more', () => {
  const trend = trendOf(began([4, 8, 12, 16]), NOW);
  // By hand: a mean of 10 and squares of 5 around the middle, so a standard error of the square root of 2, a quarter of it a week.
  expect(trend).toEqual({ months: [4, 8, 12, 16], perMonth: 1, error: Math.sqrt(2) / 4 });
  if (trend === undefined) throw new Error('no trend');
  // The line ends half a month after the middle of the last month.
  expect(levelOf(trend)).toBe(10 / 4 + 2);
  expect(projectionOf(trend, 28).perWeek).toBe(5.5);
  expect(projectionOf(trend, 28).span).toEqual([5.5 - (1.96 * Math.sqrt(2)) / 4, 5.5 + (1.96 * Math.sqrt(2)) / 4]);
});

test('a trend goes on for no longer than it was seen, and not below nothing', () => {
  const [growing, shrinking] = [trendOf(began([4, 8, 12, 16]), NOW), trendOf(began([40, 20, 4]), NOW)];
  if (growing === undefined || shrinking === undefined) throw new Error('no trend');
  expect(projectionOf(growing, 700)).toEqual(projectionOf(growing, 4 * 28));
  expect(shrinking.perMonth).toBeLessThan(0);
  expect(projectionOf(shrinking, 84)).toMatchObject({ perWeek: 0 });
});

test.each([
  ['two months are no history', [1, 20]],
  ['a few more are chance', [3, 4, 5]],
  ['as many each month are none', [9, 9, 9, 9]],
  ['none began at all', []],
])('%s', (_, months) => {
  expect(trendOf(began(months), NOW)).toBeUndefined();
});

test('of histories without a trend, few are taken for one', () => {
  const random = new Random(1);
  const found = Array.from({ length: 1000 }, () =>
    trendOf(began(Array.from({ length: 6 }, (_, month) => (month === 0 ? 1 : 0) + random.poisson(9))), NOW),
  );
  expect(found.filter((each) => each !== undefined).length).toBeLessThan(80);
});

test('arrivals with a trend begin where it is now; a rate that is asked for has none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), (step) => {
      const past = began([step, 3 * step, 5 * step]).map((at) => ({
        ...{ blueprint: 'di', days: 30 },
        since: new Date(at).toISOString().slice(0, 10),
      }));
      const arrivals = arrivalsOf(past, NOW);
      expect(arrivals.trend?.perMonth).toBeCloseTo(step / 2, 0);
      expect(arrivals.perWeek).toBeGreaterThan((arrivals.from?.leases ?? 0) / (arrivals.from?.weeks ?? 1));
      expect(arrivalsOf(past, NOW, 2)).not.toHaveProperty('trend');
    }),
  );
});
