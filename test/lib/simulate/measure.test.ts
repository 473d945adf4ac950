import { expect, test } from 'vitest';
import { elasticityOf } from '../../../lib/simulate/measure/elasticity.ts';
import { moneyOf } from '../../../lib/simulate/measure/money.ts';
import { quantile } from '../../../lib/simulate/measure/waits.ts';

test('a quantile is the least value that at least so many are not above', () => {
  const values = Float64Array.of(1, 2, 3, 4);
  expect([0, 0.25, 0.5, 0.51, 0.95, 1].map((share) => quantile(values, share))).toEqual([1, 1, 2, 3, 4, 4]);
  expect(quantile(new Float64Array(), 0.95)).toBe(0);
});

test('capacity that follows the demand a minute late is told by what it missed and had too much of', () => {
  const minutes = { desired: [], inService: [], charged: [0, 2, 4, 4], waiting: [2, 2, 0, 0], running: [0, 2, 4, 2] };
  expect(elasticityOf(minutes, 1)).toEqual({
    ...{ underAccuracy: (100 * (1 + 0.5)) / 4, overAccuracy: (100 * 1) / 4 },
    ...{ underTimeshare: 50, overTimeshare: 25 },
    // The capacity changed twice, the demand twice: from 2 to 4, and from 4 to 2.
    jitter: 0,
  });
});

test('money is by the second, of each way of purchase, and unknown where one type has no price', () => {
  const stretch = { id: 'i', from: 0, to: 1_800_000 };
  const stretches = [
    { ...stretch, purchase: 'on-demand', type: 'a' },
    { ...stretch, purchase: 'spot', type: 'a' },
  ] as const;
  const price = (_type: string, purchase: string) => (purchase === 'spot' ? 0.4 : 1);
  expect(moneyOf({ stretches, end: Infinity }, price)).toEqual({
    ...{ instanceHours: 1, onDemandHours: 0.5, spotHours: 0.5, usd: 0.7 },
  });
  expect(moneyOf({ stretches, end: Infinity }, () => undefined).usd).toBeUndefined();
});
