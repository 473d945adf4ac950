import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fakeFleet, fakeMachine } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-black-hole-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Files are written in real time, however fast the fleet's clock is moved: that must cost no delivery. */
const VISIBILITY = 36_000;

type Fleet = ReturnType<typeof fakeFleet>;
type Machine = ReturnType<typeof fakeMachine>;

function machine(fleet: Fleet, instanceId: string, kind: 'well' | 'sick', config = {}): Machine {
  const made = fakeMachine(folder, { fleet, instanceId, config: { ...queueConfig(fleet), ...config } });
  made.processes.end = async ({ stdoutFile, stop }) => {
    if (kind === 'sick') return { kind: 'exit', code: 1 };
    await fleet.clock.sleep(10_000, stop);
    writeFileSync(stdoutFile, 'result');
    return { kind: 'exit', code: 0 };
  };
  void made.agent.run();
  return made;
}

const queueConfig = (fleet: Fleet) => ({
  queues: [
    {
      name: 'jobs',
      url: 'q',
      visibilityTimeoutSeconds: VISIBILITY,
      timeoutSeconds: 3600,
      maximumReceives: fleet.maximumReceives,
    },
  ],
});

/** Moves the fleet's clock until it holds. */
async function pass(fleet: Fleet, what: string, holds: () => boolean): Promise<void> {
  for (let step = 0; !holds(); step += 1) {
    if (step > 20_000) throw new Error(`not within ${step} steps: ${what}`);
    // Files are written in real time.
    await new Promise((resolve) => setTimeout(resolve, step % 4 === 0 ? 1 : 0));
    await fleet.clock.advance(500);
  }
}

function send(fleet: Fleet, count: number): string[] {
  const ids = Array.from({ length: count }, (_, index) => `job-${index}`);
  for (const id of ids) fleet.queue.send(id, JSON.stringify({ id }));
  return ids;
}

describe('a machine whose command fails at once, beside one that is busy', () => {
  test.each([1, 2, 5])('buries none of 40 healthy jobs, of which SQS delivers each %i times at most', async (most) => {
    const fleet = fakeFleet({ visibilitySeconds: VISIBILITY, maximumReceives: most });
    const ids = send(fleet, 40);
    machine(fleet, 'i-well', 'well');
    machine(fleet, 'i-sick', 'sick');
    await pass(fleet, 'all are done', () => ids.every((id) => fleet.results.written.has(`results/${id}`)));
    expect(fleet.queue.deadLetters).toEqual([]);
    expect([...fleet.group.unhealthy]).toEqual(['i-sick']);
    expect(fleet.table.items.get('i-sick')).toMatchObject({
      state: 'broken',
      reason: '5 jobs in a row failed, the last one: ended with 1',
    });
    expect(fleet.metrics.sums.get('WorkerBroken')).toBeGreaterThan(0);
    expect(fleet.metrics.sums.has('FleetBreakerOpen')).toBe(false);
  });

  test('does not bury a single job, which it alone fails', async () => {
    const fleet = fakeFleet({ visibilitySeconds: VISIBILITY, maximumReceives: 3 });
    machine(fleet, 'i-sick', 'sick');
    const well = machine(fleet, 'i-well', 'well');
    // The other is busy for ten minutes with something else.
    const busy = well.processes.end;
    fleet.queue.send('long', '{"id":"long"}');
    well.processes.end = async (spec) => {
      if (spec.env['TANDEM_JOB_ID'] === 'long') await fleet.clock.sleep(600_000);
      return busy(spec);
    };
    fleet.queue.send('only', '{"id":"only"}');
    await pass(
      fleet,
      'done',
      () => fleet.results.written.has('results/only') && fleet.results.written.has('results/long'),
    );
    expect(fleet.queue.deadLetters).toEqual([]);
  });
});

test('a job that fails everywhere ends in the dead-letter queue, and no machine is blamed', async () => {
  const fleet = fakeFleet({ visibilitySeconds: VISIBILITY, maximumReceives: 3 });
  const machines = ['i-a', 'i-b', 'i-c'].map((id) => machine(fleet, id, 'well'));
  for (const { processes } of machines) {
    const well = processes.end;
    processes.end = (spec) =>
      spec.env['TANDEM_JOB_ID']?.startsWith('poison') === true ? { kind: 'exit', code: 3 } : well(spec);
  }
  for (let index = 0; index < 10; index += 1)
    fleet.queue.send(`poison-${index}`, JSON.stringify({ id: `poison-${index}` }));
  const ids = send(fleet, 30);
  await pass(fleet, 'all are settled', () => fleet.queue.messages.length === 0);
  expect(fleet.queue.deadLetters.map(({ id }) => id).sort()).toHaveLength(10);
  expect(ids.filter((id) => !fleet.results.written.has(`results/${id}`))).toEqual([]);
  expect(fleet.states.items.get('poison-1')).toMatchObject({ state: 'failed', reason: 'ended with 3' });
});

test('a fleet whose machines all fail rests: few are replaced, and jobs stay', async () => {
  const fleet = fakeFleet({ visibilitySeconds: VISIBILITY, maximumReceives: 5 });
  send(fleet, 200);
  const ids = Array.from({ length: 20 }, (_, index) => `i-${index}`);
  for (const id of ids) machine(fleet, id, 'sick');
  await pass(fleet, 'all are broken', () => ids.every((id) => fleet.table.items.get(id)?.state === 'broken'));
  await fleet.clock.advance(60_000);
  expect(fleet.group.unhealthy.size).toBeLessThanOrEqual(3);
  expect(fleet.metrics.sums.get('FleetBreakerOpen')).toBeGreaterThan(0);
  expect(fleet.queue.deadLetters).toEqual([]);
});

test('a fleet that failed together goes on when its jobs do, by one job a machine', async () => {
  const fleet = fakeFleet({ visibilitySeconds: VISIBILITY, maximumReceives: 100 });
  const machines = ['i-a', 'i-b', 'i-c', 'i-d', 'i-e'].map((id) => machine(fleet, id, 'sick'));
  const ids = send(fleet, 40);
  const { items } = fleet.table;
  await pass(fleet, 'all are broken', () => [...items.values()].filter(({ state }) => state === 'broken').length === 5);
  for (const { processes } of machines) {
    processes.end = ({ stdoutFile }) => {
      writeFileSync(stdoutFile, 'result');
      return { kind: 'exit', code: 0 };
    };
  }
  await pass(fleet, 'all are done', () => ids.every((id) => fleet.results.written.has(`results/${id}`)));
  expect(fleet.queue.deadLetters).toEqual([]);
});
