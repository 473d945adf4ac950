import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FleetDefinition } from '../../../../lib/simulate/fleet/definition.ts';
import { fleetOfTemplate } from '../../../../lib/simulate/fleet/from-template.ts';
import { loadDecide, tandemPolicy } from '../../../../lib/simulate/policy/tandem.ts';
import { type Simulated, simulate } from '../../../../lib/simulate/run/simulation.ts';
import { workloadOf } from '../../../../lib/simulate/workload/workload.ts';
import type { Decide } from '../../../../packages/fleet-scaler/src/types.ts';
import { clusterTemplate } from '../../aws/example.ts';

const SETTINGS = { waitSeconds: 120, bootSeconds: 60, idleSeconds: 60, slots: 1 };
const HOUR = 3600;
/** Of the idle alarm, and how late it looks; a protected instance is released after a minute (packages/worker-agent). */
const [IDLE_MINUTES, LATE_MINUTES] = [5, 3];
/** Until the windows of the alarms have passed the last minute of a scaler that stopped. */
const SILENCE_MINUTES = 6;

const fleetWith = (isScaled: boolean): FleetDefinition => {
  return fleetOfTemplate(
    JSON.stringify(
      clusterTemplate({
        fleet: { minimum: 1, maximum: 60 },
        scaling: { backlogPerInstance: 2, idleSeconds: 60 * IDLE_MINUTES },
        ...(isScaled ? { scaler: { waitSeconds: 120, idleSeconds: 60 } } : {}),
      }).toJSON(),
    ),
  );
};
const [scaled, alone] = [fleetWith(true), fleetWith(false)];

/** Three waves of jobs, an hour apart. */
const workload = workloadOf(
  'waves',
  Array.from({ length: 300 }, (_, index) => ({ at: HOUR * (index % 3) + index, seconds: 60 + (index % 7) * 40 })),
  4 * HOUR,
);

let decide: Decide;
beforeAll(async () => {
  decide = await loadDecide();
});

/** @param until - seconds from the beginning after which the scaler decides nothing more */
const run = (fleet: FleetDefinition, until: number): Simulated => {
  const policy = tandemPolicy(decide, SETTINGS);
  let begun: number | undefined;
  return simulate({
    ...{ workload, fleet },
    policy: {
      everySeconds: policy.everySeconds,
      decide(observation) {
        begun ??= observation.now;
        return observation.now - begun < until ? policy.decide(observation) : undefined;
      },
    },
  });
};
const longestWait = ({ jobs, begin }: Simulated): number =>
  Math.max(...[...jobs.workload.at].map((at, index) => ((jobs.started[index] ?? Infinity) - begin) / 1000 - at));

describe('a fleet with a scaler', () => {
  test('has the scaler that its policies look at', () => {
    expect(scaled.scaler).toBe('example-scaler');
    expect(alone.scaler).toBeUndefined();
  });

  test('does as without one where it never ran', () => {
    const [silent, without] = [run(scaled, 0), run(alone, 0)];
    expect([...silent.jobs.started]).toEqual([...without.jobs.started]);
    expect(silent.minutes).toEqual(without.minutes);
  });

  test('serves its queue and goes to its minimum, whenever the scaler stops', { timeout: 600_000 }, () => {
    const bound = longestWait(run(alone, 0)) + 60 * SILENCE_MINUTES;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 * HOUR }), (until) => {
        const result = run(scaled, until);
        expect(result.jobs.done).toBe(workload.at.length);
        expect(longestWait(result)).toBeLessThanOrEqual(bound);
        const { desired, waiting, running } = result.minutes;
        let idle = 0;
        for (const [minute, wanted] of desired.entries()) {
          idle = (waiting[minute] ?? 0) + (running[minute] ?? 0) === 0 && wanted > 1 ? idle + 1 : 0;
          expect(idle).toBeLessThanOrEqual(IDLE_MINUTES + LATE_MINUTES);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("is not scaled by AWS's policies while the scaler decides", () => {
    // A wait of ten minutes is allowed to short jobs: step scaling would have an instance for two that wait, the scaler one for a hundred.
    const patient = { ...SETTINGS, waitSeconds: 600 };
    const short = workloadOf(
      'short',
      Array.from({ length: 12 }, (_, index) => ({ at: 600 * index + 45, seconds: 5, size: 200 })),
      2 * HOUR,
    );
    const launches = (fleet: FleetDefinition): number =>
      simulate({ workload: short, fleet, policy: tandemPolicy(decide, patient) }).stretches.length;
    const [rests, fights] = [launches(scaled), launches(alone)];
    expect(rests).toBeLessThan(fights);
  });
});
