import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deployEventSchema } from '../../../lib/actions/deploy/schema.ts';
import type { Project } from '../../../lib/config/project.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { localDurations } from '../../../lib/deploy/durations.ts';
import type { DeployEvent, DeployOptions, DeployPorts, Target } from '../../../lib/deploy/ports.ts';
import type { Plan } from '../../../lib/plan/model.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { digestOf } from '../../../lib/stack/synthesized.ts';
import { stateFull } from '../../../lib/state/errors.ts';
import { localLineage } from '../../../lib/state/lineage.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import { clearSealer } from '../../../lib/state/sealer.ts';
import { sealedVersions } from '../../../lib/state/versions.ts';
import { memoryGit } from '../git/memory-git.ts';
import { lockRequest } from '../state/lock-request.ts';
import { memoryStates } from '../state/memory-states.ts';
import { conflict, type FakeWorld, fakeEngine, fakeWorld } from './fake-engine.ts';

let root: string;
let world: FakeWorld;
let ports: DeployPorts;
let events: DeployEvent[];
const project = {} as Project;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-deploy-'));
  world = fakeWorld();
  events = [];
  ports = {
    engines: { terraform: fakeEngine(world) },
    ...{
      records: localRecords(root),
      journal: localJournal(root),
      locks: localLocks(root),
      lineage: localLineage(root),
      states: memoryStates(),
      versions: sealedVersions(localVersions(root), clearSealer),
    },
    ...{ durations: localDurations(root), git: memoryGit() },
    ...{ synthesize: async () => [], actor: { by: 'ops@here', host: 'here' }, commit: 'c0ffee', now: () => new Date() },
    close: async () => undefined,
    check: async () => ({ code: 0, said: '' }),
    sleep: async () => undefined,
  };
});
afterEach(() => {
  // What `deploy --json` prints a line each: the contract, of every event of this file.
  for (const event of events) expect(deployEventSchema.safeParse(event).error?.issues).toBeUndefined();
  rmSync(root, { recursive: true });
});

const target = (id: StackId, addresses: string[], dependsOn: StackId[] = [], destroy = false): Target => {
  const text = JSON.stringify(addresses);
  return {
    stack: {
      id,
      engine: 'terraform',
      dependsOn,
      unresolvedInputs: [],
      files: ['config/dev/a.yaml'],
      target: {},
      citations: {},
      text,
      digest: digestOf(text),
    },
    destroy,
  };
};
const base: StackId = 'openstack/lab/base';
const dev: StackId = 'openstack/lab/dev/a';

const deploy = (targets: Target[], options: Partial<DeployOptions> = {}) =>
  deployStacks(
    ports,
    { project, targets },
    {
      ...{ verb: 'deploy', signal: new AbortController().signal },
      ...{ confirm: async () => true, emit: (event) => void events.push(event), ...options },
    },
  );
const fault = (status: number) => ({ ...conflict, status, summary: `got ${status}`, requestId: 'req-1' });

test('applies, records and ends; a second run changes nothing and does not ask', async () => {
  const { stacks } = await deploy([target(base, ['x', 'y'])]);
  expect(stacks).toMatchObject([{ id: base, outcome: 'applied', changes: 2 }]);
  expect(await ports.records.read(base)).toMatchObject({
    commit: 'c0ffee',
    by: 'ops@here',
    files: ['config/dev/a.yaml'],
  });
  expect(await ports.journal.open()).toEqual([]);
  expect(await ports.locks.list()).toEqual([]);
  const confirm = vi.fn(async () => true);
  expect((await deploy([target(base, ['x', 'y'])], { confirm })).stacks).toMatchObject([{ outcome: 'unchanged' }]);
  expect(confirm).not.toHaveBeenCalled();
});

test('checks who we are before anything else', async () => {
  const assertIdentity = () => Promise.reject(new Error('wrong cloud'));
  ports = { ...ports, engines: { terraform: { ...fakeEngine(world), assertIdentity } } };
  await expect(deploy([target(base, ['x'])])).rejects.toThrow('wrong cloud');
  expect(world.calls).toEqual([]);
});

test('changes nothing where the answer is no', async () => {
  await expect(deploy([target(base, ['x'])], { confirm: async () => false })).rejects.toMatchObject({
    code: 'declined',
  });
  expect(world.calls).toEqual([`plan ${base}`]);
  expect(await ports.journal.open()).toEqual([]);
});

