import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Project } from '../../../lib/config/project.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { adoptStack } from '../../../lib/deploy/lineage/adopt.ts';
import { standingOf } from '../../../lib/deploy/lineage/lineage.ts';
import { planLive } from '../../../lib/deploy/plan-live.ts';
import type { DeployPorts, Target } from '../../../lib/deploy/ports.ts';
import type { Mark } from '../../../lib/engines/lineage.ts';
import { planSchema } from '../../../lib/plan/schema.ts';
import { digestOf } from '../../../lib/stack/synthesized.ts';
import { checkoutPorts } from './checkout-ports.ts';
import { type FakeWorld, fakeEngine, fakeWorld } from './fake-engine.ts';

const project = {} as Project;
const signal = new AbortController().signal;
const folders: string[] = [];
let world: FakeWorld;
let here: DeployPorts;
let there: DeployPorts;

beforeEach(() => {
  world = fakeWorld();
  [here, there] = [checkout('here'), checkout('there')];
});
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A checkout of its own, with local state, of the one cloud. */
function checkout(by: string): DeployPorts {
  const root = mkdtempSync(join(tmpdir(), 'tandem-lineage-'));
  folders.push(root);
  return checkoutPorts(world, root, by);
}

const text = JSON.stringify(['pool', 'image']);
const stack = {
  ...{ id: 'openstack/lab/base', engine: 'terraform', dependsOn: [], unresolvedInputs: [], files: [], target: {} },
  ...{ text, digest: digestOf(text), citations: {} },
} as const satisfies Target['stack'];
const deploy = (ports: DeployPorts, destroy = false) =>
  deployStacks(
    ports,
    { project, targets: [{ stack, destroy }] },
    { verb: 'deploy', signal, confirm: async () => true, emit: () => undefined },
  );
const adopt = (ports: DeployPorts, confirm: (mark: Mark) => Promise<boolean> = async () => true) =>
  adoptStack(ports, stack, { signal, confirm, emit: () => undefined });

test('fails where another checkout deployed the stack, before any plan', async () => {
  await deploy(here);
  world.calls.splice(0);
  await expect(deploy(there)).rejects.toMatchObject({
    code: 'foreign-stack',
    message: expect.stringMatching(/ops@here deployed it on .* UTC, with the state in local files in /),
    next: expect.stringContaining('`tandem adopt openstack/lab/base`'),
  });
  await expect(deploy(there, true)).rejects.toMatchObject({ code: 'foreign-stack' });
  expect(world.calls).toEqual([]);
  expect(await there.journal.open()).toEqual([]);
  // Whoever deployed it goes on.
  expect((await deploy(here)).stacks[0]?.outcome).toBe('unchanged');
});

test('a live plan says whose a stack is, instead of offering to make it again', async () => {
  await deploy(here);
  const plan = await planLive(there, { project, targets: [{ stack, destroy: false }] }, { signal, parallelism: 1 });
  expect(plan.stacks[0]).toMatchObject({
    status: 'error',
    changes: [],
    belongsTo: { lineage: (await here.lineage.read())?.id, by: 'ops@here' },
  });
  expect(planSchema.safeParse(plan).error?.issues).toBeUndefined();
});

