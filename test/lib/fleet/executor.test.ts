import { describe, expect, test } from 'vitest';
import { operate } from './world/operate.ts';
import { World } from './world/world.ts';

describe('an operation', () => {
  test('reboots some of a fleet', async () => {
    const world = new World({ machines: 20 });
    const { report, plan } = await operate(world, { verb: 'restart', rung: 'reboot', floorPercent: 50 }, { count: 12 });
    console.log(
      report.seconds,
      report.calls,
      plan.forecast,
      world.queue.account(),
      report.machines.filter((m) => m.end !== 'done'),
    );
    expect(report.done).toBe(12);
  });
});
