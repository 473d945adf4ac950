import { beforeAll, describe, expect, test } from 'vitest';
import { bareFleet } from '../../../../lib/simulate/baselines/bare-fleet.ts';
import { waitsOf } from '../../../../lib/simulate/measure/waits.ts';
import { loadDecide, tandemPolicy } from '../../../../lib/simulate/policy/tandem.ts';
import type { OwnPolicy } from '../../../../lib/simulate/run/policy.ts';
import { simulate } from '../../../../lib/simulate/run/simulation.ts';
import { MADE_WORKLOADS } from '../../../../lib/simulate/workload/made.ts';
import type { Decide } from '../../../../packages/fleet-scaler/src/types.ts';
import { slice } from '../workload/slice.ts';

const SETTINGS = { waitSeconds: 120, bootSeconds: 60, idleSeconds: 60, slots: 1 };
const HOUR = 3600;
/** Six hours of jobs, and one without. */
const workload = { ...slice(MADE_WORKLOADS['social-week'](3), 12 * HOUR, 18 * HOUR), span: 7 * HOUR };
const run = (policy: OwnPolicy) => simulate({ workload, fleet: bareFleet({ minimum: 0, maximum: 500 }), policy });

let decide: Decide;
beforeAll(async () => {
  decide = await loadDecide();
});

describe("Tandem's policy, out of the bundle that is deployed", () => {
  test('holds its wait, and gives back what it does not need', () => {
    const result = run(tandemPolicy(decide, SETTINGS));
    expect(result.jobs.done).toBe(workload.at.length);
    expect(waitsOf(result).p95).toBeLessThan(SETTINGS.waitSeconds);
    expect(result.minutes.desired.at(-1)).toBe(0);
    expect(result.jobs.lostSeconds).toBe(0);
  });

  test('loses no job and waits no longer where its state is lost every ten minutes', () => {
    let looks = 0;
    let policy = tandemPolicy(decide, SETTINGS);
    const result = run({
      everySeconds: policy.everySeconds,
      decide(observation) {
        looks += 1;
        if (looks % 40 === 0) policy = tandemPolicy(decide, SETTINGS);
        return policy.decide(observation);
      },
    });
    expect(result.jobs.done).toBe(workload.at.length);
    expect(result.jobs.lostSeconds).toBe(0);
    expect(waitsOf(result).p95).toBeLessThan(SETTINGS.waitSeconds);
  });

  test('is asked for where it was not built', async () => {
    await expect(loadDecide('/nowhere/fleet-scaler.mjs')).rejects.toMatchObject({
      code: 'scaler-not-built',
      next: expect.stringContaining('`npm run setup`') as string,
    });
  });
});
