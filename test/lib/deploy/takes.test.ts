import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployEventSchema } from '../../../lib/actions/deploy/schema.ts';
import type { Project } from '../../../lib/config/project.ts';
import { semanticDigest } from '../../../lib/deploy/bundle/semantic.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { planLive } from '../../../lib/deploy/plan-live.ts';
import type { DeployEvent, DeployPorts, Target } from '../../../lib/deploy/ports.ts';
import type { EnginePlugin } from '../../../lib/engines/plugin.ts';
import { addEngine } from '../../../lib/engines/plugins.ts';
import type { Plan } from '../../../lib/plan/model.ts';
import { planOffline } from '../../../lib/plan/plan.ts';
import { renderText } from '../../../lib/plan/render/text.ts';
import { planSchema } from '../../../lib/plan/schema.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { digestOf, type Take } from '../../../lib/stack/synthesized.ts';
import { checkoutPorts } from './checkout-ports.ts';
import { type FakeWorld, fakeEngine, fakeWorld } from './fake-engine.ts';

const ADDRESSES: StackId = 'openstack/lab/link-addresses';
const AWS: StackId = 'aws/staging/link';
const GATEWAYS: StackId = 'openstack/lab/link';

let root: string;
let world: FakeWorld;
let ports: DeployPorts;
let removeEngine: () => void;
let asked: Plan[];
let events: DeployEvent[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-takes-'));
  world = fakeWorld();
  ports = { ...checkoutPorts(world, root, 'here'), engines: { linked: fakeEngine(world) } };
  removeEngine = addEngine({ name: 'linked', difference } as unknown as EnginePlugin);
  asked = [];
  events = [];
  // A cloud tells an address once it has made it.
  world.onMake = (address) => {
    if (address === 'address') world.outputs?.set(ADDRESSES, { gateway_1_address: '203.0.113.5' });
    if (address === 'connection') world.outputs?.set(AWS, { TunnelAddress11: '198.51.100.7' });
    return undefined;
  };
});
afterEach(() => {
  removeEngine();
  for (const event of events) expect(deployEventSchema.safeParse(event).error?.issues).toBeUndefined();
  rmSync(root, { recursive: true });
});

const differenceOf = (_engine: string, before?: string, after?: string) => difference(before, after);
const difference = async (before = '[]', after = '[]') =>
  (JSON.parse(after) as string[])
    .filter((each) => !(JSON.parse(before) as string[]).includes(each))
    .map((address) => ({
      ...{ address, type: 'thing', action: 'create' as const, reasons: [], attributes: [] },
      ...{ noise: false, restarts: [], findings: [] },
    }));

function target(id: StackId, addresses: string[], takes: readonly Take[] = []): Target {
  const text = JSON.stringify(addresses);
  const head = { id, engine: 'linked', unresolvedInputs: [], files: [], target: {}, citations: {} };
  const dependsOn = [...new Set(takes.map(({ from }) => from))];
  return {
    stack: { ...head, dependsOn, ...(takes.length === 0 ? {} : { takes }), text, digest: digestOf(text) },
    destroy: false,
  };
}

const addresses = target(ADDRESSES, ['address']);
const aws = target(AWS, ['connection'], [{ name: 'GatewayAddress1', from: ADDRESSES, output: 'gateway_1_address' }]);
const gateways = target(GATEWAYS, ['gateway'], [{ name: 'tunnel_11', from: AWS, output: 'TunnelAddress11' }]);
const project = { places: {}, environments: new Map() } as unknown as Project;
const signal = () => new AbortController().signal;
const deploy = async (targets: Target[]) => {
  const confirm = async (plan: Plan) => asked.push(plan) > 0;
  const options = { verb: 'deploy', signal: signal(), emit: (event: DeployEvent) => void events.push(event), confirm };
  const { stacks } = await deployStacks(ports, { project, targets }, options);
  return Object.fromEntries(stacks.map(({ id, outcome }) => [id, outcome]));
};
const live = (targets: Target[]) => planLive(ports, { project, targets }, { signal: signal(), parallelism: 1 });
const stackIn = (plan: Plan | undefined, id: StackId) => plan?.stacks.find((stack) => stack.id === id);

