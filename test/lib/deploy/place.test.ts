import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { confirmRevert } from '../../../lib/actions/deploy/confirm-revert.ts';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import type { Project } from '../../../lib/config/project.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { localDurations } from '../../../lib/deploy/durations.ts';
import { listStacks } from '../../../lib/deploy/list.ts';
import type { DeployOptions, DeployPorts } from '../../../lib/deploy/ports.ts';
import { fromRecord } from '../../../lib/deploy/targets.ts';
import { forgetLeft } from '../../../lib/deploy/versions/restore.ts';
import type { StackPlan } from '../../../lib/plan/model.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { digestOf } from '../../../lib/stack/synthesized.ts';
import type { StackTarget } from '../../../lib/stack/target.ts';
import { localLineage } from '../../../lib/state/lineage.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import { clearSealer } from '../../../lib/state/sealer.ts';
import { sealedVersions } from '../../../lib/state/versions.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { memoryGit } from '../git/memory-git.ts';
import { memoryStates } from '../state/memory-states.ts';
import { type FakeWorld, fakeEngine, fakeWorld } from './fake-engine.ts';

const id: StackId = 'openstack/lab/base';
const paris = { endpoint: 'https://paris.example.org/v3', region: 'one' };
const lyon = { ...paris, endpoint: 'https://lyon.example.org/v3' };

let root: string;
let ports: DeployPorts;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-place-'));
  ports = {
    engines: {},
    ...{ records: localRecords(root), journal: localJournal(root), locks: localLocks(root) },
    ...{ lineage: localLineage(root), states: memoryStates() },
    versions: sealedVersions(localVersions(root), clearSealer),
    ...{ durations: localDurations(root), git: memoryGit() },
    ...{ synthesize: async () => [], actor: { by: 'ops@here', host: 'here' }, commit: 'c0ffee', now: () => new Date() },
    close: async () => undefined,
    check: async () => ({ code: 0, said: '' }),
    sleep: async () => undefined,
  };
});
afterEach(() => rmSync(root, { recursive: true }));

/** Deploys or destroys with a configuration that sends the stack to a target, in the world there. */
async function run(
  target: StackTarget,
  world: FakeWorld,
  {
    destroy = false,
    text = '["x","y"]',
    ...options
  }: Partial<DeployOptions> & { destroy?: boolean; text?: string } = {},
) {
  const made = { id, engine: 'terraform', dependsOn: [], unresolvedInputs: [], files: ['config/clouds/lab.yaml'] };
  const configured = { ...made, target, citations: {}, text, digest: digestOf(text) };
  const record = await ports.records.read(id);
  const stack = destroy && record !== undefined ? fromRecord(record, configured) : configured;
  return await deployStacks(
    { ...ports, engines: { terraform: fakeEngine(world) } },
    { project: {} as Project, targets: [{ stack, destroy }] },
    {
      ...{ verb: 'deploy', signal: new AbortController().signal },
      ...{ confirm: async () => true, emit: () => undefined, ...options },
    },
  );
}

test('a stack whose target changed is refused, told where it is and how to move it', async () => {
  const [there, elsewhere] = [fakeWorld(), fakeWorld()];
  await run(paris, there);
  await expect(run(lyon, elsewhere)).rejects.toMatchObject({
    code: 'target-changed',
    message: expect.stringContaining('endpoint https://paris.example.org/v3, region one'),
    next: expect.stringContaining('`git checkout c0ffee`, `tandem destroy openstack/lab/base`, `git checkout -`'),
  });
  expect(elsewhere.calls).toEqual([]);
  expect(await ports.journal.open()).toEqual([]);
});

