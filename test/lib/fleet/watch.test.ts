import { describe, expect, test } from 'vitest';
import { scaleFleet } from '../../../lib/fleet/scale.ts';
import { type WatchEvent, watchFleet } from '../../../lib/fleet/watch.ts';
import { CLUSTER, portsOf } from './world/operate.ts';
import { truthOf } from './world/truth.ts';
import { World, type WorldOptions } from './world/world.ts';

const OPTIONS = {
  ...{ stack: CLUSTER, verb: 'fleet watch', resume: 'tandem fleet watch prod --resume' },
  emit: () => undefined,
};

/** Watches until an event of a kind comes, after something happened to a machine. */
async function watched(
  options: WorldOptions,
  harm: (world: World, ids: readonly string[]) => void,
  until: WatchEvent['kind'],
) {
  const world = new World(options);
  const ports = portsOf(world);
  const ids = (await ports.cloud.look()).machines.flatMap(({ id, warm }) => (warm ? [] : [id]));
  const abort = new AbortController();
  const events: WatchEvent[] = [];
  const begun = world.now();
  harm(world, ids);
  await watchFleet(ports, {
    ...OPTIONS,
    signal: abort.signal,
    onEvent: (event) => {
      events.push(event);
      if (event.kind === until) abort.abort();
    },
  });
  const at = (kind: WatchEvent['kind']): number =>
    ((events.find((event) => event.kind === kind)?.at ?? Infinity) - begun) / 1000;
  return { world, events, at };
}

describe('a watch', () => {
  test('replaces a machine whose heartbeats stopped from the warm pool, within 45 s', async () => {
    const pool = { machines: 8, warmPool: { minimum: 2, state: 'Stopped' } } as const;
    const { world, at } = await watched(pool, (each, [id = '']) => each.hang(id), 'replaced');
    expect(at('replacing')).toBeLessThanOrEqual(65);
    expect(at('replaced') - at('replacing')).toBeLessThanOrEqual(45);
    expect(truthOf(world)).toMatchObject({ serving: 8, stranded: [], suspended: [] });
  });

  test('replaces one with a failed status check before it is drained', async () => {
    const harm = (world: World, [id = '']: readonly string[]) => world.model.world.impair(id, 'system');
    const { world, events } = await watched({ machines: 6 }, harm, 'replaced');
    expect(events[0]).toMatchObject({ kind: 'replacing', sick: [{ why: 'its health is impaired-system' }] });
    expect(world.queue.account()).toMatchObject({ lost: 0, twice: 0 });
    expect(truthOf(world).serving).toBe(6);
  });

  test('replaces none where many fail at once: that is no fault of theirs', async () => {
    const harm = (world: World, ids: readonly string[]) =>
      ids.slice(0, 6).forEach((id) => {
        world.hang(id);
      });
    const { world, events } = await watched({ machines: 10 }, harm, 'too-many');
    expect(events).toMatchObject([{ kind: 'too-many', most: 3 }]);
    expect(truthOf(world).serving).toBe(4);
  });
});

describe('scale', () => {
  const scale = (world: World, desired: number) =>
    scaleFleet(portsOf(world), { ...OPTIONS, verb: 'fleet scale', desired, signal: new AbortController().signal });

  test('waits until as many serve', async () => {
    const world = new World({ machines: 5, maximum: 12 });
    expect((await scale(world, 9)).seconds).toBeLessThan(200);
    expect(truthOf(world)).toMatchObject({ serving: 9, desired: 9 });
    await scale(world, 4);
    expect(truthOf(world)).toMatchObject({ serving: 4, desired: 4 });
    expect(world.queue.account()).toMatchObject({ lost: 0, twice: 0 });
  });

  test('fails above the maximum before anything is asked for', async () => {
    const world = new World({ machines: 5, maximum: 12 });
    await expect(scale(world, 13)).rejects.toThrow(
      'may have at most 12 machines, and AWS refuses a request of 13 as a whole',
    );
    expect(truthOf(world).desired).toBe(5);
  });
});
