import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { updateEnvironment } from '../../../../lib/dev/update/update.ts';
import { BLUEPRINT, type PlanningWorld, planningWorld } from './planning-world.ts';

const OWNER = 'dora@acme.example.org';
let world: PlanningWorld;
beforeEach(async () => {
  world = planningWorld();
  world.edit(BLUEPRINT, (text) => {
    const webs = 'parameters: { webs: { description: Web servers., type: integer, default: 2, maximum: 4 } }\n';
    return `${text.replace('count: 2', 'count: { parameter: webs }')}${webs}`;
  });
  await world.create('dora');
});
afterEach(() => world.end());

const given = () => (parse(world.lease('dora') ?? '') as { parameters?: unknown }).parameters;

it('is shown without being written, then written into the lease with the type of the blueprint, and applied', async () => {
  const parameters = { webs: '3' };
  const { servers } = await updateEnvironment(world.ports, 'dora', { parameters, dryRun: true });
  expect(servers).toMatchObject([{ tier: 'web', index: 3, effect: 'create' }]);
  expect([given(), world.runs]).toEqual([undefined, []]);
  world.before = (what) => {
    if (what === 'apply') throw new Error('killed');
  };
  await expect(updateEnvironment(world.ports, 'dora', { parameters })).rejects.toThrow('killed');
  const [open] = await world.ports.journal.open();
  expect(open?.resume).toBe('tandem env update dora --parameter webs=3');
  world.before = () => undefined;
  await updateEnvironment(world.ports, 'dora', { parameters });
  expect(await world.ports.journal.open()).toEqual([]);
  expect(given()).toEqual({ webs: 3 });
  expect(world.told).toContain('commit Change parameters of dora');
  expect(world.runs.map(({ part }) => part).at(-1)).toBe('');
  // Run again, it is there already.
  world.told.splice(0);
  expect(await updateEnvironment(world.ports, 'dora', { parameters })).toMatchObject({ changes: 0 });
  expect(world.told.filter((each) => /^(?:commit|asked)/.test(each))).toEqual([]);
});

it('fails for a value that does not fit, or of no parameter, and writes nothing', async () => {
  for (const parameters of [{ webs: '5' }, { webs: 'many' }, { wobs: '3' }] as Record<string, string>[])
    await expect(updateEnvironment(world.ports, 'dora', { parameters })).rejects.toMatchObject({
      code: 'invalid-lease',
      message: expect.stringMatching(/config\/dev\/dora\.yaml:\d+:\d+ parameters/),
    });
  expect(given()).toBeUndefined();
});

it('needs the approval of the owner, where that is asked for', async () => {
  world.edit('config/tandem.yaml', (text) => `${text}  updates: { approval: owner }\n`);
  const change = { parameters: { webs: '3' } };
  await expect(updateEnvironment(world.ports, 'dora', change)).rejects.toMatchObject({ code: 'update-not-approved' });
  expect(given()).toBeUndefined();
  world.identity = OWNER;
  await updateEnvironment(world.ports, 'dora', change);
  expect(given()).toEqual({ webs: 3 });
});