test('the way out that the refusal names moves it', async () => {
  const [there, elsewhere] = [fakeWorld(), fakeWorld()];
  await run(paris, there);
  await expect(run(lyon, elsewhere)).rejects.toMatchObject({ code: 'target-changed' });
  await run(paris, there, { destroy: true });
  await run(lyon, elsewhere);
  expect(there.made.get(id)?.size).toBe(0);
  expect([...(elsewhere.made.get(id) ?? [])]).toEqual(['x', 'y']);
  expect((await ports.records.read(id))?.target).toEqual(lyon);
});

test('a stack is not destroyed in a place where it is not, and keeps its record', async () => {
  await run(paris, fakeWorld());
  await expect(run(lyon, fakeWorld(), { destroy: true })).rejects.toMatchObject({ code: 'target-changed' });
  expect(await ports.records.read(id)).toBeDefined();
});

test('a cloud that answers at another address is known by its mark of us', async () => {
  const world = fakeWorld();
  await run(paris, world);
  const { stacks } = await run(lyon, world);
  expect(stacks).toMatchObject([{ outcome: 'unchanged' }]);
  expect((await ports.records.read(id))?.target).toEqual(lyon);
});

test('another Region of the same address is another place, whatever its mark', async () => {
  const world = fakeWorld();
  await run(paris, world);
  await expect(run({ ...paris, region: 'two' }, world)).rejects.toMatchObject({ code: 'target-changed' });
});

test('a record without a target refuses nothing that its artefact does not say', async () => {
  const world = fakeWorld();
  await run(paris, world);
  const { target: _older, ...record } = (await ports.records.read(id)) ?? {};
  await ports.records.write({ ...record, artefact: '{}' } as Parameters<typeof ports.records.write>[0]);
  expect((await run(lyon, world)).stacks).toHaveLength(1);
});

/** A colleague applies from a branch of theirs; HEAD is not on it. */
async function behind(world: FakeWorld) {
  const git = memoryGit();
  const start = git.commit('start', {});
  const theirs = git.commit('theirs', { file: 'x' });
  ports = { ...ports, git, commit: theirs, actor: { by: 'anna@there', host: 'there' } };
  await run(paris, world);
  git.checkout(start);
  ports = { ...ports, commit: start, actor: { by: 'ops@here', host: 'here' } };
  return { git, theirs };
}

const answer = (typed: string | undefined) => ({
  confirmRevert: (stacks: readonly StackPlan[]) =>
    confirmRevert({ emit: () => undefined, text: async () => typed }, stacks),
});
const other = { text: '["x"]' };

test('what was applied from a commit that this checkout lacks is not reverted by a yes', async () => {
  const world = fakeWorld();
  const { theirs } = await behind(world);
  await expect(run(paris, world, { ...other, ...answer(undefined) })).rejects.toMatchObject({
    code: 'behind-record',
    message: expect.stringMatching(
      new RegExp(`ahead of you: applied from ${theirs.slice(0, 10)} by anna@there on .*deploying from here reverts it`),
    ),
    next: expect.stringContaining('--revert-ahead'),
  });
  await expect(run(paris, world, { ...other, ...answer('yes') })).rejects.toMatchObject({ code: 'declined' });
  expect(world.made.get(id)?.size).toBe(2);
  expect(await ports.journal.open()).toEqual([]);
});

test('it is reverted by the word, and what a merge brought along is not asked about', async () => {
  const world = fakeWorld();
  const { git, theirs } = await behind(world);
  await run(paris, world, { ...other, ...answer('revert') });
  expect([...(world.made.get(id) ?? [])]).toEqual(['x']);
  await behind(world);
  git.checkout(theirs);
  const merged = git.commit('merged', { file: 'y' });
  ports = { ...ports, git, commit: merged };
  await run(paris, world, { ...other, confirmRevert: () => expect.unreachable('nothing is reverted') });
});

test('what changes nothing reverts nothing, and a lease verb on the newest commit is not asked', async () => {
  const world = fakeWorld();
  await behind(world);
  await run(paris, world, { confirmRevert: () => expect.unreachable('nothing changes') });
  await run(paris, world, other);
  expect(world.made.get(id)?.size).toBe(1);
});

