import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bareFleet } from '../../../lib/simulate/baselines/bare-fleet.ts';
import { recoveriesOf } from '../../../lib/simulate/measure/recovery.ts';
import { billedSeconds } from '../../../lib/simulate/run/bill.ts';
import type { OwnPolicy } from '../../../lib/simulate/run/policy.ts';
import { type Simulated, simulate } from '../../../lib/simulate/run/simulation.ts';
import { workloadOf } from '../../../lib/simulate/workload/workload.ts';

const HOUR = 3600;
const fleet = (minimum: number, maximum = 20) => bareFleet({ minimum, maximum });

/** Each job is done exactly once, no earlier than it came and ran, and never two at once on one slot. */
function conserved({ jobs, begin, minutes }: Simulated): void {
  expect(jobs.done + jobs.running + jobs.waiting).toBe(jobs.arrived);
  for (const [index, at] of jobs.workload.at.entries()) {
    const [started, ended] = [jobs.started[index] ?? Number.NaN, jobs.ended[index] ?? Number.NaN];
    if (Number.isNaN(ended)) continue;
    expect(started).toBeGreaterThanOrEqual(begin + Math.floor(at * 1000));
    expect(ended - started).toBeGreaterThanOrEqual(Math.floor((jobs.workload.seconds[index] ?? 0) * 1000) - 1);
  }
  for (const [minute, running] of minutes.running.entries())
    expect(running).toBeLessThanOrEqual(minutes.charged[minute] ?? 0);
}

const traced = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 2 * HOUR }),
    seconds: fc.integer({ min: 1, max: 1800 }),
    size: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Decides whatever it likes: also what no fleet can be. */
const misbehaving = (decisions: readonly number[]): OwnPolicy => {
  let turn = 0;
  return {
    everySeconds: 30,
    decide: () => {
      turn += 1;
      return decisions[turn % decisions.length];
    },
  };
};

describe('a simulation', () => {
  test('does every job once, whatever a policy decides, Spot takes and machines fail', () => {
    fc.assert(
      fc.property(
        traced,
        fc.array(fc.oneof(fc.integer({ min: -5, max: 50 }), fc.constantFrom(Number.NaN, Infinity, 2.5)), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.integer({ min: 1, max: 1000 }),
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 2 * HOUR }), instances: fc.integer({ min: 0, max: 30 }) }), {
          maxLength: 3,
        }),
        (jobs, decisions, seed, failures) => {
          const losses = failures.toSorted((one, other) => one.at - other.at);
          const result = simulate({
            workload: { ...workloadOf('any', jobs, 2 * HOUR), losses },
            fleet: fleet(1),
            policy: misbehaving(decisions),
            ...{ seed, interruptionsPerHour: 2 },
          });
          conserved(result);
          expect(result.jobs.done).toBe(result.jobs.count);
          expect(result.losses).toHaveLength(losses.length);
          expect(Math.max(...result.minutes.desired)).toBeLessThanOrEqual(20);
          expect(Math.min(...result.minutes.desired)).toBeGreaterThanOrEqual(1);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is the same for the same seed, and another for another', () => {
    const workload = workloadOf(
      'some',
      [
        { at: 10, seconds: 100, size: 30 },
        { at: 900, seconds: 50, size: 10 },
      ],
      HOUR,
    );
    const run = (seed: number) => [...simulate({ workload, fleet: fleet(3), seed }).jobs.started];
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  test('charges from running to the end, by the second, a minute at least', () => {
    const stretch = { id: 'i', purchase: 'spot', type: 't' } as const;
    expect(billedSeconds({ ...stretch, from: 0, to: 90_400 }, Infinity)).toBe(91);
    expect(billedSeconds({ ...stretch, from: 0, to: 5000 }, Infinity)).toBe(60);
    expect(billedSeconds({ ...stretch, from: 0, to: Infinity }, 120_000)).toBe(120);
    expect(billedSeconds({ ...stretch, from: 10, to: Infinity }, 5)).toBe(0);
  });

  test('loses what runs on a Spot instance that is taken, and does it again', () => {
    const workload = workloadOf(
      'long',
      Array.from({ length: 5 }, () => ({ at: 600, seconds: 4000 })),
      2 * HOUR,
    );
    const spot = fleet(5);
    const mixed = {
      ...spot,
      group: {
        ...spot.group,
        MixedInstancesPolicy: {
          LaunchTemplate: { Overrides: [{ InstanceType: 'm7g.large' }] },
          InstancesDistribution: { OnDemandBaseCapacity: 0, OnDemandPercentageAboveBaseCapacity: 0 },
        },
      },
    };
    const result = simulate({ workload, fleet: mixed, seed: 2, interruptionsPerHour: 1 });
    conserved(result);
    expect(result.stretches.every(({ purchase }) => purchase === 'spot')).toBe(true);
    expect(result.jobs.lostSeconds).toBeGreaterThan(0);
    expect(result.jobs.done).toBe(5);
  });

  test('loses machines at once with their jobs, and has others a boot later', () => {
    const jobs = Array.from({ length: 8 }, () => ({ at: 600, seconds: 1200 }));
    const workload = { ...workloadOf('long', jobs, HOUR), losses: [{ at: 1000, instances: 5 }] };
    const result = simulate({ workload, fleet: fleet(8) });
    conserved(result);
    const { begin, losses, stretches, minutes } = result;
    expect(losses).toEqual([{ at: begin + 1_000_000, instances: 5, jobs: 5, waiting: 0 }]);
    expect(stretches.filter(({ to }) => to === begin + 1_000_000)).toHaveLength(5);
    expect(result.jobs.lostSeconds).toBeCloseTo(5 * 400, 5);
    // In service by the model's figures: at most a minute until it is seen, and a launch of at most 99 s.
    const [recovery] = recoveriesOf(result);
    expect(recovery?.seconds).toBeGreaterThan(45);
    expect(recovery?.seconds).toBeLessThanOrEqual(220);
    expect(minutes.waiting[16]).toBe(5);
    expect(Math.max(...result.jobs.ended)).toBeLessThan(begin + (1000 + 220 + 1200) * 1000);
  });

  test('loses no more machines than run, and tells where the queue stays longer', () => {
    const workload = {
      ...workloadOf('one', [{ at: 600, seconds: 5 * 86_400 }], HOUR),
      losses: [{ at: 900, instances: 300 }],
    };
    const result = simulate({
      workload,
      fleet: fleet(0),
      policy: { everySeconds: 60, decide: ({ now }) => Number(now < 900) },
      begin: 0,
    });
    expect(result.losses).toMatchObject([{ instances: 1, jobs: 1 }]);
    expect(recoveriesOf(result)).toMatchObject([{ seconds: undefined }]);
  });

  test('ends no protected job when a fleet shrinks under it', () => {
    const workload = workloadOf(
      'long',
      Array.from({ length: 6 }, () => ({ at: 600, seconds: 3000 })),
      2 * HOUR,
    );
    const shrinks: OwnPolicy = { everySeconds: 60, decide: ({ now }) => (now < 1200 ? 6 : 1) };
    const result = simulate({ workload, fleet: fleet(0), policy: shrinks, begin: 0 });
    expect(result.jobs.lostSeconds).toBe(0);
    expect(Math.max(...result.jobs.ended)).toBeLessThan(result.begin + 3700 * 1000);
  });
});
