import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { memoryFiles } from '../../../lib/config/files.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { runCheck } from '../../../lib/deploy/ladder/run-check.ts';
import type { DeployEvent, DeployOptions, DeployPorts, DeployResult } from '../../../lib/deploy/ports.ts';
import { targetsFor } from '../../../lib/deploy/targets.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { digestOf } from '../../../lib/stack/synthesized.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { minimal, TODAY } from '../config/minimal.ts';
import { checkoutPorts } from './checkout-ports.ts';
import { type FakeWorld, fakeEngine, fakeWorld } from './fake-engine.ts';

const LOWER: readonly StackId[] = ['aws/staging/network', 'aws/staging/cluster'];
const UPPER: readonly StackId[] = ['aws/prod/network', 'aws/prod/cluster'];

let root: string;
let world: FakeWorld;
let ports: DeployPorts;
let now: Date;
let events: DeployEvent[];
let answer: { code: number; said: string };
let checked: (readonly string[])[];
/** What every stack is, as if of a commit. */
let wanted: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-ladder-'));
  world = fakeWorld();
  now = new Date('2026-11-28T08:00:00Z');
  events = [];
  checked = [];
  answer = { code: 0, said: '' };
  wanted = ['x'];
  ports = {
    ...checkoutPorts(world, root, 'here'),
    engines: { cloudformation: fakeEngine(world) },
    now: () => now,
    sleep: async (seconds, signal) => {
      signal.throwIfAborted();
      now = new Date(now.getTime() + seconds * 1000);
    },
    check: async (command) => {
      checked.push(command);
      return answer;
    },
    synthesize: async (definitions, only) => {
      const text = JSON.stringify(wanted);
      return definitions
        .filter(({ id }) => only.has(id))
        .map(({ id, engine, dependsOn, files }) => ({
          ...{ id, engine, dependsOn, files, unresolvedInputs: [], citations: {}, target: {}, text },
          digest: digestOf(text),
        }));
    },
  };
});
afterEach(() => rmSync(root, { recursive: true }));

const after = '{ environment: staging, pauseMinutes: 30, check: [./works, staging] }';
function project(rule = after) {
  const files = minimal();
  const prod = files['config/environments/prod.yaml'] ?? '';
  return loadAndCheck(memoryFiles({ ...files, 'config/environments/prod.yaml': `${prod}\nafter: ${rule}\n` }), TODAY)
    .project!;
}
async function deploy(
  ids: readonly StackId[],
  options: Partial<DeployOptions> = {},
  own = project(),
  destroy = false,
): Promise<DeployResult> {
  const targets = await targetsFor(ports, own, ids, { destroy });
  const common = { verb: 'deploy', signal: new AbortController().signal, confirm: async () => true };
  return await deployStacks(
    ports,
    { project: own, targets },
    { ...common, emit: (event) => void events.push(event), ...options },
  );
}
const applied = () => world.calls.filter((call) => call.startsWith('apply')).map((call) => call.slice('apply '.length));
const stepsOf = async (id: string) =>
  (await ports.journal.entries(id)).flatMap((each) => (each.entry === 'done' ? [each.key] : []));