const leaveBehind = new Set([id]);

test('a stack that is left behind is made anew, and a version tells for ever what stays', async () => {
  const [there, elsewhere] = [fakeWorld(), fakeWorld()];
  await run(paris, there);
  const { stacks } = await run(lyon, elsewhere, { leaveBehind });
  expect(stacks).toMatchObject([{ outcome: 'applied', changes: 2 }]);
  expect([...(there.made.get(id) ?? [])]).toEqual(['x', 'y']);
  expect((await ports.records.read(id))?.target).toEqual(lyon);
  const [left, ...others] = await ports.versions.left();
  expect(others).toEqual([]);
  expect(left).toMatchObject({ stack: id, moment: 'left behind in endpoint https://paris.example.org/v3, region one' });
  expect((await ports.versions.read(id, left?.id ?? ''))?.record?.target).toEqual(paris);
  const long = new Date(Date.now() + 400 * 86_400_000);
  for (let count = 0; count < 60; count += 1)
    await ports.versions.keep(id, { state: `${count}`, record: null }, { by: '', operation: '', moment: '', at: long });
  expect(await ports.versions.left()).toHaveLength(1);
});

test('what was left behind is listed until it is forgotten, and its version stays', async () => {
  await run(paris, fakeWorld());
  await run(lyon, fakeWorld(), { leaveBehind });
  const { project } = loadAndCheck(directoryFiles(CODE_ROOT), new Date());
  const [left] = await ports.versions.left();
  const version = left?.id ?? '';
  expect(await listStacks(ports, project!, [id])).toMatchObject([{ id, target: lyon, left: [{ version }] }]);
  const answer = (yes: boolean) => ({
    signal: new AbortController().signal,
    emit: () => undefined,
    confirm: () => Promise.resolve(yes),
  });
  await expect(forgetLeft(ports, project!, id, version, answer(false))).rejects.toMatchObject({ code: 'declined' });
  await forgetLeft(ports, project!, id, version, answer(true));
  expect(await listStacks(ports, project!, [id])).toMatchObject([{ left: [] }]);
  const plain = version.replace(/-left$/, '');
  expect((await ports.versions.read(id, plain))?.record?.target).toEqual(paris);
  await expect(forgetLeft(ports, project!, id, plain, answer(true))).rejects.toMatchObject({ code: 'not-left-behind' });
  await expect(forgetLeft(ports, project!, id, version, answer(true))).rejects.toMatchObject({
    code: 'no-such-version',
  });
});

test('a run that ends in the middle of leaving is done again, and keeps one version', async () => {
  const elsewhere = fakeWorld();
  await run(paris, fakeWorld());
  const { records } = ports;
  ports = { ...ports, records: { ...records, remove: () => Promise.reject(new Error('killed')) } };
  await expect(run(lyon, elsewhere, { leaveBehind })).rejects.toThrow('killed');
  ports = { ...ports, records };
  await run(lyon, elsewhere, { leaveBehind });
  expect(await ports.versions.left()).toHaveLength(1);
  expect((await ports.records.read(id))?.target).toEqual(lyon);
});

test('a place that a stack was left behind in is not taken for where it is, whatever its mark', async () => {
  const [there, elsewhere] = [fakeWorld(), fakeWorld()];
  await run(paris, there);
  await run(lyon, elsewhere, { leaveBehind });
  await expect(run(paris, there)).rejects.toMatchObject({ code: 'target-changed' });
});

test('leaving one behind does not let another go', async () => {
  await run(paris, fakeWorld());
  await expect(
    run(lyon, fakeWorld(), { leaveBehind: new Set<StackId>(['openstack/lab/other']) }),
  ).rejects.toMatchObject({
    code: 'target-changed',
    next: expect.stringContaining(`tandem deploy ${id} --leave-behind ${id}`),
  });
});