test('of two who begin at the same time, one is refused', async () => {
  const outcomes = await Promise.allSettled([deploy(here), deploy(there)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = outcomes.find((each) => each.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'foreign-stack' });
});

test('what was taken over knowingly is imported, and its former owner is refused', async () => {
  await deploy(here);
  // What the new owner has no state of.
  for (const each of world.made.get(stack.id) ?? []) world.lost.add(each);
  world.made.delete(stack.id);
  const adopted = await adopt(there);
  expect(adopted.from?.by).toBe('ops@here');
  world.calls.splice(0);
  const { plan } = await deploy(there);
  expect(plan.stacks[0]?.changes.map(({ action }) => action)).toEqual(['import', 'import']);
  expect(world.calls[0]).toBe('plan openstack/lab/base adopt');
  await expect(deploy(here)).rejects.toMatchObject({
    code: 'foreign-stack',
    message: expect.stringContaining('taken over since'),
  });
});

test('fails to take over what the next plan would replace, before anybody is asked or locked out', async () => {
  await deploy(here);
  for (const each of world.made.get(stack.id) ?? []) world.lost.add(each);
  world.made.delete(stack.id);
  world.unread.add('image');
  // An engine that keeps a state, and has none of this stack.
  const keeping = { ...there, engines: { terraform: { ...fakeEngine(world), readState: async () => null } } };
  const asked: Mark[] = [];
  const confirm = async (mark: Mark): Promise<boolean> => asked.push(mark) > 0;
  await expect(adopt(keeping, confirm)).rejects.toMatchObject({
    code: 'adopt-would-replace',
    message: expect.stringContaining('would replace image'),
    next: expect.stringMatching(/in local files in .*`tandem adopt openstack\/lab\/base --allow-replace`/),
    details: { changes: [{ address: 'image', action: 'replace' }] },
  });
  expect(asked).toEqual([]);
  expect(world.marks.get(stack.id)?.by).toBe('ops@here');
  expect(await there.journal.open()).toEqual([]);
  await adoptStack(keeping, stack, { signal, confirm, emit: () => undefined, allowReplace: true });
  expect(asked).toHaveLength(1);
  expect(world.marks.get(stack.id)?.by).toBe('ops@there');
});

test('fails to take over what nobody confirms', async () => {
  await deploy(here);
  await expect(adopt(there, async () => false)).rejects.toMatchObject({ code: 'declined' });
  await expect(deploy(there)).rejects.toMatchObject({ code: 'foreign-stack' });
});

test('fails where things are there and nothing says whose, unless our record does', async () => {
  world.made.set(stack.id, new Set(['pool', 'image']));
  await expect(deploy(there)).rejects.toMatchObject({
    code: 'foreign-stack',
    message: expect.stringContaining('is there already'),
  });
  await deploy(checkoutWithRecord());
  expect(world.marks.get(stack.id)?.by).toBe('ops@earlier');
});

/** A checkout that deployed before there were marks. */
function checkoutWithRecord(): DeployPorts {
  const earlier = checkout('earlier');
  const { id, engine, digest } = stack;
  void earlier.records.write({
    ...{ format: 'tandem.record/1', stack: id, engine, digest, artefact: text, commit: '', files: [] },
    ...{ at: '2026-11-21T00:00:00Z', by: 'ops@earlier' },
  });
  return earlier;
}

test('an interrupted first apply goes on, and the mark goes with the stack', async () => {
  world.onMake = (address) => (address === 'image' ? { ...quota } : undefined);
  await expect(deploy(here)).rejects.toMatchObject({ code: 'stack-failed' });
  await expect(deploy(there)).rejects.toMatchObject({ code: 'foreign-stack' });
  delete world.onMake;
  await deploy(here);
  await deploy(here, true);
  expect(world.marks.size).toBe(0);
  await deploy(there);
  expect(world.marks.get(stack.id)?.by).toBe('ops@there');
});

const quota = { address: '', summary: 'Quota exceeded', status: 403, requestId: 'req-1', request: '' };

test('a stack is ours only with our own mark, with none, or unmarked with a record', () => {
  const ids = fc.constantFrom(undefined, 'a', 'b');
  fc.assert(
    fc.property(ids, ids, fc.boolean(), fc.boolean(), (own, lineage, isKnown, isProvisional) => {
      const mark = { lineage, by: '', at: '', place: '', where: '', isProvisional };
      const kind = standingOf(own, mark, isKnown);
      expect(kind === 'foreign').toBe(lineage === undefined ? !isKnown : lineage !== own);
      if (kind === 'marked') expect(lineage).toBe(own);
    }),
  );
});
