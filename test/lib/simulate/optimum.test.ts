import fc from 'fast-check';
import { expect, test } from 'vitest';
import { optimumOf } from '../../../lib/simulate/measure/optimum.ts';

/** Every schedule is tried. */
function bruteForce(demand: readonly number[], launch: number, minimum: number): number {
  const most = Math.max(minimum, ...demand);
  let least = Infinity;
  const go = (slot: number, before: number, cost: number): void => {
    if (cost >= least) return;
    if (slot === demand.length) {
      least = cost;
      return;
    }
    for (let capacity = Math.max(minimum, demand[slot] ?? 0); capacity <= most; capacity += 1)
      go(slot + 1, capacity, cost + capacity + launch * Math.max(0, capacity - before));
  };
  go(0, minimum, 0);
  return least;
}

test('an idle gap is bridged exactly when it is cheaper than a launch', () => {
  expect(optimumOf([1, 0, 0, 1], 3).capacity).toEqual([1, 1, 1, 1]);
  expect(optimumOf([1, 0, 0, 1], 2)).toEqual({ capacity: [1, 0, 0, 1], launches: 2, cost: 6 });
  expect(optimumOf([], 2)).toEqual({ capacity: [], launches: 0, cost: 0 });
});

test('no schedule is cheaper', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 7 }),
      fc.constantFrom(0.5, 1, 1.5, 2, 3),
      fc.integer({ min: 0, max: 2 }),
      (demand, launch, minimum) => {
        const { cost, capacity } = optimumOf(demand, launch, minimum);
        expect(cost).toBeCloseTo(bruteForce(demand, launch, minimum), 9);
        for (const [slot, needed] of demand.entries()) expect(capacity[slot]).toBeGreaterThanOrEqual(needed);
      },
    ),
  );
});
