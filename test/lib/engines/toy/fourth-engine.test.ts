/** A fourth engine, from the configuration to the list of what is deployed, without a change to any file of the product. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { directoryFiles } from '../../../../lib/config/files.ts';
import { loadProject } from '../../../../lib/config/load.ts';
import type { Project } from '../../../../lib/config/project.ts';
import { chooseDeploy, chooseDestroy } from '../../../../lib/deploy/choose.ts';
import { deployStacks } from '../../../../lib/deploy/deploy.ts';
import { driftOf } from '../../../../lib/deploy/drift.ts';
import { listStacks } from '../../../../lib/deploy/list.ts';
import { outputsOf } from '../../../../lib/deploy/outputs.ts';
import type { DeployPorts, Target } from '../../../../lib/deploy/ports.ts';
import { deployPorts } from '../../../../lib/deploy/real.ts';
import { addEngine, difference } from '../../../../lib/engines/plugins.ts';
import { planOffline } from '../../../../lib/plan/plan.ts';
import { planSchema } from '../../../../lib/plan/schema.ts';
import { stacksOf } from '../../../../lib/synthesis/catalogue.ts';
import { CODE_ROOT } from '../../../../lib/synthesis/code.ts';
import { synthesize } from '../../../../lib/synthesis/synthesize.ts';
import { writeArtefacts } from '../../../../lib/synthesis/write.ts';
import { memoryGit } from '../../git/memory-git.ts';
import { toyPlugin } from './plugin.ts';

const id = 'toy/paris';
let root: string;
let cloud: Map<string, string>;
let project: Project;
let removeEngine: () => void;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-toy-'));
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
  project = loadProject(directoryFiles(root)).project as Project;
  cloud = new Map();
  removeEngine = addEngine(toyPlugin(cloud));
});
afterEach(() => {
  removeEngine();
  rmSync(root, { recursive: true });
});

const { signal } = new AbortController();
const options = { signal, parallelism: 1 };
const openPorts = (): Promise<DeployPorts> => deployPorts({ root, project, environment: {} });
const deploy = (ports: DeployPorts, targets: readonly Target[]) =>
  deployStacks(
    ports,
    { project, targets },
    { verb: 'deploy', signal, confirm: async () => true, emit: () => undefined },
  );

test('is in the catalogue, in what is written and in the plan', async () => {
  const definitions = stacksOf(project);
  expect(definitions.find((each) => each.id === id)?.engine).toBe('toy');
  const [stack] = await synthesize(definitions, { only: new Set([id]) });
  const written = await writeArtefacts(project, root, [id]);
  expect(written).toEqual([{ id, engine: 'toy', file: 'toy.out/toy-paris.json' }]);
  expect(readFileSync(join(root, 'toy.out/toy-paris.json'), 'utf8')).toBe(stack?.text);
  const base = { kind: 'empty', ref: '', stacks: new Map() } as const;
  const stacks = stack === undefined ? [] : [stack];
  const plan = await planOffline({ project, stacks, gone: [], base, git: memoryGit(), difference });
  expect(planSchema.parse(plan)).toMatchObject({
    summary: { create: 1 },
    stacks: [{ id, engine: 'toy', changes: [{ source: { file: 'config/clouds/paris.yaml' } }] }],
  });
});

test('is deployed, recorded, listed, compared and destroyed', async () => {
  const ports = await openPorts();
  const { targets } = await chooseDeploy(ports, project, [id]);
  expect((await deploy(ports, targets)).stacks).toMatchObject([{ id, outcome: 'applied' }]);
  expect(await listStacks(ports, project, [id])).toMatchObject([{ id, engine: 'toy', state: 'applied' }]);
  expect(await outputsOf(ports, project, id, options)).toEqual({ text: { value: cloud.get(id), sensitive: false } });
  cloud.set(id, 'changed by hand');
  expect((await driftOf(ports, project, [id], options)).stacks).toMatchObject([{ id, drift: [{ action: 'update' }] }]);
  expect((await deploy(ports, (await chooseDestroy(ports, project, [id])).targets)).stacks).toMatchObject([
    { id, outcome: 'destroyed' },
  ]);
  expect(cloud.size).toBe(0);
});

test('fails by its name where a record has it and this Tandem does not', async () => {
  const before = await openPorts();
  await deploy(before, (await chooseDeploy(before, project, [id])).targets);
  removeEngine();
  removeEngine = () => undefined;
  const ports = await openPorts();
  expect(await listStacks(ports, project, [id])).toMatchObject([{ id, engine: 'toy', state: 'removed' }]);
  await expect(chooseDestroy(ports, project, [id])).rejects.toMatchObject({
    code: 'no-engine',
    message: expect.stringContaining('toy'),
  });
  expect((await driftOf(ports, project, [id], options)).stacks).toMatchObject([
    { id, status: 'error', reason: expect.stringContaining('toy') },
  ]);
  await expect(difference('toy', '{}', undefined)).rejects.toMatchObject({ code: 'unknown-engine' });
  cloud.clear();
});
