import { describe, expect, test } from 'vitest';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import { fakeCloud } from './world/fake-cloud.ts';
import { operate, planOf, portsOf, run } from './world/operate.ts';
import { truthOf } from './world/truth.ts';
import { World } from './world/world.ts';

const REBOOT = { verb: 'restart', rung: 'reboot', floorPercent: 50 } as const;

async function failure(work: Promise<unknown>): Promise<TandemError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof TandemError) return error;
  throw error;
}

describe('an operation', () => {
  test('reboots machines in stages, each after it was drained, and throttles nothing', async () => {
    const world = new World({ machines: 20 });
    const { report, plan } = await operate(world, REBOOT, { count: 12 });
    expect(plan.waves.map(({ machines }) => machines.length)).toEqual([1, 1, 10]);
    expect(report).toMatchObject({ done: 12, failed: 0, gone: 0, calls: { throttled: 0 } });
    expect(world.reboots).toHaveLength(12);
    expect(world.queue.account()).toMatchObject({ lost: 0, twice: 0, dead: 0 });
    expect(truthOf(world)).toMatchObject({ serving: 20, suspended: [], stranded: [] });
  });

  test('leaves alone what somebody else suspended', async () => {
    const world = new World({ machines: 6 });
    world.model.autoscaling.suspendProcesses({
      AutoScalingGroupName: 'acme-prod-analysis',
      ScalingProcesses: ['AZRebalance'],
    });
    await operate(world, REBOOT, { count: 2 });
    expect(truthOf(world).suspended).toEqual(['AZRebalance']);
  });

  test('pauses where the canary fails, and a resume tries it again', async () => {
    const world = new World({ machines: 10 });
    const ports = portsOf(world);
    const plan = await planOf(world, { ...REBOOT, backSeconds: 200 }, { count: 5 }, ports);
    world.failing.add(plan.machines[0]!.id);
    const error = await failure(run(ports, { plan }));
    expect(error.code).toBe('fleet-paused');
    expect(error.message).toMatch(
      /canary i-\w+ failed: no heartbeat within \d+ s; of 5 machines: 1 failed, 4 not begun/,
    );
    expect(truthOf(world)).toMatchObject({ suspended: [], serving: 9 });
    world.failing.clear();
    expect(await run(ports, {})).toMatchObject({ done: 5, failed: 0 });
  });

  test('an interruption lets draining machines work again, and is gone on with', async () => {
    const world = new World({ machines: 10, jobSeconds: [500, 600] });
    const ports = portsOf(world);
    const plan = await planOf(world, { ...REBOOT, canary: false }, { count: 5 }, ports);
    const abort = new AbortController();
    const error = await failure(run(ports, { plan, signal: abort.signal, onProgress: () => abort.abort() }));
    expect(error.code).toBe('fleet-interrupted');
    expect(error.next).toContain('tandem fleet restart prod --resume');
    world.advance(world.now() + 700_000);
    expect(truthOf(world)).toMatchObject({ serving: 10, suspended: [] });
    expect(await failure(run(ports, { plan }))).toMatchObject({ code: 'fleet-unfinished' });
    expect(await run(ports, {})).toMatchObject({ done: 5 });
  });

  test('a zone without capacity does not stop the others, and is no throttle', async () => {
    const world = new World({ machines: 12 });
    world.model.world.setCapacity({ zone: 'eu-west-3a', available: 0 });
    const { report } = await operate(world, { verb: 'replace', floorPercent: 50, canary: false }, {});
    expect(report).toMatchObject({ done: 12, failed: 0 });
    expect(truthOf(world)).toMatchObject({ serving: 12, stranded: [] });
  });

  test('says that a quota is reached, and takes no more machines out', async () => {
    const world = new World({ machines: 12 });
    world.model.world.setQuota('on-demand', 12);
    const cloud = fakeCloud(world, { quota: 4000 });
    const request = { verb: 'replace', floorPercent: 0, canary: false, rung: 'replace', drainSeconds: 20 } as const;
    const error = await failure(operate(world, request, {}, { cloud }));
    expect(error.message).toMatch(/^paused: a quota is reached/);
  });

  test('without room for one more, Auto Scaling replaces one by one', async () => {
    const world = new World({ machines: 6 });
    const { report, plan } = await operate(
      world,
      { verb: 'replace', floorPercent: 50 },
      {},
      { cloud: fakeCloud(world, { quota: 12 }) },
    );
    expect(plan.machines.map(({ rung }) => rung)).toEqual(Array.from({ length: 6 }, () => 'terminate'));
    expect(report).toMatchObject({ done: 6, failed: 0 });
  });

  test('a machine that Systems Manager does not reach is said, not passed over', async () => {
    const world = new World({ machines: 6 });
    const ports = portsOf(world);
    const plan = await planOf(world, { ...REBOOT, canary: false, failures: 1 }, { count: 2 }, ports);
    world.unreached.add(plan.machines[1]!.id);
    const report = await run(ports, { plan });
    expect(report).toMatchObject({ done: 1, failed: 1 });
    expect(report.machines[1]?.why).toContain('Systems Manager does not reach it');
  });

  test('an agent whose clock is wrong by an hour is not lost', async () => {
    const world = new World({ machines: 6 });
    const ports = portsOf(world);
    for (const { id } of (await ports.cloud.look()).machines) world.skews.set(id, -3600);
    world.advance(world.now() + 30_000);
    const { report } = await operate(world, { ...REBOOT, floorPercent: 0, canary: false }, { count: 3 }, ports);
    expect(report.done).toBe(3);
  });

  test('a rollout takes only what is not current, and never goes on with a program that fails its jobs', async () => {
    const world = new World({ machines: 12, jobs: 3000, jobSeconds: [20, 40] });
    world.programVersion = '2.0.0';
    world.brokenPrograms.add('2.0.0');
    const rollout = { verb: 'rollout', floorPercent: 50 } as const;
    const ports = portsOf(world);
    const plan = await planOf(world, rollout, {}, ports);
    expect(plan.machines.map(({ rung }) => rung)).toEqual(Array.from({ length: 12 }, () => 'process'));
    const error = await failure(run(ports, { plan }));
    expect(error.message).toMatch(/^paused: (canary|the (last|worker))/);
    expect(world.queue.account()).toMatchObject({ dead: 0, lost: 0 });
    const updated = (await ports.cloud.look()).machines.filter(({ program }) => program === '2.0.0');
    expect(updated).toHaveLength(1);
  });
});
