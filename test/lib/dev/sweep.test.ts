import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../lib/dev/clock.ts';
import { sweepProject } from '../../../lib/dev/execute-sweep.ts';
import { planSweep, summarise } from '../../../lib/dev/sweep.ts';
import { type CloudResource } from '../../../lib/openstack-api/cloud-api.ts';
import { cloudRequestFailed, cloudUnreachable } from '../../../lib/openstack-api/errors.ts';
import { RESOURCE_KINDS, type ResourceKind } from '../../../lib/openstack-api/resource-kinds.ts';
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

  const kindsOf = (waves: readonly (readonly CloudResource[])[]) => waves.map((wave) => wave.map(({ kind }) => kind));
  const using = (kind: ResourceKind, ...used: readonly CloudResource[]) =>
    resource(kind, 'mine', { uses: used.map(({ id }) => id) });

  it('takes each thing after all that use it, as they say themselves', () => {
    const network = resource('network', 'mine');
    const volume = resource('volume', 'mine');
    const port = using('port', network);
    const server = using('server', port, volume);
    const trunk = using('trunk', port);
    const router = using('router', network);
    const address = using('floating-address', port, router);
    const forwarding = using('port-forwarding', address);
    const backup = using('volume-backup', using('volume-snapshot', volume));
    const things = [network, volume, port, server, trunk, router, address, forwarding, backup];
    const { waves } = planSweep('mine', things);
    const at = (thing: CloudResource) => waves.findIndex((wave) => wave.includes(thing));
    expect(waves.flat()).toHaveLength(things.length);
    for (const user of things)
      for (const used of things.filter(({ id }) => user.uses.includes(id))) expect(at(user)).toBeLessThan(at(used));
    expect(kindsOf(waves)).toEqual([
      ['server', 'trunk', 'port-forwarding', 'volume-backup'],
      ['volume', 'floating-address'],
      ['port', 'router'],
      ['network'],
    ]);
  });

  it('takes what uses each other in a circle at once, after what uses that and before what it uses', () => {
    const network = resource('network', 'mine');
    const [one, two] = [resource('security-group', 'mine', { id: 'a', uses: ['b'] }), using('security-group', network)];
    const circle = [one, { ...two, id: 'b', uses: ['a', network.id] }];
    const { waves } = planSweep('mine', [network, ...circle, using('port', one)]);
    expect(kindsOf(waves)).toEqual([['port'], ['security-group', 'security-group'], ['network']]);
  });

  it('closes ways in first, and stops what would make things again before it removes these', () => {
    const kinds = ['server', 'orchestration-stack', 'application-credential', 'container-cluster'] as const;
    const { waves } = planSweep(
      'mine',
      kinds.map((kind) => resource(kind, 'mine')),
    );
    expect(kindsOf(waves)).toEqual([
      ['application-credential'],
      ['orchestration-stack', 'container-cluster'],
      ['server'],
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
    const removed = await sweepProject(cloud, 'mine', { clock: instantClock(), signal, environment: 'x' });
    expect(removed.length).toBe(RESOURCE_KINDS.length);
    expect(cloud.resources.length).toBe(RESOURCE_KINDS.length);
    expect(cloud.resources.every((each) => each.projectId === 'yours')).toBe(true);
  });

  it('does nothing the second time', async () => {
    const cloud = new FakeCloud();
    expect(await sweepProject(cloud, 'mine', { clock: instantClock(), signal, environment: 'x' })).toEqual([]);
  });

  it('spares what it is told to', async () => {
    const cloud = new FakeCloud();
    const kept = resource('server', 'mine');
    cloud.resources.push(kept, resource('image', 'mine'));
    await sweepProject(cloud, 'mine', {
      clock: instantClock(),
      signal,
      environment: 'x',
      spares: (each) => each === kept,
    });
    expect(cloud.resources).toEqual([kept]);
  });

  it('fails with what is stuck, once nothing has gone away for a while', async () => {
    const cloud = new FakeCloud();
    cloud.resources.push(resource('network', 'mine', { name: 'stuck' }));
    cloud.remove = () => Promise.resolve();
    const clock = instantClock();
    const options = { clock, signal, environment: 'alice', patienceSeconds: 60 };
    await expect(sweepProject(cloud, 'mine', options)).rejects.toMatchObject({
      code: 'sweep-stuck',
      message: expect.stringContaining('network stuck'),
      next: expect.stringMatching(/tandem env destroy alice --orphan network\/network-\d+/),
    });
    expect(clock.slept).toBeGreaterThan(60_000);
  });

  it('removes all else first, and names what another project holds, by what of whom, without waiting for long', async () => {
    const cloud = new FakeCloud();
    cloud.all.push({ id: 'yours', name: 'dev-bob', tags: [], description: '', enabled: true });
    const shared = resource('network', 'mine', { name: 'shared' });
    const port = resource('port', 'yours', { name: 'theirs', uses: [shared.id] });
    cloud.resources.push(
      shared,
      port,
      resource('rbac-policy', 'mine', { uses: [shared.id] }),
      resource('image', 'mine'),
    );
    const clock = instantClock();
    const failure = sweepProject(cloud, 'mine', { clock, signal, environment: 'alice' });
    await expect(failure).rejects.toMatchObject({
      code: 'sweep-stuck',
      message: expect.stringContaining(
        `network shared (${shared.id}) is used by port theirs (${port.id}) of project dev-bob (yours)`,
      ),
    });
    expect(cloud.resources).toEqual([shared, port]);
    expect(clock.slept).toBeLessThan(30_000);
  });

  it('does not let one thing that a service refuses for good stop the others', async () => {
    const cloud = new FakeCloud();
    const refused = resource('zone', 'mine', { name: 'kept.example.' });
    cloud.resources.push(refused, resource('volume', 'mine'), resource('network', 'mine'));
    const remove = cloud.remove.bind(cloud);
    const facts = { cloud: 'fake', method: 'DELETE', url: 'http://dns/zones/1', status: 403, answer: 'not you' };
    cloud.remove = (each) => (each === refused ? Promise.reject(cloudRequestFailed(facts)) : remove(each));
    await expect(
      sweepProject(cloud, 'mine', { clock: instantClock(), signal, environment: 'x' }),
    ).rejects.toMatchObject({ code: 'sweep-stuck', message: expect.stringMatching(/zone kept\.example\. .*not you/) });
    expect(cloud.resources).toEqual([refused]);
  });

  it('stops at once where nobody answers', async () => {
    const cloud = new FakeCloud();
    cloud.resources.push(resource('zone', 'mine'));
    cloud.remove = () => Promise.reject(cloudUnreachable({ cloud: 'fake', method: 'DELETE', url: 'x' }, 'gone', null));
    const clock = instantClock();
    const sweeping = sweepProject(cloud, 'mine', { clock, signal, environment: 'x' });
    await expect(sweeping).rejects.toMatchObject({ code: 'cloud-unreachable' });
    expect(clock.slept).toBe(0);
  });

  it('waits longer for what a service works on, and then says what its administrator can do', async () => {
    const cloud = new FakeCloud();
    cloud.resources.push(resource('load-balancer', 'mine', { id: 'lb-1', name: 'web', state: 'PENDING_UPDATE' }));
    const facts = { cloud: 'fake', method: 'DELETE', url: 'x', status: 409, answer: 'immutable' };
    cloud.remove = () => Promise.reject(cloudRequestFailed(facts));
    const clock = instantClock();
    await expect(sweepProject(cloud, 'mine', { clock, signal, environment: 'x' })).rejects.toMatchObject({
      code: 'sweep-stuck',
      message: expect.stringMatching(
        /load balancer web \(lb-1\) stays in state PENDING_UPDATE: .*UPDATE load_balancer/,
      ),
    });
    expect(clock.slept).toBeGreaterThan(600_000);
    expect(clock.slept).toBeLessThan(700_000);
  });

  it('does not believe an order in which nothing moves', async () => {
    const cloud = new FakeCloud();
    const image = resource('image', 'mine');
    // It says that it uses the image, and goes only after it all the same.
    const zone = resource('zone', 'mine', { uses: [image.id] });
    cloud.resources.push(zone, image);
    const facts = { cloud: 'fake', method: 'DELETE', url: 'x', status: 409 };
    cloud.remove = (each) => {
      if (each === zone && cloud.resources.includes(image)) return Promise.reject(cloudRequestFailed(facts));
      cloud.resources = cloud.resources.filter((other) => other !== each);
      return Promise.resolve();
    };
    await sweepProject(cloud, 'mine', { clock: instantClock(), signal, environment: 'x' });
    expect(cloud.resources).toEqual([]);
  });
});
