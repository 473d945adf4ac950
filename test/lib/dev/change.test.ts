import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extendLease, freezeEnvironment, thawEnvironment } from '../../../lib/dev/change.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { destroyEnvironment } from '../../../lib/dev/destroy.ts';
import { listEnvironments } from '../../../lib/dev/list.ts';
import { reap } from '../../../lib/dev/reaper.ts';
import { renderList, renderReap } from '../../../lib/dev/render.ts';
import { requireValid } from '../../../lib/dev/workspace.ts';
import { resource } from '../openstack-api/fake-cloud.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = makeWorld();
  const request = {
    name: 'dora',
    blueprint: 'app',
    owner: 'dora@acme.example.org',
    duration: '7d',
    cloud: undefined,
    users: [],
    sshKeys: [],
    purpose: undefined,
  };
  await createEnvironment(world.ports, request);
  world.told.length = 0;
});
afterEach(() => world.end());

const project = () => requireValid('dora', world.ports.files, world.now);

describe('extending a lease', () => {
  it('moves its end, commits that, and applies', async () => {
    const { changes } = await extendLease(world.ports, 'dora', '7d');
    expect(world.lease('dora')).toContain('until: 2026-12-04\n');
    expect(changes).toBe(1);
    expect(world.told).toContain('commit Extend dora until 2026-12-04');
  });

  it('counts from now where the end is over', async () => {
    world.now = new Date('2026-12-10T00:00:00Z');
    await extendLease(world.ports, 'dora', '1d');
    expect(world.lease('dora')).toContain('until: 2026-12-10\n');
  });

  it('fails beyond the policy, and changes nothing', async () => {
    const before = world.lease('dora');
    await expect(extendLease(world.ports, 'dora', '30d')).rejects.toMatchObject({ code: 'lease-too-long' });
    expect(world.lease('dora')).toBe(before);
  });

  it('fails for a lease that is not there, and says what it may have meant', async () => {
    await expect(extendLease(world.ports, 'dorra', '1d')).rejects.toMatchObject({
      code: 'no-such-lease',
      next: 'did you mean dora?',
    });
  });
});

describe('freezing and thawing', () => {
  it('leaves the lease as it was before', async () => {
    const before = world.lease('dora');
    await freezeEnvironment(world.ports, 'dora');
    expect(world.lease('dora')).toContain('state: frozen');
    expect((await world.cloud.health('p-dora')).servers.every(({ status }) => status === 'SHELVED_OFFLOADED')).toBe(
      true,
    );
    await thawEnvironment(world.ports, 'dora');
    expect(world.lease('dora')).toBe(before);
  });

  it('fails to thaw where the room was given away', async () => {
    await freezeEnvironment(world.ports, 'dora');
    world.cloud.room = { ...world.cloud.room, hosts: [] };
    await expect(thawEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'does-not-fit' });
    expect(world.lease('dora')).toContain('state: frozen');
  });
});

