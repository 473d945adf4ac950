import { describe, expect, test } from 'vitest';
import { bareFleet } from '../../../../lib/simulate/baselines/bare-fleet.ts';
import { forecastsFor, wrongForecasts } from '../../../../lib/simulate/report/forecasts.ts';
import { workloadOf } from '../../../../lib/simulate/workload/workload.ts';
import { decide } from '../../../../packages/fleet-scaler/src/decide.ts';

const HOUR = 3600;
// Ten jobs at a time, for ten hours.
const steady = workloadOf(
  'steady',
  Array.from({ length: 10 * 600 }, (_, index) => ({ at: index * 6, seconds: 60 })),
  10 * HOUR,
);
const MONDAY = Date.UTC(2026, 10, 2) / 1000;

describe('a forecast', () => {
  const quarters = Array.from({ length: 36 }, (_, index) => MONDAY + index * 900 + 400);

  test('that is right says what comes', () => {
    const said = quarters.map(wrongForecasts(steady, 500, 1)(0));
    for (const each of said) expect(each).toBeCloseTo(10, -0.5);
  });

  test.each([50, 100, 200])(
    'that is wrong by %d %% says too much or too little, a quarter of an hour each',
    (percent) => {
      const [right, wrong] = [wrongForecasts(steady, 500, 1)(0), wrongForecasts(steady, 500, 1)(percent)];
      const sides = quarters.map((at) => {
        const [is, said] = [right(at) ?? 0, wrong(at) ?? 0];
        expect([Math.max(0, is * (1 - percent / 100)), is * (1 + percent / 100)]).toContain(said);
        expect(wrong(at + 300)! > right(at + 300)!).toBe(said > is);
        return said > is;
      });
      expect(new Set(sides)).toEqual(new Set([true, false]));
    },
  );

  test('is tried where jobs may wait for less than a boot, and the policy is asked for', () => {
    const fleet = bareFleet({ minimum: 0, maximum: 50 });
    const options = { decide, slots: 2, seed: 1, warmupSeconds: 120, backlogPerInstance: 4 };
    const names = (more: object): string[] =>
      forecastsFor(steady, fleet, { ...options, ...more }).map(
        ({ contender, errors }) => `${contender.name} ${errors.join('-')}`,
      );
    expect(names({ goalSeconds: 30 })).toEqual([
      ...['a forecast 0', 'a forecast 50', 'a forecast 100', 'a forecast 200'],
      ...['what it learns 0-200', 'no forecast 0-200'],
    ]);
    expect(names({ goalSeconds: 65 })).toEqual([]);
    expect(names({})).toEqual([]);
    expect(names({ goalSeconds: 30, policies: ['predictive'] })).toEqual([]);
  });
});
