import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DeployPorts } from '../../../lib/deploy/ports.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { stackDeployer } from '../../../lib/dev/deployer.ts';
import { digestOf, type SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { checkoutPorts } from '../deploy/checkout-ports.ts';
import { type FakeWorld, fakeWorld } from '../deploy/fake-engine.ts';
import { makeWorld, type World } from './world.ts';

const BASE = 'openstack/north/base';
let leases: World;
let clouds: FakeWorld;

/** The real deployer, over an engine whose stacks are lists of names. */
beforeEach(() => {
  leases = makeWorld();
  clouds = fakeWorld();
  const text = JSON.stringify(['pool', 'image']);
  const ports: DeployPorts = {
    ...checkoutPorts(clouds, leases.ports.root, 'here'),
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