describe('an environment that comes after another', () => {
  it('is not in the shape of a project that has no such stacks', () => {
    expect(stacksOf(project()).map(({ id }) => id)).toEqual(expect.arrayContaining([...LOWER, ...UPPER]));
  });

  it('fails while that one lacks the commit, and nothing is touched', async () => {
    await expect(deploy(UPPER)).rejects.toMatchObject({
      code: 'ladder-not-taken',
      message: expect.stringMatching(
        /^prod comes after staging, and aws\/staging\/cluster, aws\/staging\/network are not/,
      ),
      next: expect.stringContaining('`tandem deploy staging`'),
    });
    await deploy(LOWER);
    wanted = ['x', 'y'];
    await expect(deploy(UPPER)).rejects.toMatchObject({ code: 'ladder-not-taken' });
    await deploy(LOWER.slice(0, 1));
    await expect(deploy(UPPER)).rejects.toMatchObject({
      message: expect.stringContaining('aws/staging/cluster is not'),
    });
    expect(applied().filter((id) => id.includes('prod'))).toEqual([]);
    expect(await ports.journal.open()).toEqual([]);
  });

  it('follows once it has, after the pause since its last change, and its check', async () => {
    await deploy(LOWER);
    now = new Date(now.getTime() + 10 * 60_000);
    const { operation } = await deploy(UPPER);
    expect(now.toISOString()).toBe('2026-11-28T08:30:00.000Z');
    expect(checked).toEqual([['./works', 'staging']]);
    expect(await stepsOf(operation)).toEqual([
      'pause between staging and prod',
      'check of staging before prod',
      ...UPPER.map((id) => `apply ${id}`),
    ]);
    expect(events).toContainEqual(expect.objectContaining({ text: 'pauses after staging: 20 min left' }));
    wanted = ['x'];
    events.length = 0;
    // Nothing new: neither pause nor check.
    world.made.get('aws/prod/network')?.delete('x');
    await deploy(UPPER);
    expect(checked).toHaveLength(1);
    expect(applied().slice(4)).toEqual(['aws/prod/network']);
  });

  it('comes after all of it where both are deployed at once', async () => {
    await deploy([...UPPER, ...LOWER]);
    expect(applied()).toEqual([...LOWER, ...UPPER]);
    expect(checked).toHaveLength(1);
  });

  it('may be removed, and repaired, at any time', async () => {
    await deploy([...UPPER, ...LOWER]);
    wanted = ['x', 'y'];
    await deploy(UPPER, {}, project(), true);
    expect(await ports.records.read('aws/prod/network')).toBeUndefined();
  });

  it('is deployed all the same in an emergency', async () => {
    await deploy(UPPER, { skipLadder: true });
    expect(applied()).toEqual(UPPER);
    expect(checked).toEqual([]);
  });

  it('fails where the check does; what came before stands, and a resume checks again', async () => {
    answer = { code: 3, said: 'queue is stuck' };
    await expect(deploy([...UPPER, ...LOWER])).rejects.toMatchObject({
      code: 'ladder-check-failed',
      message: expect.stringContaining('`./works staging` failed: queue is stuck'),
    });
    expect(applied()).toEqual(LOWER);
    const [open] = await ports.journal.open();
    answer = { code: 0, said: '' };
    const { operation } = await deploy([...UPPER, ...LOWER], { resumesId: open?.id ?? '' });
    expect([operation, applied()]).toEqual([open?.id, [...LOWER, ...UPPER]]);
    expect(await ports.journal.open()).toEqual([]);
  });

  it('stops in the pause at Ctrl-C, and goes on with what is left of it', async () => {
    const { sleep } = ports;
    const stop = new AbortController();
    ports = {
      ...ports,
      sleep: async (seconds, signal) => {
        await sleep(seconds, signal);
        stop.abort();
        signal.throwIfAborted();
      },
    };
    await expect(deploy([...UPPER, ...LOWER], { signal: stop.signal })).rejects.toMatchObject({
      code: 'interrupted',
      message: expect.stringContaining('step "pause between staging and prod" is unfinished'),
    });
    ports = { ...ports, sleep };
    const [open] = await ports.journal.open();
    await deploy([...UPPER, ...LOWER], { resumesId: open?.id ?? '' });
    expect(now.toISOString()).toBe('2026-11-28T08:30:00.000Z');
    expect(applied()).toEqual([...LOWER, ...UPPER]);
  });
});

describe('a check', () => {
  const run = (...command: string[]) =>
    runCheck(root, { PATH: process.env['PATH'], AWS_SECRET_ACCESS_KEY: 'x' }, command, new AbortController().signal);

  it('is run in the project, without credentials, and tells its last line', async () => {
    expect(await run('sh', '-c', 'echo a; echo "${AWS_SECRET_ACCESS_KEY-none} $PWD"; exit 7')).toEqual({
      code: 7,
      said: `none ${root}`,
    });
    expect(await run('true')).toEqual({ code: 0, said: '' });
  });

  it('fails where there is no such program', async () => {
    expect(await run('./no-such-program')).toMatchObject({
      code: 127,
      said: expect.stringContaining('no-such-program'),
    });
  });
});