test('one deploy goes back and forth between two clouds, each stack with what the one before it gave', async () => {
  expect(await deploy([gateways, aws, addresses])).toEqual({
    ...{ [ADDRESSES]: 'applied', [AWS]: 'applied', [GATEWAYS]: 'applied' },
  });
  expect(world.calls).toEqual([
    ...[`plan ${ADDRESSES}`, `apply ${ADDRESSES}`],
    ...[`plan ${AWS} adopt GatewayAddress1=203.0.113.5`, `apply ${AWS}`],
    ...[`plan ${GATEWAYS} adopt tunnel_11=198.51.100.7`, `apply ${GATEWAYS}`],
  ]);
  // Asked once: what was shown as waiting is what was made.
  expect(asked).toHaveLength(1);
  expect(stackIn(asked[0], GATEWAYS)).toMatchObject({
    status: 'waiting',
    unresolvedInputs: [{ name: 'TunnelAddress11', from: AWS }],
  });
  // Neither record nor artefact holds a value.
  expect((await ports.records.read(AWS))?.artefact).toBe('["connection"]');
  world.calls.length = 0;
  expect(await deploy([gateways, aws, addresses])).toEqual({
    ...{ [ADDRESSES]: 'unchanged', [AWS]: 'unchanged', [GATEWAYS]: 'unchanged' },
  });
  expect(world.calls).toContain(`plan ${GATEWAYS} tunnel_11=198.51.100.7`);
});

test('a side alone is deployed as far as it goes: what lacks a value waits, and nobody is asked about it', async () => {
  expect(await deploy([addresses, gateways])).toEqual({ [ADDRESSES]: 'applied', [GATEWAYS]: 'waiting' });
  expect(events).toContainEqual(
    expect.objectContaining({
      ...{ kind: 'stack', stack: GATEWAYS, phase: 'waiting' },
      reason: `it takes TunnelAddress11 from ${AWS}, and not all of them are there`,
    }),
  );
  asked.length = 0;
  expect(await deploy([gateways])).toEqual({ [GATEWAYS]: 'waiting' });
  expect(asked).toEqual([]);
  expect(world.calls.filter((call) => call.endsWith(GATEWAYS))).toEqual([]);
  const plan = await live([addresses, gateways]);
  expect(stackIn(plan, GATEWAYS)).toMatchObject({
    status: 'waiting',
    unresolvedInputs: [{ name: 'TunnelAddress11', from: AWS }],
    changes: [{ address: 'gateway', action: 'create' }],
  });
});

test('an output that is there and empty is waited for as well', async () => {
  await deploy([addresses, aws]);
  world.outputs?.set(AWS, { TunnelAddress11: '' });
  expect(await deploy([gateways])).toEqual({ [GATEWAYS]: 'waiting' });
});

test('a plan shows the values that it was made with, which its digests leave out', async () => {
  await deploy([addresses]);
  const plan = await live([aws]);
  const inputs = [{ name: 'GatewayAddress1', from: ADDRESSES, value: '203.0.113.5' }];
  expect(stackIn(plan, AWS)?.inputs).toEqual(inputs);
  expect(renderText(plan, { colors: pc.createColors(false), verbose: false })).toContain(
    `takes GatewayAddress1 203.0.113.5 from ${ADDRESSES}`,
  );
  expect(planSchema.parse(plan)).toEqual(plan);
  world.outputs?.set(ADDRESSES, { gateway_1_address: '203.0.113.9' });
  expect(semanticDigest(await live([aws]))).toBe(semanticDigest(plan));
});

test('what gives is made anew: who takes of it is planned again after it, with the new value', async () => {
  await deploy([addresses, aws]);
  world.made.get(ADDRESSES)?.clear();
  world.onMake = () => void world.outputs?.set(ADDRESSES, { gateway_1_address: '203.0.113.9' });
  asked.length = world.calls.length = 0;
  await deploy([addresses, aws]);
  expect(stackIn(asked[0], AWS)?.after).toEqual([
    { stack: ADDRESSES, reason: '1 created there; it gives another gateway_1_address' },
  ]);
  expect(world.calls.at(-1)).toBe(`plan ${AWS} GatewayAddress1=203.0.113.9`);
});

test('offline, what takes of a stack that is not in the base waits for it', async () => {
  const base = { kind: 'empty', ref: '', stacks: new Map() } as const;
  const stacks = [addresses.stack, aws.stack];
  const plan = await planOffline({ project, stacks, gone: [], base, git: ports.git, difference: differenceOf });
  expect(stackIn(plan, AWS)).toMatchObject({
    status: 'waiting',
    unresolvedInputs: [{ name: 'gateway_1_address', from: ADDRESSES }],
  });
  expect(stackIn(plan, ADDRESSES)?.status).toBe('changed');
});

test('what takes is removed when what gave is gone', async () => {
  await deploy([addresses, aws]);
  await deployStacks(
    ports,
    { project, targets: [{ ...addresses, destroy: true }] },
    { verb: 'destroy', signal: signal(), emit: () => undefined, confirm: async () => true },
  );
  world.calls.length = 0;
  const { stacks } = await deployStacks(
    ports,
    { project, targets: [{ ...aws, destroy: true }] },
    { verb: 'destroy', signal: signal(), emit: () => undefined, confirm: async () => true },
  );
  expect(stacks).toMatchObject([{ id: AWS, outcome: 'destroyed' }]);
  expect(world.calls).toEqual([`plan ${AWS}`, `apply ${AWS}`]);
});
