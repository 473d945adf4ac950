import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freezeEnvironment } from '../../../../lib/dev/change.ts';
import { updateEnvironment } from '../../../../lib/dev/update/update.ts';
import { BLUEPRINT, type PlanningWorld, planningWorld } from './planning-world.ts';

let world: PlanningWorld;
beforeEach(async () => {
  world = planningWorld();
  await world.create('dora');
});
afterEach(() => world.end());

const asked = (): string[] => world.told.filter((line) => line.startsWith('asked: '));
const bigger = (text: string) => text.replace('flavor: small', 'flavor: large');

describe('an update of a lease', () => {
  it('does nothing, and asks nothing, where nothing changed', async () => {
    expect(await updateEnvironment(world.ports, 'dora')).toMatchObject({ changes: 0, servers: [], rounds: [] });
    expect(asked()).toEqual([]);
  });

  it('says what happens to each server, asks once, and takes one server of a tier after another', async () => {
    world.edit(BLUEPRINT, bigger);
    const result = await updateEnvironment(world.ports, 'dora');
    expect(result.servers).toEqual([
      { tier: 'web', index: 1, effect: 'restart', because: ['flavor_name'] },
      { tier: 'web', index: 2, effect: 'restart', because: ['flavor_name'] },
    ]);
    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toMatch(
      /web-1, web-2: restarted \(flavor_name\)\n.*\n.*one after another.*: web-1, then web-2\n/,
    );
    expect(world.runs.map(({ part }) => part)).toEqual(['round-1', 'round-2', '']);
    expect(world.runs[0]?.addresses).toContain('openstack_compute_instance_v2.web_server-1');
    expect(world.runs[0]?.addresses.join()).not.toMatch(/-2/);
    expect((await updateEnvironment(world.ports, 'dora')).changes).toBe(0);
    expect(await world.ports.journal.open()).toEqual([]);
  });

  it('takes all at once where that is asked for, and a tier of one alone', async () => {
    world.edit(BLUEPRINT, bigger);
    await updateEnvironment(world.ports, 'dora', { atOnce: true });
    expect(world.runs.map(({ part }) => part)).toEqual(['']);
    world.runs.splice(0);
    world.edit(BLUEPRINT, (text) => text.replace('flavor: large\n    listens', 'flavor: small\n    listens'));
    expect((await updateEnvironment(world.ports, 'dora')).servers.map(({ tier }) => tier)).toEqual(['store']);
    expect(world.runs.map(({ part }) => part)).toEqual(['']);
  });

  it('changes nothing in a dry run, or where the answer is no', async () => {
    world.edit(BLUEPRINT, bigger);
    expect((await updateEnvironment(world.ports, 'dora', { dryRun: true })).servers).toHaveLength(2);
    world.answer = false;
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'declined' });
    expect([world.runs, await world.ports.journal.open()]).toEqual([[], []]);
  });

  it('stops after a round whose server is not well, and goes on with the others when it is run again', async () => {
    world.edit(BLUEPRINT, bigger);
    const states = () => world.cloud.states.get('p-dora')!;
    const healthy = world.cloud.health.bind(world.cloud);
    world.cloud.health = async (id) => {
      const isRound = world.runs.length === 1;
      const { servers, ...rest } = await healthy(id);
      return {
        ...rest,
        servers: servers.map((each, at) => (isRound && at === 0 ? { ...each, status: 'ERROR' } : each)),
      };
    };
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'environment-unhealthy' });
    expect(world.runs.map(({ part }) => part)).toEqual(['round-1']);
    expect((await world.ports.journal.open()).map(({ resume }) => resume)).toEqual(['tandem env update dora']);
    world.cloud.health = healthy;
    expect(states().servers.length).toBeGreaterThan(0);
    await updateEnvironment(world.ports, 'dora');
    expect(world.runs.at(-1)?.part).toBe('');
    expect(await world.ports.journal.open()).toEqual([]);
  });

  it('fails where the majority of a tier would go at once, unless that is accepted', async () => {
    world.edit(BLUEPRINT, (text) => text.replace('count: 2', 'count: 4'));
    await updateEnvironment(world.ports, 'dora');
    world.edit(BLUEPRINT, (text) => text.replace('count: 4', 'count: 1'));
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({
      code: 'update-loses-majority',
      next: expect.stringContaining('tandem env update dora --at-once'),
    });
    expect((await updateEnvironment(world.ports, 'dora', { atOnce: true })).servers).toHaveLength(3);
  });

  it('fails for what is not committed, what is frozen, and what was never made', async () => {
    world.edit(BLUEPRINT, bigger);
    await freezeEnvironment(world.ports, 'dora');
    world.edit(BLUEPRINT, (text) => `${text}# another\n`.replace('count: 2', 'count: 3'));
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'lease-frozen' });
    world.edit('config/dev/dora.yaml', (text) => text.replace(/^state:.*\n/m, ''));
    const { writeFileSync, readFileSync } = await import('node:fs');
    const file = `${world.ports.root}/${BLUEPRINT}`;
    writeFileSync(file, readFileSync(file, 'utf8').replace('count: 3', 'count: 4'));
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'lease-needs-commit' });
    await expect(updateEnvironment(world.ports, 'nobody')).rejects.toMatchObject({ code: 'no-such-lease' });
  });
});

describe('an update that its owner has to approve', () => {
  const ask = (text: string) => `${text}  updates: { approval: owner }\n`;

  it('is refused to others until the owner committed that very version, and not to the owner', async () => {
    world.edit('config/tandem.yaml', ask);
    world.edit(BLUEPRINT, bigger);
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'update-not-approved' });
    await expect(updateEnvironment(world.ports, 'dora', { approve: true })).rejects.toMatchObject({
      code: 'update-not-owner',
    });
    world.identity = 'Dora@acme.example.org';
    const { version } = await updateEnvironment(world.ports, 'dora', { approve: true });
    expect(world.lease('dora')).toContain(`approvedUpdate: ${version}\n`);
    world.identity = 'ada@example.org';
    expect(await updateEnvironment(world.ports, 'dora')).toMatchObject({ approval: 'approved', version });
    world.edit(BLUEPRINT, (text) => text.replace('count: 2', 'count: 3'));
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'update-not-approved' });
    world.identity = 'dora@acme.example.org';
    expect(await updateEnvironment(world.ports, 'dora')).toMatchObject({ approval: 'owner-runs-it' });
  });

  it('is not approved by a line that somebody else committed', async () => {
    world.edit('config/tandem.yaml', ask);
    world.edit(BLUEPRINT, bigger);
    const { version } = await updateEnvironment(world.ports, 'dora', { dryRun: true });
    const file = 'config/dev/dora.yaml';
    const branch = await world.ports.repository.survey(file);
    await branch.publish({ text: `${world.lease('dora') ?? ''}approvedUpdate: ${version}\n`, message: 'sly' });
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'update-not-approved' });
  });
});
