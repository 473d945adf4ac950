import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extendLease, freezeEnvironment, thawEnvironment } from '../../../lib/dev/change.ts';
import { type CreateRequest, createEnvironment } from '../../../lib/dev/create.ts';
import { listEnvironments } from '../../../lib/dev/list.ts';
import { reap } from '../../../lib/dev/reaper.ts';
import { renderList } from '../../../lib/dev/render.ts';
import { renderShow } from '../../../lib/dev/render-show.ts';
import { showEnvironment } from '../../../lib/dev/show.ts';
import { requireValid } from '../../../lib/dev/workspace.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { ownershipTags } from '../../../lib/stack/ownership.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.end());

const create = (more: Partial<CreateRequest> = {}) =>
  createEnvironment(world.ports, {
    ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', duration: '7d', cloud: undefined },
    ...{ users: [], sshKeys: [], purpose: undefined, ...more },
  });
const blueprint = (name: string) => join(world.ports.root, `config/blueprints/${name}.yaml`);
const killedAt = (effect: string): void => {
  world.before = (reached) => {
    if (reached === effect) throw new Error('killed');
  };
};

describe('a lease whose commit could not stand alone', () => {
  const refused = { code: 'lease-needs-commit', message: expect.stringContaining('config/blueprints/') };
  afterEach(() => {
    expect([world.told, world.lease('dora')]).toEqual([[], undefined]);
  });

  it('is refused where its blueprint is not committed', async () => {
    cpSync(blueprint('app'), blueprint('tiny'));
    await expect(create({ blueprint: 'tiny' })).rejects.toMatchObject(refused);
  });

  it('is refused where its blueprint is committed otherwise than it is here', async () => {
    writeFileSync(blueprint('app'), readFileSync(blueprint('app'), 'utf8').replace(/count: \d+/, 'count: 1'));
    await expect(create()).rejects.toMatchObject(refused);
  });
});

describe('an environment that is unfinished', () => {
  it('is not frozen, extended or thawed over what made it, and names the command that finishes it', async () => {
    killedAt('half applied');
    await expect(create()).rejects.toThrow('killed');
    world.before = () => undefined;
    const lease = world.lease('dora');
    const finish = 'finish it first: `tandem env create dora --blueprint app --owner dora@acme.example.org`';
    for (const change of [
      () => freezeEnvironment(world.ports, 'dora'),
      () => thawEnvironment(world.ports, 'dora'),
      () => extendLease(world.ports, 'dora', '1d'),
    ])
      await expect(change()).rejects.toMatchObject({ code: 'environment-unfinished', next: finish });
    expect(world.lease('dora')).toBe(lease);
    expect(await world.ports.journal.open()).toHaveLength(1);
    await create();
    await freezeEnvironment(world.ports, 'dora');
  });

  it('is deleted, not stopped, when its lease is over for long', async () => {
    killedAt('half applied');
    await expect(create()).rejects.toThrow('killed');
    world.before = () => undefined;
    const run = () => reap(world.ports, requireValid('dora', world.ports.files, world.now), true);
    world.now = new Date('2026-11-28T01:00:00Z');
    expect(await run()).toMatchObject({ actions: [{ action: 'wait' }], failures: [] });
    world.now = new Date('2026-12-02T01:00:00Z');
    expect(await run()).toMatchObject({ actions: [{ action: 'delete' }], failures: [] });
    expect(world.cloud.all).toEqual([]);
  });

  it('is thawed where freezing was interrupted, and the other way round', async () => {
    await create();
    killedAt('apply');
    await expect(freezeEnvironment(world.ports, 'dora')).rejects.toThrow('killed');
    world.before = () => undefined;
    await thawEnvironment(world.ports, 'dora');
    expect(await world.ports.journal.open()).toEqual([]);
  });
});

describe('a lease that is over', () => {
  beforeEach(async () => {
    await create();
    world.now = new Date('2026-11-30T00:00:00Z');
    world.told.length = 0;
  });

  it('is neither thawed nor created again', async () => {
    const refused = { code: 'lease-expired', next: 'extend it first: `tandem env extend dora`' };
    await expect(create()).rejects.toMatchObject(refused);
    await expect(thawEnvironment(world.ports, 'dora')).rejects.toMatchObject(refused);
  });

  it('is extended from now, and the question says that it is over', async () => {
    await extendLease(world.ports, 'dora', '2d');
    expect(world.told[0]).toBe('asked: Extend dora from 2026-11-27, which is over, until 2026-12-01?');
  });
});

describe('a checkout that is behind', () => {
  it('changes nothing where a colleague froze the lease from a commit that it lacks', async () => {
    await create();
    const head = (await world.ports.git.head()) ?? '';
    await freezeEnvironment(world.ports, 'dora');
    // This checkout, before the colleague's commit.
    const thawed = world.lease('dora')?.replace('state: frozen\n', '') ?? '';
    writeFileSync(join(world.ports.root, 'config/dev/dora.yaml'), thawed);
    world.git.checkout(head);
    for (const change of [
      () => thawEnvironment(world.ports, 'dora'),
      () => extendLease(world.ports, 'dora', '1d'),
      () => create(),
    ])
      await expect(change()).rejects.toMatchObject({
        code: 'lease-stale',
        message: expect.stringContaining('ann@desk'),
      });
    expect(world.lease('dora')).toBe(thawed);
    const project = () => requireValid('dora', world.ports.files, world.now);
    const list = () => listEnvironments(world.ports, project(), { cloud: undefined, drift: false });
    expect(await list()).toEqual([expect.objectContaining({ name: 'dora', state: 'frozen', behind: true })]);
    expect(renderList(await list(), 'EUR')).toMatch(
      /frozen, not pulled[^]*This checkout is behind: .*dora.*`git pull`/,
    );
    expect(await showEnvironment(world.ports, project(), 'dora')).toMatchObject({ state: 'frozen', behind: true });
    // A colleague's lease that was never here.
    rmSync(join(world.ports.root, 'config/dev/dora.yaml'));
    expect(await list()).toEqual([
      expect.objectContaining({
        name: 'dora',
        owner: 'dora@acme.example.org',
        state: 'frozen',
        blueprint: null,
        behind: true,
      }),
    ]);
    await expect(showEnvironment(world.ports, project(), 'dora')).rejects.toMatchObject({ code: 'lease-stale' });
  });

  it('goes by the cloud where servers were stopped by hand', async () => {
    await create();
    const health = await world.cloud.health('p-dora');
    const stopped = health.servers.map((server) => ({ ...server, status: 'SHELVED_OFFLOADED' }));
    world.cloud.states.set('p-dora', { ...health, servers: stopped });
    const shown = await showEnvironment(world.ports, requireValid('dora', world.ports.files, world.now), 'dora');
    expect(shown).toMatchObject({ state: 'frozen', behind: false });
    expect(renderShow(shown, 'EUR')).toMatch(/log in +not possible: the lease has no SSH key/);
  });
});

it.each(["o'brien@example.org", '"dora d."@example.org', 'a/b+c@example.org'])('an owner may be %s', async (owner) => {
  await create({ owner });
  const [row] = await listEnvironments(world.ports, requireValid('dora', world.ports.files, world.now), {
    cloud: undefined,
    drift: false,
  });
  expect(row).toMatchObject({ owner, behind: false });
  expect(
    ownershipTags({ organisation: 'acme', owner, environment: 'x', stack: StackId.cloudBase('x') }).join(''),
  ).not.toMatch(/[/,]/);
});
