import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { destroyEnvironment } from '../../../lib/dev/destroy.ts';
import type { EnvironmentDeploy } from '../../../lib/dev/ports.ts';
import { repairEnvironment } from '../../../lib/dev/repair.ts';
import type { Lost } from '../../../lib/engines/engine.ts';
import type { Summary } from '../../../lib/plan/model.ts';
import { toPlan } from '../../../lib/plan/plan.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { resource } from '../openstack-api/fake-cloud.ts';
import { makeWorld, type World } from './world.ts';

const SERVER = 'openstack_compute_instance_v2.web-1';
const VOLUME = 'openstack_blockstorage_volume_v3.data';
const PROJECT = 'openstack_identity_project_v3.project';
let world: World;
/** What the deployer was asked to apply or destroy. */
let runs: Pick<EnvironmentDeploy, 'verb' | 'recreate'>[];

beforeEach(async () => {
  world = makeWorld();
  runs = [];
  await createEnvironment(world.ports, {
    ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', users: [], sshKeys: [] },
    ...{ duration: undefined, cloud: undefined, purpose: undefined },
  });
  world.told.splice(0);
});
afterEach(() => world.end());

/** The cloud lost something; the plan that makes it anew does this besides. */
function lose(lost: Partial<Lost>, plan: Partial<Summary> = {}): void {
  const { deployer } = world.ports;
  const apply = deployer.apply.bind(deployer);
  const destroy = deployer.destroy.bind(deployer);
  Object.assign(deployer, {
    lost: async () => ({ addresses: [], orphans: [], project: undefined, ...lost }),
    async apply(request: EnvironmentDeploy) {
      runs.push({ verb: request.verb, recreate: request.recreate ?? false });
      const empty = toPlan({ kind: 'live', ref: '' }, []);
      if (!(await request.confirm({ ...empty, summary: { ...empty.summary, create: 1, ...plan } })))
        throw new Error('declined');
      return await apply(request);
    },
    async destroy(request: EnvironmentDeploy) {
      runs.push({ verb: request.verb, recreate: request.recreate ?? false });
      return await destroy(request);
    },
  });
}
const questions = (): string[] => world.told.filter((line) => line.startsWith('asked: '));

it('makes a lost server anew, after one question that says what is gone with it', async () => {
  lose({ addresses: [VOLUME, SERVER] });
  const before = world.cloud.resources.length;
  await repairEnvironment(world.ports, 'dora');
  expect(questions()).toEqual([
    `asked: dora has lost 2 resources in its cloud: ${VOLUME}, ${SERVER}.\nAlready gone with them: the root disks of 1 server and the content of 1 volume.\nCreate what is lost anew?`,
  ]);
  expect(runs).toEqual([{ verb: 'env repair', recreate: true }]);
  expect([world.cloud.removed, world.cloud.resources.length]).toEqual([[], before]);
  expect(await world.ports.journal.open()).toEqual([]);
});

it('removes what a lost project left behind, and nothing else, before all is made anew', async () => {
  const theirs = resource('volume', 'p-other');
  const left = world.cloud.resources.filter(({ projectId }) => projectId === 'p-dora').map(({ id }) => id);
  world.cloud.resources.push(theirs);
  world.cloud.all = [];
  lose({ addresses: [PROJECT, SERVER], project: 'p-dora', orphans: [{ address: SERVER, id: left[1] ?? '' }] });
  const gone: string[] = [];
  world.before = (effect) => {
    if (effect === 'apply') gone.push(...world.cloud.removed);
  };
  await repairEnvironment(world.ports, 'dora');
  expect(questions()).toHaveLength(1);
  expect(questions()[0]).toMatch(
    /Its project p-dora does not exist any more\.\nCAUTION: nobody can reach what still stands in it, .*: .*1 server/,
  );
  expect(left.length).toBeGreaterThan(0);
  expect(gone.sort()).toEqual([...left].sort());
  expect(world.cloud.resources).toContain(theirs);
  expect(world.cloud.all.map(({ id }) => id)).toEqual(['p-dora']);
});

it('asks again where the plan takes more away than what was lost', async () => {
  lose({ addresses: [SERVER] }, { replace: 1 });
  await repairEnvironment(world.ports, 'dora');
  expect(questions()).toHaveLength(2);
});

it('does nothing where the answer is no', async () => {
  world.cloud.all = [];
  world.answer = false;
  lose({ addresses: [PROJECT], project: 'p-dora' });
  await expect(repairEnvironment(world.ports, 'dora')).rejects.toMatchObject({ code: 'declined' });
  expect([runs, world.cloud.removed, await world.ports.journal.open()]).toEqual([[], [], []]);
});

it('ends an environment whose project was deleted by hand, with what is left of it', async () => {
  const theirs = resource('server', 'p-other');
  world.cloud.resources.push(theirs);
  world.cloud.all = [];
  lose({ addresses: [PROJECT], project: 'p-dora' });
  await destroyEnvironment(world.ports, 'dora');
  expect(questions()[0]).toMatch(/Lost with it: .*1 server/);
  expect(runs).toEqual([{ verb: 'env destroy', recreate: true }]);
  expect(world.cloud.resources).toEqual([theirs]);
  expect([world.cloud.users, world.lease('dora')]).toEqual([[], undefined]);
  expect(await world.ports.records.read(StackId.lease('north', 'dora'))).toBeUndefined();
});
