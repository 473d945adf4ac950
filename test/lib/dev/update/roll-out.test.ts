import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freezeEnvironment } from '../../../../lib/dev/change.ts';
import { rollOutBlueprint } from '../../../../lib/dev/update/roll-out.ts';
import { updateEnvironment } from '../../../../lib/dev/update/update.ts';
import { planWaves } from '../../../../lib/dev/update/waves.ts';
import { requireValid } from '../../../../lib/dev/workspace.ts';
import { BLUEPRINT, type PlanningWorld, planningWorld } from './planning-world.ts';

describe('waves', () => {
  const member = fc.record({
    name: fc.stringMatching(/^[a-z]{1,6}$/),
    servers: fc.integer({ min: 0, max: 20 }),
    done: fc.boolean(),
  });
  const members = fc.uniqueArray(member, { selector: ({ name }) => name, maxLength: 120 });

  it('have everyone who is not done once, and are as large as they say', () => {
    fc.assert(
      fc.property(members, (all) => {
        const waves = planWaves(all);
        const names = waves.flatMap((wave) => wave.names);
        expect([...names].sort()).toEqual(
          all
            .filter(({ done }) => !done)
            .map(({ name }) => name)
            .sort(),
        );
        expect(new Set(names).size).toBe(names.length);
        const done = all.filter((each) => each.done).length;
        let so = done;
        for (const { share, names: own } of waves) {
          so += own.length;
          if (share === 'one') expect(so).toBe(1);
          if (share === '5 %') expect(so).toBeLessThanOrEqual(Math.ceil(all.length * 0.05));
          expect(own.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('are one, 5 %, and all, smaller leases first', () => {
    const all = Array.from({ length: 60 }, (_, at) => ({ name: `n${at}`, servers: 60 - at, done: false }));
    expect(planWaves(all).map(({ share, names }) => [share, names.length])).toEqual([
      ['one', 1],
      ['5 %', 2],
      ['all', 57],
    ]);
    expect(planWaves(all)[0]?.names).toEqual(['n59']);
  });
});

describe('the roll-out of a blueprint', () => {
  let world: PlanningWorld;
  beforeEach(async () => {
    world = planningWorld();
    for (const name of ['ann', 'bob', 'cleo']) await world.create(name, `${name}@acme.example.org`);
    world.edit(BLUEPRINT, (text) => text.replace('flavor: large', 'flavor: small'));
  });
  afterEach(() => world.end());
  const roll = (blueprint = 'app', options = {}) =>
    rollOutBlueprint(world.ports, requireValid('', world.ports.files, world.now), blueprint, options);
  const updated = () => [...new Set(world.runs.map(({ name }) => name))].sort();
  const asked = () => world.told.filter((line) => line.startsWith('asked: '));

  it('shows every lease, asks before each wave, and updates all', async () => {
    const { members, waves } = await roll();
    expect(waves.map(({ share, names }) => [share, names])).toEqual([
      ['one', ['ann']],
      ['all', ['bob', 'cleo']],
    ]);
    expect(asked()).toHaveLength(2);
    expect(updated()).toEqual(['ann', 'bob', 'cleo']);
    expect(members.map(({ standing }) => standing)).toEqual(['updated', 'updated', 'updated']);
    expect((await roll()).waves).toEqual([]);
  });

  it('stops at the first that is not well, says what is left, and goes on where it was', async () => {
    const healthy = world.cloud.health.bind(world.cloud);
    world.cloud.health = async (id) => {
      const { servers, ...rest } = await healthy(id);
      return { ...rest, servers: servers.map((each) => (id === 'p-ann' ? { ...each, status: 'ERROR' } : each)) };
    };
    await expect(roll()).rejects.toMatchObject({
      code: 'roll-out-stopped',
      message: expect.stringMatching(/stopped at ann; 0 leases updated, 2 not begun/),
      details: { left: ['bob', 'cleo'] },
    });
    expect(updated()).toEqual(['ann']);
    world.cloud.health = healthy;
    world.runs.splice(0);
    expect((await roll()).waves.map(({ names }) => names)).toEqual([['ann'], ['bob', 'cleo']]);
    expect(updated()).toEqual(['ann', 'bob', 'cleo']);
  });

  it('counts what was updated before as its first, and leaves out what it must not touch', async () => {
    await updateEnvironment(world.ports, 'cleo');
    await freezeEnvironment(world.ports, 'bob');
    world.edit(BLUEPRINT, (text) => text.replace('count: 2', 'count: 3'));
    await updateEnvironment(world.ports, 'cleo');
    const { members, waves } = await roll('app', { dryRun: true });
    expect(members.map(({ standing }) => standing)).toEqual(['changes', 'frozen', 'updated']);
    expect(waves).toEqual([{ share: 'all', names: ['ann'] }]);
  });

  it('waits for owners where the organisation asks for them', async () => {
    world.edit('config/tandem.yaml', (text) => `${text}  updates: { approval: owner }\n`);
    world.identity = 'bob@acme.example.org';
    await updateEnvironment(world.ports, 'bob', { approve: true });
    world.identity = 'ada@example.org';
    world.runs.splice(0);
    const { members } = await roll();
    expect(members.map(({ standing }) => standing)).toEqual(['waits', 'updated', 'waits']);
    expect(updated()).toEqual(['bob']);
  });

  it('asks again for what goes beyond what was shown', async () => {
    const preview = world.ports.deployer.preview.bind(world.ports.deployer);
    world.ports.deployer.preview = async (project, stack) => {
      const plan = await preview(project, stack);
      const [own] = plan.stacks;
      const [change] = own?.changes ?? [];
      if (own === undefined || change === undefined || !stack.endsWith('/ann')) return plan;
      const more = { ...change, action: 'replace' as const, address: 'openstack_compute_instance_v2.store_server-1' };
      return { ...plan, stacks: [{ ...own, changes: [...own.changes, more] }] };
    };
    await roll();
    expect(asked().filter((line) => line.includes('ann goes beyond what was shown'))).toHaveLength(1);
    expect(asked()).toHaveLength(3);
  });

  it('fails for a blueprint that is not there', async () => {
    await expect(roll('apq')).rejects.toMatchObject({ code: 'no-such-blueprint' });
  });
});
