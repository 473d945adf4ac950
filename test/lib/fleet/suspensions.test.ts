import { describe, expect, test } from 'vitest';
import type { FleetPorts } from '../../../lib/fleet/ports.ts';
import { scaleFleet } from '../../../lib/fleet/scale.ts';
import { suspensionsOf } from '../../../lib/fleet/suspensions.ts';
import { type WatchEvent, watchFleet } from '../../../lib/fleet/watch.ts';
import { Killed, mortal } from './world/faults.ts';
import { CLUSTER, planOf, portsOf, run } from './world/operate.ts';
import { truthOf } from './world/truth.ts';
import { World } from './world/world.ts';

const REBOOT = { verb: 'restart', rung: 'reboot', floorPercent: 50, canary: false } as const;
const ALL = ['AZRebalance', 'AlarmNotification', 'HealthCheck', 'ReplaceUnhealthy'];

/** A restart that is killed while machines reboot. */
async function killed() {
  const world = new World({ machines: 8 });
  const ports = portsOf(world);
  const plan = await planOf(world, REBOOT, { count: 4 }, ports);
  const abort = new AbortController();
  // The thirtieth call is one of the middle.
  await expect(run(mortal(ports, 30, 'after'), { plan, signal: abort.signal })).rejects.toThrow(Killed);
  expect(truthOf(world).suspended.toSorted()).toEqual(ALL);
  return { world, ports };
}

const seen = (ports: FleetPorts, host = 'here') => suspensionsOf(ports, CLUSTER, { now: ports.clock.now(), host });

/** Looks once or more, until something is told. */
async function watched(ports: FleetPorts): Promise<WatchEvent[]> {
  const abort = new AbortController();
  const events: WatchEvent[] = [];
  await watchFleet(ports, {
    ...{ stack: CLUSTER, verb: 'fleet replace', resume: 'tandem fleet replace prod --resume' },
    ...{ signal: abort.signal, emit: () => undefined },
    onEvent: (event) => {
      events.push(event);
      abort.abort();
    },
  });
  return events;
}

describe('what a killed operation left suspended', () => {
  test('is known, with who left it, and is not taken for left while its lock may be held on another host', async () => {
    const { ports } = await killed();
    const [there] = await seen(ports, 'elsewhere');
    expect(there).toMatchObject({ isLeft: false, operation: { verb: 'fleet restart', by: 'ops@here' } });
    expect(there?.processes.toSorted()).toEqual(ALL);
  });

  test('is left once its promise is broken, on whatever host', async () => {
    const { world, ports } = await killed();
    world.advance(world.now() + 901_000);
    expect((await seen(ports, 'elsewhere'))[0]?.isLeft).toBe(true);
  });

  test('is left at once where nobody has the lock any more', async () => {
    const { ports } = await killed();
    await ports.locks.break(CLUSTER, 'ops@here');
    expect((await seen(ports))[0]?.isLeft).toBe(true);
  });

  test('is given back by a watch, and only then', async () => {
    const { world, ports } = await killed();
    world.advance(world.now() + 901_000);
    expect(await watched(ports)).toMatchObject([{ kind: 'gave-back' }]);
    expect(truthOf(world).suspended).toEqual([]);
  });

  test('is suspended anew by whoever goes on, and given back at the end', async () => {
    const { world, ports } = await killed();
    world.advance(world.now() + 901_000);
    await watched(ports);
    await ports.locks.break(CLUSTER, 'ops@here');
    const had = new Set<string>();
    const report = await run(ports, {
      onProgress: () => {
        for (const each of truthOf(world).suspended) had.add(each);
      },
    });
    expect(report).toMatchObject({ done: 4, failed: 0 });
    expect([...had].sort()).toEqual(ALL);
    expect(truthOf(world)).toMatchObject({ suspended: [], serving: 8 });
  });
});

test('an operation that works for long renews its promise', async () => {
  const world = new World({ machines: 6, jobs: 60, jobSeconds: [1700, 1800] });
  const ports = portsOf(world);
  const plan = await planOf(world, { ...REBOOT, drainSeconds: 3600 }, { count: 2 }, ports);
  const left: boolean[] = [];
  let checks = Promise.resolve();
  await run(ports, {
    plan,
    onProgress: () => {
      const now = ports.clock.now();
      checks = checks.then(async () => {
        for (const each of await suspensionsOf(ports, CLUSTER, { now, host: 'elsewhere' })) left.push(each.isLeft);
      });
    },
  });
  await checks;
  expect(left.length).toBeGreaterThan(180);
  expect(new Set(left)).toEqual(new Set([false]));
});

describe('a verb goes on with its own operation alone', () => {
  const scale = (ports: FleetPorts, abort = new AbortController(), onProgress = () => undefined) =>
    scaleFleet(ports, {
      ...{ stack: CLUSTER, verb: 'fleet scale', resume: 'tandem fleet scale prod 9', desired: 9 },
      ...{ signal: abort.signal, emit: () => undefined, onProgress },
    });

  test('an interrupted scale is no restart', async () => {
    const world = new World({ machines: 5, maximum: 12 });
    const ports = portsOf(world);
    const abort = new AbortController();
    await expect(
      scale(ports, abort, () => {
        abort.abort();
        return undefined;
      }),
    ).rejects.toMatchObject({ code: 'fleet-interrupted' });
    await expect(run(ports, {})).rejects.toMatchObject({
      code: 'fleet-unfinished',
      next: expect.stringContaining('tandem fleet scale prod 9') as string,
    });
    await scale(ports);
    await expect(run(ports, {})).rejects.toMatchObject({ code: 'fleet-nothing-to-resume' });
  });

  test('an interrupted restart is no scale', async () => {
    const { world, ports } = await killed();
    await ports.locks.break(CLUSTER, 'ops@here');
    await expect(scale(ports)).rejects.toMatchObject({
      code: 'fleet-unfinished',
      next: expect.stringContaining('tandem fleet restart prod --resume') as string,
    });
    expect(truthOf(world).desired).toBe(8);
  });
});
