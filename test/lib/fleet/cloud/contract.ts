import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, CloudFault, type FleetCloud, type WorkerCommand } from '../../../../lib/fleet/cloud.ts';
import type { Heartbeat, Machine } from '../../../../lib/fleet/view.ts';
import type { NextFault } from '../world/fake-cloud.ts';

/** What is done to the world behind a cloud, and what is known of it. */
export interface Bench {
  readonly cloud: FleetCloud;
  readonly maximum: number;
  readonly minimum: number;
  now(): number;
  advance(milliseconds: number): Promise<void>;
  /** Until every instance of the group works, and sent a heartbeat just now. */
  settle(): Promise<void>;
  beat(id: string, heartbeat: Heartbeat): Promise<void>;
  impair(id: string, check: 'system' | 'instance' | undefined): void;
  /** Instances that a zone still gives; Infinity ends the shortage. */
  capacity(zone: string, available: number): void;
  quota(vcpus: number): void;
  /** The next call of an API meets it. */
  fault(fault: NextFault): void;
  reach(id: string, reachable: boolean): void;
  /** Commands that instances got, in order. */
  commands(id: string): readonly WorkerCommand[];
  warmPool(size: number): void;
  refresh(what: 'start' | 'cancel'): void;
  protect(id: string, isProtected: boolean): void;
  send(jobs: number): Promise<void>;
  /** Jobs that ended, after so many seconds each. */
  worked(seconds: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/** An effect on one machine of the group, and how it is known to have happened. */
interface EffectCase {
  readonly api: Api;
  readonly run: (cloud: FleetCloud, machine: Machine) => Promise<unknown>;
  readonly happened: (bench: Bench, machine: Machine) => Promise<boolean>;
}

const MINUTE = 60_000;

/** What every `FleetCloud` does, whatever is behind it. */
export function cloudContract(name: string, open: () => Promise<Bench>): void {
  describe(`the contract of a fleet's cloud: ${name}`, () => {
    let bench: Bench;
    let cloud: FleetCloud;
    beforeAll(async () => {
      bench = await open();
      ({ cloud } = bench);
      await bench.settle();
    });
    afterAll(() => bench.close());

    const look = (detached: readonly string[] = []) => cloud.look(detached);
    const find = async (id: string, detached: readonly string[] = []): Promise<Machine | undefined> =>
      (await look(detached)).machines.find((each) => each.id === id);
    /** Some that work, the newest last: what is done to them leaves the others alone. */
    const pick = async (count: number): Promise<readonly Machine[]> => {
      const working = async (): Promise<readonly Machine[]> =>
        (await look()).machines.filter(
          ({ lifecycleState, health, state }) =>
            lifecycleState === 'InService' && health === 'healthy' && state === 'running',
        );
      const now = await working();
      if (now.length >= count) return now.slice(0, count);
      await bench.settle();
      const later = await working();
      expect(later.length).toBeGreaterThanOrEqual(count);
      return later.slice(0, count);
    };
    const one = async (): Promise<Machine> => (await pick(1))[0] as Machine;
    const faultOf = async (work: Promise<unknown>): Promise<CloudFault['facts']> => {
      const error: unknown = await work.then(
        () => new Error('it did not fail'),
        (thrown: unknown) => thrown,
      );
      if (error instanceof CloudFault) return error.facts;
      throw error;
    };
    const desired = async (): Promise<number> => (await look()).group.desired;

    describe('a look', () => {
      it('tells each machine of the group once, with where it is, what it is and since when', async () => {
        const { machines, at } = await look();
        expect(new Set(machines.map(({ id }) => id)).size).toBe(machines.length);
        for (const each of machines) {
          expect(each).toMatchObject({ lifecycleState: 'InService', state: 'running', health: 'healthy', warm: false });
          expect(each.id).toMatch(/^i-[0-9a-f]{17}$/);
          expect(each.zone).toMatch(/^eu-west-3[abc]$/);
          expect(each).toMatchObject({ purchase: 'on-demand', protectedFromScaleIn: false, templateVersion: '1' });
          expect(each.imageId).toMatch(/^ami-/);
          expect(each.launchedAt).toBeLessThan(at);
        }
      });

      it('tells the bounds of the group, its zones, and what is launched now', async () => {
        const { group, current, machines } = await look();
        expect(group).toMatchObject({ minimum: bench.minimum, maximum: bench.maximum, desired: machines.length });
        expect(group).toMatchObject({ suspended: [], hasWarmPool: false, minimumHealthyPercent: 90 });
        expect(group.zones).toEqual(['eu-west-3a', 'eu-west-3b', 'eu-west-3c']);
        expect(group.refresh).toBeUndefined();
        expect(current).toMatchObject({ template: '1', image: machines[0]?.imageId });
      });

      it('tells all that an agent says of itself', async () => {
        const { id } = await one();
        const at = bench.now();
        const heartbeat = { at, state: 'broken', version: '9.9.9', program: '7.0.0', failures: 4 } as const;
        await bench.beat(id, { ...heartbeat, job: 'job-1', jobSince: at - 5000, reason: 'disk full' });
        const seen = await find(id);
        expect(seen?.heartbeat).toMatchObject({ ...heartbeat, job: 'job-1', jobSince: at - 5000, reason: 'disk full' });
        expect(seen?.program).toBe('7.0.0');
      });

      it.each(['system', 'instance'] as const)(
        'tells that a status check of the %s fails, and passes again',
        async (check) => {
          const { id } = await one();
          bench.impair(id, check);
          // Checks are made once a minute. One that fails makes the group replace the machine: it is held.
          await cloud.suspend(['HealthCheck', 'ReplaceUnhealthy']);
          await bench.advance(3 * MINUTE);
          expect((await find(id))?.health).toBe(`impaired-${check}`);
          bench.impair(id, undefined);
          await bench.advance(3 * MINUTE);
          expect((await find(id))?.health).toBe('healthy');
          await cloud.resume(['HealthCheck', 'ReplaceUnhealthy']);
        },
      );

      it('tells which machine is protected from scale-in', async () => {
        const { id } = await one();
        bench.protect(id, true);
        expect((await find(id))?.protectedFromScaleIn).toBe(true);
        bench.protect(id, false);
        expect((await find(id))?.protectedFromScaleIn).toBe(false);
      });

      it('tells of an instance refresh until it has ended', async () => {
        bench.refresh('start');
        expect((await look()).group.refresh).toMatch(/\S/);
        bench.refresh('cancel');
        await bench.advance(10 * MINUTE);
        expect((await look()).group.refresh).toBeUndefined();
      });

      it('tells how long jobs took', async () => {
        expect((await cloud.observed()).jobs).toEqual([]);
        await bench.worked([30, 60, 60, 600]);
        const { jobs } = await cloud.observed();
        expect([Math.min(...jobs), Math.max(...jobs)]).toEqual([30, 600]);
        const middle = jobs.toSorted((a, b) => a - b)[Math.floor(jobs.length / 2)];
        expect(middle).toBe(60);
      });

      it('tells waiting jobs', async () => {
        const before = (await cloud.queues())[0]?.waiting ?? 0;
        await bench.send(3);
        const [jobs] = await cloud.queues();
        expect(jobs).toMatchObject({ name: 'jobs', waiting: before + 3, deadLetters: 0 });
      });

      it('tells what quotas and subnets leave', async () => {
        const { instances, addresses } = await cloud.headroom();
        expect(instances).toBeGreaterThan(0);
        expect(Object.keys(addresses).sort()).toEqual(['eu-west-3a', 'eu-west-3b', 'eu-west-3c']);
        expect(Math.min(...Object.values(addresses))).toBeGreaterThan(0);
      });

      it('tells how long boots took', async () => {
        const { boots } = await cloud.observed();
        expect(boots.length).toBeGreaterThan(0);
        expect(Math.min(...boots)).toBeGreaterThan(0);
      });
    });

    describe('commands', () => {
      it.each(['stop', 'give-back', 'start'] as const)('%s reaches machines, all at once', async (command) => {
        const chosen = await pick(3);
        expect(
          await cloud.command(
            chosen.map(({ id }) => id),
            command,
          ),
        ).toEqual([]);
        for (const { id } of chosen) expect(bench.commands(id).at(-1)).toBe(command);
        await cloud.command(
          chosen.map(({ id }) => id),
          'start',
        );
      });

      it('says whom Systems Manager does not reach, and reaches the others', async () => {
        const [lost, other] = await pick(2);
        bench.reach(lost?.id ?? '', false);
        const before = bench.commands(lost?.id ?? '').length;
        expect(await cloud.command([lost?.id ?? '', other?.id ?? ''], 'start')).toEqual([lost?.id]);
        expect(bench.commands(other?.id ?? '').at(-1)).toBe('start');
        expect(bench.commands(lost?.id ?? '')).toHaveLength(before);
        expect(await cloud.command([lost?.id ?? ''], 'start')).toEqual([lost?.id]);
        bench.reach(lost?.id ?? '', true);
      });
    });

    describe('effects', () => {
      it('a reboot leaves a machine in the group, and it comes back', async () => {
        const { id } = await one();
        await cloud.suspend(['HealthCheck', 'ReplaceUnhealthy']);
        await cloud.reboot([id]);
        await bench.advance(5 * MINUTE);
        expect(await find(id)).toMatchObject({ lifecycleState: 'InService', state: 'running', health: 'healthy' });
        await cloud.resume(['HealthCheck', 'ReplaceUnhealthy']);
      });

      it('a reboot of one that is not there is refused, names it, and reboots none', async () => {
        const { id } = await one();
        const facts = await faultOf(cloud.reboot([id, 'i-0000000000000dead']));
        expect(facts).toMatchObject({ kind: 'not-found', api: 'RebootInstances', ids: ['i-0000000000000dead'] });
      });

      it('a root volume is replaced once for one token, and seen from its beginning to its end', async () => {
        const { id } = await one();
        await cloud.suspend(['HealthCheck', 'ReplaceUnhealthy']);
        await cloud.replaceRootVolume(id, `token-${id}`);
        await cloud.replaceRootVolume(id, `token-${id}`);
        const task = (await find(id))?.rootVolumeTask;
        expect(task?.state).toBe('pending');
        await bench.advance(5 * MINUTE);
        expect((await find(id))?.rootVolumeTask).toEqual({ id: task?.id, state: 'succeeded' });
        await cloud.replaceRootVolume(id, `token-${id}`);
        expect((await find(id))?.rootVolumeTask).toEqual({ id: task?.id, state: 'succeeded' });
        await cloud.resume(['HealthCheck', 'ReplaceUnhealthy']);
      });

      it('of two detached machines the group launches two others, and both are seen until they end', async () => {
        const ids = (await pick(2)).map(({ id }) => id);
        const before = await desired();
        await cloud.detach(ids, false);
        await cloud.detach(ids, false);
        await bench.advance(MINUTE);
        expect((await look()).machines.filter(({ id }) => ids.includes(id))).toEqual([]);
        const seen = (await look(ids)).machines.filter(({ id }) => ids.includes(id));
        expect(seen.map(({ lifecycleState, state }) => [lifecycleState, state])).toEqual([
          ['Detached', 'running'],
          ['Detached', 'running'],
        ]);
        expect(await desired()).toBe(before);
        await cloud.terminate(ids);
        await bench.settle();
        expect((await look(ids)).machines.filter(({ lifecycleState }) => lifecycleState === 'InService')).toHaveLength(
          before,
        );
        await bench.advance(3 * 60 * MINUTE);
        expect((await look(ids)).machines.filter(({ id }) => ids.includes(id))).toEqual([]);
        await cloud.terminate(ids);
      });

      it('with a decrement the group gets smaller by a detached machine, and not twice', async () => {
        await cloud.setDesired((await desired()) + 1);
        const { id } = await one();
        const before = await desired();
        await cloud.detach([id], true);
        await cloud.detach([id], true);
        await bench.advance(MINUTE);
        expect(await desired()).toBe(before - 1);
        await cloud.terminate([id]);
      });

      it('terminates the others where one is gone already', async () => {
        const ids = (await pick(1)).map(({ id }) => id);
        await cloud.detach(ids, false);
        await bench.advance(MINUTE);
        await cloud.terminate(['i-0000000000000dead', ...ids]);
        const [seen] = (await look(ids)).machines.filter(({ id }) => ids.includes(id));
        expect(['shutting-down', undefined]).toContain(seen?.state);
      });

      it('a machine that is terminated in the group is replaced, and a second call takes no other', async () => {
        const { id } = await one();
        const before = await desired();
        await cloud.terminateInGroup(id, false);
        await cloud.terminateInGroup(id, false);
        expect((await find(id))?.lifecycleState ?? 'Terminating').toMatch(/^Terminat/);
        await bench.settle();
        const { machines, group } = await look();
        expect(group.desired).toBe(before);
        expect(machines.filter(({ lifecycleState }) => lifecycleState === 'InService')).toHaveLength(before);
        expect(machines.map((each) => each.id)).not.toContain(id);
      });

      it('one that is terminated with a decrement makes the group smaller by one', async () => {
        await cloud.setDesired((await desired()) + 1);
        const { id } = await one();
        const before = await desired();
        await cloud.terminateInGroup(id, true);
        await cloud.terminateInGroup(id, true);
        expect(await desired()).toBe(before - 1);
      });

      it('fewer than the minimum are refused, with a decrement or without', async () => {
        const [first, ...others] = (await pick(await desired())).map(({ id }) => id);
        const few = [first ?? '', ...others].slice(0, (await desired()) - bench.minimum + 1);
        expect(await faultOf(cloud.setDesired(bench.minimum - 1))).toMatchObject({ kind: 'refused' });
        expect(await faultOf(cloud.detach(few, true))).toMatchObject({ kind: 'refused', api: 'DetachInstances' });
        expect((await look()).machines.filter(({ id }) => few.includes(id))).toHaveLength(few.length);
      });

      it('one that is marked unhealthy says so, and is replaced', async () => {
        const { id } = await one();
        await cloud.markUnhealthy(id);
        expect((await find(id))?.health ?? 'unhealthy').toBe('unhealthy');
        await bench.settle();
        expect((await look()).machines.map((each) => each.id)).not.toContain(id);
      });

      it('one that is not there cannot be marked', async () => {
        expect(await faultOf(cloud.markUnhealthy('i-0000000000000dead'))).toMatchObject({ kind: 'not-found' });
      });

      it('has as many as were asked for, up to the maximum, and is refused as a whole above it', async () => {
        const before = await desired();
        expect(await faultOf(cloud.setDesired(bench.maximum + 1))).toMatchObject({
          kind: 'refused',
          api: 'SetDesiredCapacity',
        });
        expect(await desired()).toBe(before);
        await cloud.setDesired(before + 1);
        await cloud.setDesired(before + 1);
        await bench.settle();
        expect((await look()).machines.filter(({ lifecycleState }) => lifecycleState === 'InService')).toHaveLength(
          before + 1,
        );
        await cloud.setDesired(before);
        await bench.settle();
      });

      it('suspends and gives back single processes, however often', async () => {
        await cloud.suspend(['AZRebalance', 'AlarmNotification']);
        await cloud.suspend(['AZRebalance']);
        expect((await look()).group.suspended.toSorted()).toEqual(['AZRebalance', 'AlarmNotification'].sort());
        await cloud.resume(['AZRebalance']);
        expect((await look()).group.suspended).toEqual(['AlarmNotification']);
        await cloud.resume(['AZRebalance', 'AlarmNotification']);
        expect((await look()).group.suspended).toEqual([]);
      });
    });

    describe('faults', () => {
      const CASES: readonly EffectCase[] = [
        {
          api: 'SendCommand',
          run: (each, { id }) => each.command([id], 'stop'),
          happened: async (world, { id }) => world.commands(id).at(-1) === 'stop',
        },
        {
          api: 'CreateReplaceRootVolumeTask',
          run: (each, { id }) => each.replaceRootVolume(id, `again-${id}`),
          happened: async (_, { id }) => (await find(id))?.rootVolumeTask?.state === 'pending',
        },
        {
          api: 'DetachInstances',
          run: (each, { id }) => each.detach([id], false),
          happened: async (_, { id }) => /^Detach/.test((await find(id, [id]))?.lifecycleState ?? ''),
        },
        {
          api: 'TerminateInstanceInAutoScalingGroup',
          run: (each, { id }) => each.terminateInGroup(id, false),
          happened: async (_, { id }) => /^Terminat/.test((await find(id))?.lifecycleState ?? 'Terminating'),
        },
        {
          api: 'SetInstanceHealth',
          run: (each, { id }) => each.markUnhealthy(id),
          happened: async (_, { id }) => (await find(id))?.health === 'unhealthy',
        },
        {
          api: 'SuspendProcesses',
          run: (each) => each.suspend(['AZRebalance']),
          happened: async () => (await look()).group.suspended.includes('AZRebalance'),
        },
        {
          api: 'ResumeProcesses',
          run: (each) => each.resume(['AZRebalance']),
          happened: async () => !(await look()).group.suspended.includes('AZRebalance'),
        },
      ];
      const throttle: Readonly<Partial<Record<Api, string>>> = {
        SendCommand: 'ThrottlingException',
        CreateReplaceRootVolumeTask: 'RequestLimitExceeded',
      };

      it.each(CASES)('$api: a throttle has no effect, and is no other fault', async ({ api, run, happened }) => {
        const machine = await one();
        const code = throttle[api] ?? 'Throttling';
        if (api === 'ResumeProcesses') await cloud.suspend(['AZRebalance']);
        else await cloud.resume(['AZRebalance']);
        bench.fault({ api, code, message: 'Rate exceeded', status: 400, after: false });
        expect(await faultOf(run(cloud, machine))).toMatchObject({ kind: 'throttled', api, code });
        expect(await happened(bench, machine)).toBe(false);
      });

      it.each(CASES)('$api: of a lost answer nobody knows; asked again, it has the same end', async (each) => {
        const { api, run, happened } = each;
        const machine = await one();
        const before = await desired();
        const lost = { api, code: 'InternalFailure', message: 'An internal error has occurred', status: 500 };
        if (api === 'ResumeProcesses') await cloud.suspend(['AZRebalance']);
        else await cloud.resume(['AZRebalance']);
        bench.fault({ ...lost, after: false });
        expect(await faultOf(run(cloud, machine))).toMatchObject({ kind: 'unknown', api });
        expect(await happened(bench, machine)).toBe(false);
        bench.fault({ ...lost, after: true });
        expect(await faultOf(run(cloud, machine))).toMatchObject({ kind: 'unknown', api });
        expect(await happened(bench, machine)).toBe(true);
        await run(cloud, machine);
        expect(await happened(bench, machine)).toBe(true);
        expect(await desired()).toBe(before);
        if (/Processes/.test(api)) await cloud.resume(['AZRebalance']);
        if (api === 'DetachInstances') await cloud.terminate([machine.id]);
        if (api === 'SendCommand') await cloud.command([machine.id], 'start');
        await bench.advance(5 * MINUTE);
      });

      it.each([
        ['UnauthorizedOperation', 'unauthorised'],
        ['ExpiredToken', 'unauthorised'],
        ['RequestExpired', 'unauthorised'],
        ['VcpuLimitExceeded', 'over-quota'],
        ['InsufficientInstanceCapacity', 'no-capacity'],
        ['Unavailable', 'unknown'],
        ['IncorrectInstanceState', 'refused'],
      ] as const)('%s is %s', async (code, kind) => {
        const { id } = await one();
        const status = code === 'Unavailable' ? 503 : 400;
        bench.fault({ api: 'RebootInstances', code, message: `no: ${id}`, status, after: false });
        expect(await faultOf(cloud.reboot([id]))).toMatchObject({ kind, code, api: 'RebootInstances' });
      });

      it('a launch that EC2 has no capacity for is told with its zone; one above a quota, as that', async () => {
        const begun = bench.now();
        const before = await desired();
        expect(await cloud.launchFaults(begun)).toEqual([]);
        for (const zone of ['eu-west-3a', 'eu-west-3b', 'eu-west-3c']) bench.capacity(zone, 0);
        await cloud.setDesired(before + 1);
        await bench.advance(5 * MINUTE);
        const [none] = await cloud.launchFaults(begun);
        expect(none).toMatchObject({ kind: 'no-capacity', zone: expect.stringMatching(/^eu-west-3[abc]$/) as string });
        for (const zone of ['eu-west-3a', 'eu-west-3b', 'eu-west-3c']) bench.capacity(zone, Number.POSITIVE_INFINITY);
        const later = bench.now();
        bench.quota(1);
        await bench.advance(20 * MINUTE);
        const [full] = await cloud.launchFaults(later);
        expect(full).toMatchObject({ kind: 'over-quota' });
        bench.quota(4000);
        await cloud.setDesired(before);
        await bench.advance(10 * MINUTE);
      });
    });

    it('tells machines of the warm pool as such', async () => {
      bench.warmPool(2);
      await bench.advance(15 * MINUTE);
      const { machines, group } = await look();
      expect(group.hasWarmPool).toBe(true);
      const warm = machines.filter((each) => each.warm);
      expect(warm.map(({ lifecycleState, state }) => [lifecycleState, state])).toEqual([
        ['Warmed:Stopped', 'stopped'],
        ['Warmed:Stopped', 'stopped'],
      ]);
      expect(group.desired).toBe(machines.length - 2);
    });
  });
}