test('asks clouds beforehand what they would refuse of what changes, and shows it before anything is made', async () => {
  const refused = {
    rule: 'aws-vcpu-quota',
    level: 'deny',
    stack: base,
    address: 'x',
    reason: 'too few',
    owner: null,
  } as const;
  const preflight = vi.fn(async () => [refused]);
  ports = { ...ports, engines: { terraform: { ...fakeEngine(world), preflight } } };
  const shown: unknown[] = [];
  const confirm = async (plan: Plan) => {
    shown.push(plan.findings);
    return false;
  };
  await expect(deploy([target(base, ['x'])], { confirm })).rejects.toMatchObject({ code: 'declined' });
  expect(shown).toEqual([[refused]]);
  expect(world.calls).toEqual([`plan ${base}`]);
  await deploy([target(base, ['x'])]);
  preflight.mockClear();
  await deploy([target(base, ['x'])]);
  await deploy([target(base, ['x'], [], true)]);
  expect(preflight).not.toHaveBeenCalled();
});

test('removes data with a stack only by the word for it', async () => {
  const holding = { address: 'x', name: 'bucket b', text: '1 object', isWork: true, isKept: false } as const;
  const fake = fakeEngine(world);
  const told: unknown[] = [];
  const engine: typeof fake = {
    ...fake,
    plan: async (stack, options) => ({
      ...(await fake.plan(stack, options)),
      holdings: options.destroy ? [holding] : [],
    }),
    async *apply(frozen, options) {
      told.push(options.empty);
      yield* fake.apply(frozen, options);
    },
  };
  ports = { ...ports, engines: { terraform: engine } };
  await deploy([target(base, ['x'])]);
  const gone = [target(base, ['x'], [], true)];
  await expect(deploy(gone, { verb: 'destroy' })).rejects.toMatchObject({ code: 'holds-data' });
  await expect(deploy(gone, { confirmEmpty: async () => false })).rejects.toMatchObject({ code: 'declined' });
  expect([...told, world.made.get(base)?.size]).toEqual([false, 1]);
  await deploy(gone, { empty: true });
  expect([...told, world.made.get(base)?.size]).toEqual([false, true, 0]);
});

test('fails, told by whom, while somebody else works on a stack', async () => {
  await ports.locks.acquire(lockRequest({ stack: base, owner: 'eve@there', host: 'there' }));
  await expect(deploy([target(dev, ['y']), target(base, ['x'])])).rejects.toMatchObject({
    code: 'state-locked',
    message: expect.stringContaining('eve@there'),
  });
  expect(world.calls).toEqual([]);
  expect((await ports.locks.list()).map((each) => each.stack)).toEqual([base]);
});

test('removes what depends first, and what is gone from the records', async () => {
  await deploy([target(base, ['x'])]);
  await deploy([target(dev, ['y'], [base])]);
  world.calls.length = 0;
  await deploy([target(base, ['x'], [], true), target(dev, ['y'], [base], true)]);
  expect(world.calls.filter((each) => each.startsWith('apply'))).toEqual([`apply ${dev}`, `apply ${base}`]);
  expect(await ports.records.list()).toEqual([]);
});

test('a record that cannot be written leaves the operation open, and the next run writes it without a second apply', async () => {
  const { records } = ports;
  ports = { ...ports, records: { ...records, write: () => Promise.reject(stateFull('the bucket', 'no space')) } };
  await expect(deploy([target(base, ['x'])])).rejects.toMatchObject({
    code: 'state-full',
    message: expect.stringContaining(`${base} is unfinished`),
  });
  expect(await ports.journal.open()).toMatchObject([{ begun: [`apply ${base}`] }]);
  expect(await records.list()).toEqual([]);
  ports = { ...ports, records };
  expect((await deploy([target(base, ['x'])])).stacks).toMatchObject([{ outcome: 'unchanged' }]);
  expect(world.calls.filter((each) => each.startsWith('apply'))).toEqual([`apply ${base}`]);
  expect((await records.read(base))?.commit).toBe('c0ffee');
  expect(await ports.journal.open()).toEqual([]);
});

test.each([429, 500, 503, 504])('tries again after %i, looking for what a lost answer left', async (status) => {
  let failures = 2;
  world.onMake = () => (failures-- > 0 ? fault(status) : undefined);
  await deploy([target(base, ['x'])]);
  expect(world.calls).toEqual([
    `plan ${base}`,
    ...[`apply ${base}`, `plan ${base} adopt`, `apply ${base}`, `plan ${base} adopt`, `apply ${base}`],
  ]);
});

