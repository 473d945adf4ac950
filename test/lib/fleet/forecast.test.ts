import { describe, expect, test } from 'vitest';
import type { FleetCloud } from '../../../lib/fleet/cloud.ts';
import type { FleetRequest } from '../../../lib/fleet/request.ts';
import { fakeCloud } from './world/fake-cloud.ts';
import { operate } from './world/operate.ts';
import { World } from './world/world.ts';

const request: FleetRequest = { verb: 'restart', rung: 'process', floorPercent: 50, canary: false };

/** A cloud whose looks take so long. */
function slow(world: World, lookSeconds: number): FleetCloud {
  const cloud = fakeCloud(world);
  return {
    ...cloud,
    look: async (...args) => {
      await world.clock.sleep(lookSeconds * 1000);
      return await cloud.look(...args);
    },
    observed: async () => ({ ...(await cloud.observed()), lookSeconds }),
  };
}

describe('the forecast of a few workers that restart', () => {
  test.each([
    ['looks that take no time', 0],
    ['looks of 2 s', 2],
    ['looks of 6 s', 6],
  ])('has a width, and holds with %s', async (_, seconds) => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const world = new World({ seed, machines: 12, jobs: 0 });
      const { plan, report } = await operate(world, request, {}, { cloud: slow(world, seconds) });
      const { low, high } = plan.forecast;
      expect(report.seconds).toBeGreaterThanOrEqual(low);
      expect(report.seconds).toBeLessThanOrEqual(high);
      // What is measured by looks and heartbeats is known no better.
      expect(high - low).toBeGreaterThanOrEqual(15);
    }
  });
});
