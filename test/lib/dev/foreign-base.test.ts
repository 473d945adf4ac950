import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DeployPorts } from '../../../lib/deploy/ports.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { stackDeployer } from '../../../lib/dev/deployer.ts';
import { destroyEnvironment } from '../../../lib/dev/destroy.ts';
import type { Finding, Plan } from '../../../lib/plan/model.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { checkoutPorts } from '../deploy/checkout-ports.ts';
import { type FakeWorld, fakeWorld } from '../deploy/fake-engine.ts';
import { makeWorld, type World } from './world.ts';

const BASE = 'openstack/north/base';
const LEASE = 'openstack/north/dev/dora';
let leases: World;
let clouds: FakeWorld;
let judge: (plan: Plan) => Plan;

/** The real deployer, over an engine whose stacks are lists of names. */
beforeEach(() => {
  leases = makeWorld();
  clouds = fakeWorld();
  judge = (plan) => plan;
  const text = JSON.stringify(['pool', 'image']);
  const ports: DeployPorts = {
    ...checkoutPorts(clouds, leases.ports.root, 'here'),
    // The history of this world is in memory.
    commit: '',
    synthesize: async (catalogue, only) =>
      catalogue
        .filter(({ id }) => only.has(id))
        .map(
          ({ id, dependsOn }): SynthesizedStack => ({
            ...{ id, engine: 'terraform', dependsOn, unresolvedInputs: [], files: [], target: {} },
            ...{ text, digest: digestOf(text), citations: {} },
          }),
        ),
  };
  const deployer = stackDeployer({
    ...{ portsFor: async () => ports, signal: leases.ports.signal, parallelism: 1, lockTimeoutSeconds: 0 },
    ...{ root: leases.ports.root, review: (_ports, _project, plan) => Promise.resolve(judge(plan)) },
    emit: () => undefined,
  });
  Object.assign(leases.ports, { deployer });
});
afterEach(() => leases.end());

const create = () =>
  createEnvironment(leases.ports, {
    ...{ name: 'dora', blueprint: 'app', owner: 'dora@acme.example.org', users: [], sshKeys: [] },
    ...{ duration: undefined, cloud: undefined, purpose: undefined },
  });

it.each([
  ['belongs to another state', true],
  ['is there without a mark', false],
])('fails where the base of the cloud %s, before anything is asked, written or made', async (_what, isMarked) => {
  if (isMarked) clouds.marks.set(BASE, { lineage: 'theirs', by: 'ann@there', at: '', place: 'local files elsewhere' });
  else clouds.made.set(BASE, new Set(['pool']));
  const head = await leases.git.head();
  await expect(create()).rejects.toMatchObject({
    code: 'foreign-stack',
    message: expect.stringContaining(BASE),
    next: expect.stringContaining(`\`tandem adopt ${BASE}\``),
  });
  expect([leases.told, clouds.calls, leases.cloud.users, leases.cloud.all]).toEqual([[], [], [], []]);
  expect([leases.lease('dora'), await leases.git.head()]).toEqual([undefined, head]);
  expect(await leases.ports.journal.open()).toEqual([]);
});

it('asks about the base where the cloud has none', async () => {
  leases.answer = false;
  await expect(create()).rejects.toMatchObject({ code: 'declined' });
  expect(leases.told).toEqual([expect.stringContaining('cloud north has no base stack yet')]);
  expect(clouds.calls).toEqual([expect.stringContaining(`plan ${BASE}`)]);
});

const DENIED: Finding = { rule: 'untagged', level: 'deny', address: 'pool', reason: 'nobody owns it', owner: null };
const denying =
  (stack: StackId) =>
  (plan: Plan): Plan =>
    plan.stacks.some(({ id }) => id === stack) ? { ...plan, findings: [DENIED] } : plan;

it.each([BASE, LEASE] as const)('fails where a policy denies %s', async (stack) => {
  judge = denying(stack);
  await expect(create()).rejects.toMatchObject({
    code: 'policy-denied',
    message: expect.stringContaining('untagged'),
  });
  expect(clouds.made.get(stack)?.size ?? 0).toBe(0);
});

it('ends a lease whatever policies say of what is in it', async () => {
  // What is there is nobody's project as yet, and ended all the same.
  await expect(create()).rejects.toMatchObject({ code: 'no-project-on-cloud' });
  expect(clouds.made.get(LEASE)).toEqual(new Set(['pool', 'image']));
  judge = denying(LEASE);
  await destroyEnvironment(leases.ports, 'dora');
  expect(clouds.made.get(LEASE)).toEqual(new Set());
});