test('gives up after a few attempts, naming resource, request id and next step; the rest is resumed', async () => {
  world.onMake = (address) => (address === 'y' ? fault(503) : undefined);
  await expect(deploy([target(base, ['x', 'y'])])).rejects.toMatchObject({
    code: 'stack-failed',
    message: expect.stringMatching(/y: got 503.*req-1/),
    next: expect.stringContaining('--resume'),
  });
  const [open] = await ports.journal.open();
  expect(open?.begun).toEqual([`apply ${base}`]);
  expect(await ports.locks.list()).toEqual([]);
  delete world.onMake;
  const { operation } = await deploy([target(base, ['x', 'y'])], {
    resumesId: open?.id ?? '',
  });
  expect(operation).toBe(open?.id);
  expect(world.calls.at(-2)).toBe(`plan ${base} adopt`);
  expect(await ports.journal.open()).toEqual([]);
});

test.each([400, 403])('does not repeat what people have to fix (%i)', async (status) => {
  world.onMake = () => fault(status);
  await expect(deploy([target(base, ['x'])])).rejects.toMatchObject({ code: 'stack-failed' });
  expect(world.calls.filter((each) => each.startsWith('apply'))).toHaveLength(1);
});

test('takes over what is its own after a conflict, and leaves the rest a conflict', async () => {
  world.lost.add('x');
  await deploy([target(base, ['x'])]);
  expect(events).toContainEqual(expect.objectContaining({ kind: 'resource', action: 'import', address: 'x' }));
  world.onMake = () => fault(409);
  await expect(deploy([target(dev, ['y'])])).rejects.toMatchObject({ next: expect.stringContaining('does not own') });
});

test('a run that was killed is found, and what it left is imported', async () => {
  const id = await ports.journal.begin({ verb: 'deploy', stacks: [base], by: 'ops', commit: '', arguments: {} });
  await ports.journal.intend({ operation: id, key: `apply ${base}`, detail: {} });
  world.lost.add('x');
  await deploy([target(base, ['x'])]);
  expect(events).toContainEqual(expect.objectContaining({ kind: 'unfinished', takesOver: true }));
  expect(world.calls[0]).toBe(`plan ${base} adopt`);
  expect(await ports.journal.open()).toEqual([]);
  expect((await ports.journal.history(5)).find((each) => each.id === id)?.outcome).toBe('abandoned');
});

test('does no more than was confirmed when it plans again', async () => {
  let first = true;
  world.onMake = () => {
    if (!first) return undefined;
    first = false;
    world.made.get(base)?.add('made by another');
    return fault(503);
  };
  await expect(deploy([target(base, ['x'])])).rejects.toMatchObject({ code: 'plan-changed' });
  expect(world.made.get(base)).toContain('made by another');
});

test('what needs a failed stack is skipped, the rest goes on', async () => {
  await deploy([target(base, [])]);
  const other: StackId = 'openstack/paris/base';
  world.onMake = (address) => (address === 'bad' ? fault(400) : undefined);
  const run = deploy([target(base, ['bad']), target(dev, ['y'], [base]), target(other, ['z'])]);
  await expect(run).rejects.toMatchObject({ code: 'stack-failed' });
  expect(world.made.get(other)).toContain('z');
  expect(events).toContainEqual(expect.objectContaining({ kind: 'stack', stack: dev, phase: 'skipped' }));
  const report = events.find((event) => event.kind === 'report');
  expect(report?.stacks.find(({ id }) => id === dev)).toMatchObject({
    outcome: 'skipped',
    reason: `it was not begun, since it comes after ${base}`,
  });
  expect(report?.stacks.map(({ outcome }) => outcome)).toContain('failed');
});

test('an interruption ends it cleanly and says how to go on', async () => {
  const abort = new AbortController();
  world.onMake = (address) => {
    if (address === 'x') abort.abort();
    return undefined;
  };
  await expect(deploy([target(base, ['x', 'y'])], { signal: abort.signal })).rejects.toMatchObject({
    code: 'interrupted',
    next: expect.stringContaining('--resume'),
  });
  expect(world.made.get(base)).toContain('x');
  expect(await ports.locks.list()).toEqual([]);
});

test('waits for a change of hosts of its cloud that was begun, and names what goes on with it', async () => {
  const { journal } = ports;
  const resume = 'tandem cloud add compute-a-7 --cloud lab --run';
  const id = await journal.begin({
    ...{ verb: 'cloud add', stacks: [base], by: 'ops@here', commit: '', arguments: {}, resume },
  });
  // Nothing was done yet: the cloud stands as it did.
  await deploy([target(base, ['x'])]);
  await journal.intend({ operation: id, key: '01 prepare compute-a-7', detail: {} });
  await expect(deploy([target(base, ['x', 'y'])])).rejects.toMatchObject({
    code: 'change-unfinished',
    next: expect.stringContaining(resume) as string,
  });
  await journal.end(id, 'succeeded');
  expect((await deploy([target(base, ['x', 'y'])])).stacks).toMatchObject([{ outcome: 'applied' }]);
});
