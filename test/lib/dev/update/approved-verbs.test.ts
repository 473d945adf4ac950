import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extendLease, freezeEnvironment, thawEnvironment } from '../../../../lib/dev/change.ts';
import { createEnvironment } from '../../../../lib/dev/create.ts';
import type { DevPorts } from '../../../../lib/dev/ports.ts';
import { rebuildEnvironment } from '../../../../lib/dev/rebuild.ts';
import { repairEnvironment } from '../../../../lib/dev/repair.ts';
import { updateEnvironment } from '../../../../lib/dev/update/update.ts';
import { tandemInProcess } from '../../cli/in-process.ts';
import { BLUEPRINT, type PlanningWorld, planningWorld } from './planning-world.ts';

const OWNER = 'dora@acme.example.org';
let world: PlanningWorld;
beforeEach(async () => {
  world = planningWorld();
  world.edit('config/tandem.yaml', (text) => `${text}  updates: { approval: owner }\n`);
  await world.create('dora');
});
afterEach(() => world.end());

const bigger = (text: string): string => text.replace('flavor: small', 'flavor: large');
const create = (ports: DevPorts) =>
  createEnvironment(ports, {
    ...{ name: 'dora', blueprint: 'app', owner: OWNER, duration: '7d' },
    ...{ cloud: undefined, users: [], sshKeys: [], purpose: undefined },
  });

const VERBS: Readonly<Record<string, (ports: DevPorts) => Promise<unknown>>> = {
  create,
  extend: (ports) => extendLease(ports, 'dora', '1d'),
  freeze: (ports) => freezeEnvironment(ports, 'dora'),
  rebuild: (ports) => rebuildEnvironment(ports, 'dora', []),
  repair: (ports) => repairEnvironment(ports, 'dora'),
  update: (ports) => updateEnvironment(ports, 'dora'),
};

describe.each(Object.entries(VERBS))('env %s', (_verb, run) => {
  it('brings no update along that the owner has not approved, and writes nothing', async () => {
    world.edit(BLUEPRINT, bigger);
    const before = world.lease('dora');
    await expect(run(world.ports)).rejects.toMatchObject({ code: 'update-not-approved' });
    expect([world.lease('dora'), world.runs]).toEqual([before, []]);
  });

  it('runs where nothing is to be approved, for the owner, and once it is', async () => {
    await run(world.ports);
    world.edit(BLUEPRINT, bigger);
    world.identity = OWNER;
    await updateEnvironment(world.ports, 'dora', { approve: true });
    world.identity = 'ada@example.org';
    world.runs.splice(0);
    // Frozen by now, where the verb is that.
    if (run !== VERBS['freeze']) {
      await run(world.ports);
      expect(world.runs.map(({ name }) => name)).toContain('dora');
    }
  });
});

it('thaws no lease into an update that its owner has not approved', async () => {
  await freezeEnvironment(world.ports, 'dora');
  world.edit(BLUEPRINT, bigger);
  await expect(thawEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'update-not-approved' });
  world.identity = OWNER;
  await thawEnvironment(world.ports, 'dora');
  expect(world.lease('dora')).not.toContain('frozen');
});

it('stops what is over, whatever its owner says', async () => {
  world.edit(BLUEPRINT, bigger);
  world.now = new Date('2026-12-01T00:00:00Z');
  await freezeEnvironment(world.ports, 'dora');
  expect(world.lease('dora')).toContain('state: frozen');
});

it('is refused by tandem deploy as well, before a cloud is asked', async () => {
  world.edit(BLUEPRINT, bigger);
  const { code, stderr } = await tandemInProcess(world.ports.root, ['deploy', 'dora', '--yes']);
  expect([code === 0, stderr]).toEqual([false, expect.stringContaining('has not approved this update')]);
});