describe('giving an environment back', () => {
  it('names what is lost, and removes what tenants made, and nothing of others', async () => {
    const foreign = resource('server', 'p-other');
    world.cloud.resources.push(
      foreign,
      resource('volume', 'p-dora', { sizeGiB: 300 }),
      resource('volume-snapshot', 'p-dora'),
    );
    await destroyEnvironment(world.ports, 'dora');
    expect(world.told[0]).toMatch(
      /CAUTION: this destroys dora on north, leased to dora@acme.example.org.*1 volume \(300 GiB\)/s,
    );
    expect(world.cloud.resources).toEqual([foreign]);
    expect(world.cloud.all).toEqual([]);
    expect(world.lease('dora')).toBeUndefined();
    expect(world.told).toContain('commit End lease dora');
    expect(await world.ports.records.list()).toEqual([]);
  });

  it('does nothing where the answer is no', async () => {
    world.answer = false;
    await expect(destroyEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'declined' });
    expect(world.lease('dora')).toBeDefined();
    expect(world.cloud.resources).toHaveLength(2);
  });

  it.each(['commit', 'destroy'])('finishes after a death before %s', async (effect) => {
    world.before = (reached) => {
      if (reached === effect) throw new Error('killed');
    };
    await expect(destroyEnvironment(world.ports, 'dora')).rejects.toThrow('killed');
    world.before = () => undefined;
    // Made meanwhile, and orphaned by the project's end.
    world.cloud.resources.push(resource('image', 'p-dora'));
    await destroyEnvironment(world.ports, 'dora');
    expect([world.cloud.all, world.cloud.resources, await world.ports.journal.open()]).toEqual([[], [], []]);
  });

  it('fails in a checkout whose history lacks what was applied', async () => {
    const [old] = [...(await history())].slice(-1);
    world.git.checkout(old!);
    await expect(destroyEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'unknown-here' });
    expect(world.cloud.all).toHaveLength(1);
  });

  it('fails where the lease is merely absent, and was never deleted', async () => {
    const { rmSync } = await import('node:fs');
    rmSync(`${world.ports.root}/config/dev/dora.yaml`);
    await expect(destroyEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'unknown-here' });
    expect(world.cloud.resources).toHaveLength(2);
  });

  async function history(): Promise<string[]> {
    // The commit before the lease was written.
    const head = await world.git.head();
    const first = await world.git.lastChangeOf('config/tandem.yaml', '0000');
    return [head ?? '', first?.id ?? ''];
  }
});

describe('the list', () => {
  it('shows owner, age, end, cost and state', async () => {
    world.now = new Date('2026-11-23T10:00:00Z');
    const rows = await listEnvironments(world.ports, project(), { cloud: undefined, drift: true });
    expect(rows).toEqual([
      expect.objectContaining({
        name: 'dora',
        owner: 'dora@acme.example.org',
        ageDays: 2,
        ends: 'in 4 d 14 h',
        state: 'active',
        drift: 0,
        monthlyCost: 107.5,
      }),
    ]);
    expect(renderList(rows, 'EUR')).toMatch(
      /^NAME .*\ndora +north +app .* active +none\n1 environment, 107\.50 EUR a month\n$/,
    );
  });

  it('tells what was interrupted', async () => {
    world.before = () => {
      throw new Error('killed');
    };
    await expect(extendLease(world.ports, 'dora', '1d')).rejects.toThrow();
    const [open] = await world.ports.journal.open();
    expect(open).toMatchObject({ resume: 'tandem env extend dora --for 1d' });
    const [row] = await listEnvironments(world.ports, project(), { cloud: undefined, drift: false });
    expect(row).toMatchObject({ state: 'unfinished', drift: null });
  });
});

describe('reaping', () => {
  const run = (execute: boolean) => reap(world.ports, project(), execute);

  it('only tells, unless told to act', async () => {
    world.now = new Date('2026-11-29T00:00:00Z');
    const { actions } = await run(false);
    expect(renderReap(actions, false)).toMatch(/STOP {4}dora .*\n.*This was a dry run/s);
    expect(world.lease('dora')).not.toContain('frozen');
  });

  it('warns once, stops, waits, and deletes at a later run', async () => {
    world.now = new Date('2026-11-26T12:00:00Z');
    expect((await run(true)).actions[0]?.action).toBe('warn');
    expect((await run(true)).actions[0]?.action).toBe('nothing');
    world.now = new Date('2026-11-28T01:00:00Z');
    expect((await run(true)).actions[0]?.action).toBe('stop');
    expect(world.lease('dora')).toContain('state: frozen');
    expect((await run(true)).actions[0]?.action).toBe('wait');
    expect(world.cloud.all).toHaveLength(1);
    world.now = new Date('2026-12-02T01:00:00Z');
    expect(await run(true)).toMatchObject({ actions: [{ action: 'delete' }], failures: [] });
    expect(world.cloud.all).toEqual([]);
  });
});
