import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { destroyEnvironment } from '../../../lib/dev/destroy.ts';
import type { CloudResource } from '../../../lib/openstack-api/cloud-api.ts';
import { resource } from '../openstack-api/fake-cloud.ts';
import { makeWorld, type World } from './world.ts';

const request = {
  ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', users: [], sshKeys: [] },
  ...{ duration: undefined, cloud: undefined, purpose: undefined },
};
let world: World;
let shared: CloudResource;
let theirs: CloudResource;

beforeEach(async () => {
  world = makeWorld();
  let milliseconds = 0;
  Object.assign(world.ports.clock, {
    monotonic: () => milliseconds,
    sleep: (some: number) => {
      milliseconds += some;
      return Promise.resolve();
    },
  });
  await createEnvironment(world.ports, request);
  shared = resource('network', 'p-dora', { name: 'shared' });
  theirs = resource('port', 'p-other', { uses: [shared.id] });
  world.cloud.resources.push(shared, theirs, resource('volume', 'p-dora'));
  world.told.splice(0);
});
afterEach(() => {
  world.end();
});

const orphans = (): string[] => [`network/${shared.id}`];

it('ends with what another project holds named, and everything else gone', async () => {
  await expect(destroyEnvironment(world.ports, 'dora')).rejects.toMatchObject({
    code: 'sweep-stuck',
    next: expect.stringContaining(`tandem env destroy dora --orphan network/${shared.id}`),
  });
  expect(world.cloud.resources).toEqual([shared, theirs]);
  expect(world.cloud.all).toHaveLength(1);
});

it('leaves exactly what is orphaned, in a project that is disabled and renamed, and forgets the stack', async () => {
  const destroyed = await destroyEnvironment(world.ports, 'dora', { orphans: orphans() });
  expect(world.told[0]).toContain(`Left behind, owned by nobody: network/${shared.id} shared`);
  expect(world.cloud.resources).toEqual([shared, theirs]);
  expect(world.cloud.all).toMatchObject([
    { id: 'p-dora', name: expect.stringMatching(/^orphaned-dev-dora-/), enabled: false, tags: ['orphaned-from=dora'] },
  ]);
  expect(destroyed.orphaned).toMatchObject({ projectId: 'p-dora', things: [shared] });
  expect(await world.ports.records.list()).toEqual([]);
  expect(world.lease('dora')).toBeUndefined();
  const finished = (await world.ports.journal.history(9)).find(({ verb }) => verb === 'env destroy');
  expect(finished).toMatchObject({ by: 'ann@desk', arguments: { orphans: `network/${shared.id}` } });
});

it('frees the name: it can be leased again beside what was left', async () => {
  await destroyEnvironment(world.ports, 'dora', { orphans: orphans() });
  world.cloud.all = world.cloud.all.map((each) => ({ ...each, id: 'p-left' }));
  expect((await createEnvironment(world.ports, request)).access.projectId).toBe('p-dora');
});

it.each(['retireProject', 'abandon'])(
  'still leaves it after a death in %s and a run without the flag',
  async (where) => {
    const holder = where === 'abandon' ? world.ports.deployer : world.cloud;
    const real = Reflect.get(holder, where) as () => unknown;
    Reflect.set(holder, where, () => Promise.reject(new Error('killed')));
    await expect(destroyEnvironment(world.ports, 'dora', { orphans: orphans() })).rejects.toThrow('killed');
    const [open] = await world.ports.journal.open();
    expect(open?.resume).toBe(`tandem env destroy dora --orphan network/${shared.id}`);
    Reflect.set(holder, where, real);
    await destroyEnvironment(world.ports, 'dora');
    expect(world.cloud.resources).toEqual([shared, theirs]);
    expect([await world.ports.records.list(), await world.ports.journal.open()]).toEqual([[], []]);
  },
);

it('still leaves it where the first run knew of no orphan, and the second was killed', async () => {
  await expect(destroyEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'sweep-stuck' });
  const real = Reflect.get(world.ports.deployer, 'abandon') as () => unknown;
  Object.assign(world.ports.deployer, { abandon: () => Promise.reject(new Error('killed')) });
  await expect(destroyEnvironment(world.ports, 'dora', { orphans: orphans() })).rejects.toThrow('killed');
  Object.assign(world.ports.deployer, { abandon: real });
  await destroyEnvironment(world.ports, 'dora');
  expect(world.cloud.resources).toEqual([shared, theirs]);
});

it('fails for what the project does not hold, before anything is removed', async () => {
  await expect(destroyEnvironment(world.ports, 'dora', { orphans: [`port/${theirs.id}`] })).rejects.toMatchObject({
    code: 'no-such-orphan',
  });
  await expect(destroyEnvironment(world.ports, 'dora', { orphans: ['network/x'] })).rejects.toMatchObject({
    next: expect.stringContaining(`network/${shared.id}`),
  });
  expect(world.lease('dora')).toBeDefined();
});
