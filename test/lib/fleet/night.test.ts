import { describe, expect, test } from 'vitest';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import { CloudFault, type FleetCloud } from '../../../lib/fleet/cloud.ts';
import { parseSelector } from '../../../lib/fleet/selectors.ts';
import { fakeCloud } from './world/fake-cloud.ts';
import { operate, planOf, portsOf, run } from './world/operate.ts';
import { truthOf } from './world/truth.ts';
import { GROUP, World } from './world/world.ts';

const REPLACE = { verb: 'replace', floorPercent: 50, canary: false, bakeSeconds: 0 } as const;
const REBOOT = { verb: 'restart', rung: 'reboot', floorPercent: 50, canary: false } as const;

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof TandemError) return error.code;
    throw error;
  }
}

const whole = { stranded: [], suspended: [] };

/** What goes wrong around an operation, at 3 a.m. */
describe('an operation, while', () => {
  test.each([
    'zone=',
    'zone=a und age>3d',
    'age>30',
    'state=ready',
    'health=good',
    'typ=m7g.large',
    '(zone=a',
    'zone in a',
  ])('its selector is %s, says what is possible there', (text) => {
    try {
      parseSelector(text);
      expect.unreachable();
    } catch (error) {
      const { code, message, next } = error as TandemError;
      expect(code).toBe('bad-selector');
      expect(message).toMatch(/at character \d+, where .+ is expected$/);
      expect(next).toMatch(/did you mean|write one like/);
    }
  });

  test('two operators begin at once, lets one work and tells the other who does', async () => {
    const world = new World({ machines: 8 });
    const ports = portsOf(world);
    const plans = [await planOf(world, REBOOT, { count: 2 }, ports), await planOf(world, REBOOT, { count: 3 }, ports)];
    const codes = await Promise.all(plans.map((plan) => codeOf(run(ports, { plan }))));
    expect(codes.toSorted()).toEqual(['none', 'state-locked']);
    expect(truthOf(world)).toMatchObject({ serving: 8, ...whole });
  });

  test('an instance refresh runs, is refused before anything is done', async () => {
    const world = new World({ machines: 8 });
    world.model.autoscaling.startInstanceRefresh({ AutoScalingGroupName: GROUP, Preferences: { SkipMatching: false } });
    expect(await codeOf(operate(world, REPLACE, {}))).toBe('fleet-refresh-under-way');
  });

  test('the maximum is the desired capacity, replaces all the same', async () => {
    const world = new World({ machines: 8, maximum: 8 });
    const { report } = await operate(world, REPLACE, {});
    expect(report).toMatchObject({ done: 8, failed: 0 });
    expect(truthOf(world)).toMatchObject({ serving: 8, desired: 8, ...whole });
  });

  test('the minimum is the desired capacity, retires none and says why', async () => {
    const world = new World({ machines: 6, minimum: 6 });
    const request = { ...REPLACE, verb: 'drain', rung: 'retire', floorPercent: 0 } as const;
    expect(await codeOf(operate(world, request, { count: 2 }))).toBe('fleet-below-minimum');
    expect(truthOf(world)).toMatchObject({ serving: 6, desired: 6, ...whole });
  });

  test('the group is scaled in by others, accounts for those that left', async () => {
    const world = new World({ machines: 12, jobSeconds: [30, 90] });
    const ports = portsOf(world);
    const plan = await planOf(world, REBOOT, {}, ports);
    let looks = 0;
    const report = await run(ports, {
      plan,
      onProgress: () => {
        looks += 1;
        if (looks === 3)
          world.model.autoscaling.setDesiredCapacity({ AutoScalingGroupName: GROUP, DesiredCapacity: 8 });
      },
    });
    expect(report.done + report.gone).toBe(12);
    expect(report.failed).toBe(0);
    world.advance(world.now() + 1_200_000);
    expect(truthOf(world)).toMatchObject({ desired: 8, serving: 8, ...whole });
  });

  test('a zone is down, replaces what is there in the others', async () => {
    const world = new World({ machines: 12 });
    world.model.world.setCapacity({ zone: 'eu-west-3b', available: 0 });
    const view = await fakeCloud(world).look();
    for (const { id } of view.machines.filter(({ zone }) => zone === 'eu-west-3b')) world.hang(id);
    world.advance(world.now() + 60_000);
    const { report } = await operate(world, { ...REPLACE, floorPercent: 30 }, { where: parseSelector('zone=b') });
    expect(report).toMatchObject({ done: 4, failed: 0 });
    const zones = new Set((await fakeCloud(world).look()).machines.map(({ zone }) => zone));
    expect(zones.has('eu-west-3b')).toBe(false);
    expect(truthOf(world)).toMatchObject({ serving: 12, ...whole });
  });

  test('credentials expire, stops, and is gone on with by new ones', async () => {
    const world = new World({ machines: 8 });
    const real = fakeCloud(world);
    let isValid = true;
    const cloud = new Proxy(real, {
      get: (target, name) =>
        isValid
          ? (Reflect.get(target, name) as unknown)
          : async () => {
              await Promise.resolve();
              const facts = { kind: 'unauthorised', api: 'DescribeFleet', code: 'ExpiredToken' } as const;
              throw new CloudFault({ ...facts, message: 'The security token included in the request is expired' });
            },
    }) satisfies FleetCloud;
    const ports = portsOf(world, { cloud });
    const plan = await planOf(world, REBOOT, { count: 4 }, ports);
    let looks = 0;
    const code = await codeOf(
      run(ports, {
        plan,
        onProgress: () => {
          looks += 1;
          isValid = looks < 4;
        },
      }),
    );
    expect(code).toBe('fleet-forbidden');
    isValid = true;
    world.advance(world.now() + 3_600_000);
    expect(await run(ports, {})).toMatchObject({ done: 4, failed: 0 });
    expect(truthOf(world)).toMatchObject({ serving: 8, ...whole });
  });
});
