import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../lib/dev/clock.ts';
import { sweepProject } from '../../../lib/dev/execute-sweep.ts';
import { planSweep, summarise } from '../../../lib/dev/sweep.ts';
import { RESOURCE_KINDS } from '../../../lib/openstack-api/cloud-api.ts';
import { FakeCloud, resource } from '../openstack-api/fake-cloud.ts';

const { signal } = new AbortController();

/** Sleeps for no time, and remembers for how long. */
function instantClock(): Clock & { slept: number } {
  const clock = {
    slept: 0,
    now: () => new Date(clock.slept),
    monotonic: () => clock.slept,
    sleep: (milliseconds: number) => {
      clock.slept += milliseconds;
      return Promise.resolve();
    },
  };
  return clock;
}

const someResources = fc.array(
  fc.record({ kind: fc.constantFrom(...RESOURCE_KINDS), projectId: fc.constantFrom('mine', 'yours', '') }),
  { maxLength: 40 },
);

describe('the plan of a sweep', () => {
  it('has everything of the project in one wave, and never anything of another', () => {
    fc.assert(
      fc.property(someResources, (specs) => {
        const contents = specs.map(({ kind, projectId }) => resource(kind, projectId));
        const { waves, foreign } = planSweep('mine', contents);
        const planned = waves.flat();
        expect(planned.every((each) => each.projectId === 'mine')).toBe(true);
        expect(planned.length).toBe(contents.filter((each) => each.projectId === 'mine').length);
        expect(new Set(planned).size).toBe(planned.length);
        expect(foreign.length + planned.length).toBe(contents.length);
      }),
    );
  });

  it('takes nothing for the project without id', () => {
    expect(planSweep('', [resource('server', '')]).waves).toEqual([]);
  });

  it('takes servers before volumes and ports, routers before networks, and security groups last', () => {
    const kinds = ['security-group', 'network', 'router', 'volume', 'port', 'server'] as const;
    const { waves } = planSweep(
      'mine',
      kinds.map((kind) => resource(kind, 'mine')),
    );
    expect(waves.map((wave) => wave.map(({ kind }) => kind))).toEqual([
      ['server'],
      ['volume', 'port'],
      ['router'],
      ['network'],
      ['security-group'],
    ]);
  });
});

describe('what people lose', () => {
  it('is counted by kind, with sizes, and without the group that every project has', () => {
    const contents = [
      resource('server', 'p'),
      resource('server', 'p'),
      resource('volume', 'p', { sizeGiB: 300 }),
      resource('floating-address', 'p'),
      resource('floating-address', 'p'),
      resource('security-group', 'p', { name: 'default' }),
    ];
    expect(summarise(contents)).toBe('2 servers, 1 volume (300 GiB), 2 floating addresses');
  });
});

describe('a sweep', () => {
  it('empties the project in a workable order, and leaves others alone', async () => {
    const cloud = new FakeCloud();
    for (const kind of RESOURCE_KINDS) cloud.resources.push(resource(kind, 'mine'), resource(kind, 'yours'));
    const removed = await sweepProject(cloud, 'mine', { clock: instantClock(), signal });
    expect(removed.length).toBe(RESOURCE_KINDS.length);
    expect(cloud.resources.length).toBe(RESOURCE_KINDS.length);
    expect(cloud.resources.every((each) => each.projectId === 'yours')).toBe(true);
  });

  it('does nothing the second time', async () => {
    const cloud = new FakeCloud();
    expect(await sweepProject(cloud, 'mine', { clock: instantClock(), signal })).toEqual([]);
  });

  it('spares what it is told to', async () => {
    const cloud = new FakeCloud();
    const kept = resource('server', 'mine');
    cloud.resources.push(kept, resource('image', 'mine'));
    await sweepProject(cloud, 'mine', { clock: instantClock(), signal, spares: (each) => each === kept });
    expect(cloud.resources).toEqual([kept]);
  });

  it('fails with what is stuck, once nothing has gone away for a while', async () => {
    const cloud = new FakeCloud();
    cloud.resources.push(resource('network', 'mine', { name: 'stuck' }));
    cloud.remove = () => Promise.resolve();
    const clock = instantClock();
    await expect(sweepProject(cloud, 'mine', { clock, signal, patienceSeconds: 60 })).rejects.toMatchObject({
      code: 'sweep-stuck',
      message: expect.stringContaining('network stuck'),
    });
    expect(clock.slept).toBeGreaterThan(60_000);
  });
});
