import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rollOutBlueprint } from '../../../../lib/dev/update/roll-out.ts';
import { updateEnvironment } from '../../../../lib/dev/update/update.ts';
import { judgePrograms, type ProgramsVerdict } from '../../../../lib/dev/use/programs-verdict.ts';
import { requireValid } from '../../../../lib/dev/workspace.ts';
import { BLUEPRINT, type PlanningWorld, planningWorld } from './planning-world.ts';

const bigger = (text: string): string => text.replace('flavor: small', 'flavor: large');
const ILL: ProgramsVerdict = { kind: 'ill', said: 'memcached: does not serve' };
const SERVES: ProgramsVerdict = { kind: 'serves' };

let world: PlanningWorld;
let asked: string[];
let answer: (server: string) => ProgramsVerdict;
beforeEach(async () => {
  world = planningWorld();
  world.edit(BLUEPRINT, (text) =>
    text.replace('    flavor: small\n', '    flavor: small\n    runs: { memcached: {} }\n'),
  );
  await world.create('dora');
  [asked, answer] = [[], () => SERVES];
  let now = 0;
  Object.assign(world.ports, {
    clock: {
      ...world.ports.clock,
      monotonic: () => now,
      sleep: (milliseconds: number) => {
        now += milliseconds;
        return Promise.resolve();
      },
    },
    askPrograms: (name: string, server: string) => {
      asked.push(`${world.runs.length} ${name} ${server}`);
      return Promise.resolve(answer(server));
    },
  });
  world.edit(BLUEPRINT, bigger);
});
afterEach(() => world.end());

const parts = () => world.runs.map(({ part }) => part);

describe('an update of servers that run programs', () => {
  it('asks them before, after each round, and at the end', async () => {
    await updateEnvironment(world.ports, 'dora');
    expect(parts()).toEqual(['round-1', 'round-2', '']);
    expect(asked).toEqual([
      ...['0 dora web-1', '0 dora web-2', '1 dora web-1', '2 dora web-2', '3 dora web-1', '3 dora web-2'],
    ]);
  });

  it('waits until they serve before the next server goes down', async () => {
    let looks = 0;
    answer = (server) => (world.runs.length === 1 && server === 'web-1' && (looks += 1) < 5 ? ILL : SERVES);
    await updateEnvironment(world.ports, 'dora');
    expect(parts()).toEqual(['round-1', 'round-2', '']);
    expect(asked.filter((each) => each === '1 dora web-1')).toHaveLength(5);
    expect(world.told).toContain('waiting: web-1: memcached: does not serve');
  });

  it('stops where they do not', async () => {
    answer = (server) => (world.runs.length > 0 && server === 'web-1' ? ILL : SERVES);
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({
      code: 'environment-unhealthy',
      message: expect.stringContaining('web-1: memcached: does not serve'),
    });
    expect(parts()).toEqual(['round-1']);
    expect((await world.ports.journal.open()).map(({ verb }) => verb)).toEqual(['env update']);
  });

  it('stops where one that answered no longer does', async () => {
    answer = () => (world.runs.length > 0 ? { kind: 'unreached', reason: 'Connection refused' } : SERVES);
    await expect(updateEnvironment(world.ports, 'dora')).rejects.toMatchObject({
      message: expect.stringContaining('web-1: no longer answers: Connection refused'),
    });
    expect(parts()).toEqual(['round-1']);
  });

  it('says who cannot be asked, and goes by what the cloud says of them', async () => {
    answer = () => ({ kind: 'unreached', reason: 'Permission denied (publickey).' });
    await updateEnvironment(world.ports, 'dora');
    expect(parts()).toEqual(['round-1', 'round-2', '']);
    expect(world.told).toContain('web-2 cannot be asked whether its programs serve: Permission denied (publickey).');
    expect(asked).toHaveLength(2);
  });

  it('ends the waves of a roll-out', async () => {
    answer = () => (world.runs.length > 0 ? ILL : SERVES);
    const project = requireValid('dora', world.ports.files, world.now);
    await expect(rollOutBlueprint(world.ports, project, 'app')).rejects.toMatchObject({
      code: 'roll-out-stopped',
      message: expect.stringContaining('memcached: does not serve'),
    });
  });
});

it('asks nobody where nothing is run that can be asked', async () => {
  world.edit(BLUEPRINT, (text) => text.replace('    runs: { memcached: {} }\n', ''));
  await updateEnvironment(world.ports, 'dora');
  expect(asked).toEqual([]);
});

it('takes the answer of the program on a server for what it is', () => {
  const ran = (code: number, stdout: string, stderr = '') => judgePrograms({ code, stdout, stderr });
  expect(ran(0, 'consul: serves\n')).toEqual({ kind: 'serves' });
  expect(ran(1, 'consul: serves\nnginx: does not serve\n')).toEqual({ kind: 'ill', said: 'nginx: does not serve' });
  expect(ran(255, '', 'Warning: x\nssh: connect to host 10.0.0.1 port 22: Connection timed out\n')).toEqual({
    kind: 'unreached',
    reason: 'ssh: connect to host 10.0.0.1 port 22: Connection timed out',
  });
  expect(ran(127, '', '')).toEqual({ kind: 'unreached', reason: 'the health check ended with 127' });
});
