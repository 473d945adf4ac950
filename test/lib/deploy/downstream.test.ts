import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Project } from '../../../lib/config/project.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { planLive } from '../../../lib/deploy/plan-live.ts';
import type { DeployOptions, DeployPorts, Target } from '../../../lib/deploy/ports.ts';
import type { EnginePlugin } from '../../../lib/engines/plugin.ts';
import { addEngine } from '../../../lib/engines/plugins.ts';
import type { Plan } from '../../../lib/plan/model.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { checkoutPorts } from './checkout-ports.ts';
import { type FakeWorld, fakeEngine, fakeWorld } from './fake-engine.ts';

const GIVER: StackId = 'custom/network';
const TAKER: StackId = 'custom/cluster';
const LAST: StackId = 'custom/alarms';

/** Stacks in memory: `gives X` is a resource that others read, and whoever `takes X` may have to replace its `web`. */
const plugin: Pick<EnginePlugin, 'name' | 'exchange' | 'difference'> = {
  name: 'exchanging',
  exchange: (artefact) => {
    const addresses = JSON.parse(artefact) as string[];
    const named = (word: string) =>
      addresses.flatMap((each) => (each.startsWith(word) ? [each.split(' ', 2)[1]!] : []));
    return {
      gives: () => new Map(named('gives').map((name) => [name, [{ address: `gives ${name}` }]])),
      takes: () => new Set(named('takes')),
    };
  },
  difference: async (_before, after = '[]', renewed = []) =>
    (JSON.parse(after) as string[])
      .filter((each) => renewed.length > 0 && (each === 'web' || each.startsWith('gives')))
      .map((address) => ({
        ...{ address, type: 'thing', action: 'replace', reasons: ['it reads another network'], attributes: [] },
        ...{ noise: false, restarts: [], findings: [] },
      })),
};

let root: string;
let world: FakeWorld;
let ports: DeployPorts;
let removeEngine: () => void;
let asked: Plan[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'tandem-downstream-'));
  world = fakeWorld();
  ports = { ...checkoutPorts(world, root, 'here'), engines: { exchanging: fakeEngine(world) } };
  removeEngine = addEngine(plugin as EnginePlugin);
  asked = [];
  await deploy([
    target(TAKER, ['takes vpc', 'web', 'gives queue']),
    target(LAST, ['takes queue', 'web']),
    target(GIVER, ['old']),
  ]);
  asked.length = world.calls.length = 0;
});
afterEach(() => {
  removeEngine();
  rmSync(root, { recursive: true });
});

// Nothing but what they read says that one comes after the other.
const target = (id: StackId, addresses: string[]): Target => {
  const text = JSON.stringify(addresses);
  const head = { id, engine: 'exchanging', dependsOn: [], unresolvedInputs: [], files: [], citations: {} };
  return {
    stack: { ...head, target: { project: 'dev' }, text, digest: digestOf(text) } satisfies SynthesizedStack,
    destroy: false,
  };
};
const targets = [
  target(TAKER, ['takes vpc', 'web', 'gives queue']),
  target(LAST, ['takes queue', 'web']),
  target(GIVER, ['gives vpc']),
];
const project = { places: {} } as unknown as Project;
const deploy = (own: Target[], options: Partial<DeployOptions> = {}) =>
  deployStacks(
    ports,
    { project, targets: own },
    {
      ...{ verb: 'deploy', signal: new AbortController().signal, emit: () => undefined },
      confirm: async (plan) => asked.push(plan) > 0,
      ...options,
    },
  );

/** What happens to the takers once the network is another. */
function onGiven(change: () => void): void {
  world.onMake = (address) => {
    if (address === 'gives vpc') change();
    return undefined;
  };
}

test('what reads what another changes says so beforehand, comes after it, and is planned again then', async () => {
  onGiven(() => world.made.get(TAKER)?.delete('web'));
  await deploy(targets);
  expect(asked).toHaveLength(1);
  const shown = new Map(asked[0]?.stacks.map((stack) => [stack.id, stack]));
  expect(shown.get(TAKER)).toMatchObject({
    after: [{ stack: GIVER, reason: '1 deleted, 1 created there; it gives another vpc' }],
    changes: [
      { address: 'web', action: 'replace', reasons: ['it reads another network'] },
      { address: 'gives queue', action: 'replace' },
    ],
  });
  // However far below.
  expect(shown.get(LAST)).toMatchObject({ after: [{ stack: TAKER }], status: 'changed' });
  expect(world.calls.slice(3)).toEqual([...[`apply ${GIVER}`, `plan ${TAKER}`, `apply ${TAKER}`], `plan ${LAST}`]);
  expect(world.made.get(TAKER)).toContain('web');
});

test('what is more than that is asked about, and nothing of it is done where the answer is no', async () => {
  onGiven(() => world.made.get(TAKER)?.add('surprise'));
  const confirm = async (plan: Plan) => asked.push(plan) === 1;
  await expect(deploy(targets, { confirm })).rejects.toMatchObject({ code: 'declined' });
  expect(asked[1]?.stacks).toMatchObject([{ id: TAKER, changes: [{ address: 'surprise', action: 'delete' }] }]);
  expect(world.made.get(TAKER)).toContain('surprise');
  expect(world.calls).not.toContain(`apply ${TAKER}`);
});

test('what is more than that waits for a second approval, with what comes after it', async () => {
  onGiven(() => world.made.get(TAKER)?.add('surprise'));
  const { stacks, waiting } = await deploy(targets, { stopsWaiting: true });
  expect(waiting).toEqual([{ stack: TAKER, beyond: ['delete surprise'] }]);
  expect(Object.fromEntries(stacks.map(({ id, outcome }) => [id, outcome]))).toEqual({
    [GIVER]: 'applied',
    [TAKER]: 'waiting',
    [LAST]: 'skipped',
  });
});

test('is told to whoever only looks', async () => {
  const { stacks } = await planLive(
    ports,
    { project, targets },
    { signal: new AbortController().signal, parallelism: 1 },
  );
  expect(stacks.filter(({ after }) => after !== undefined).map(({ id }) => id)).toEqual([LAST, TAKER]);
});
