import { describe, expect, test } from 'vitest';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import { outdated, requireHealthy, requireUnbroken, rolloutsOf } from '../../../lib/fleet/rollouts.ts';
import type { FleetView } from '../../../lib/fleet/view.ts';
import { CLUSTER, planOf, portsOf, run } from './world/operate.ts';
import { truthOf } from './world/truth.ts';
import { World } from './world/world.ts';

const ROLLOUT = { verb: 'rollout', floorPercent: 50, bakeSeconds: 0 } as const;

/** A fleet of 1.0.0 with jobs for hours. */
function fleet() {
  const world = new World({ machines: 8, jobs: 3000, jobSeconds: [20, 40] });
  const ports = portsOf(world);
  return {
    world,
    ports,
    look: async (): Promise<readonly [FleetView, Awaited<ReturnType<typeof rolloutsOf>>]> => [
      await ports.cloud.look(),
      await rolloutsOf(ports.journal, CLUSTER),
    ],
    rollout: async () => await run(ports, { plan: await planOf(world, ROLLOUT, {}, ports), verb: 'rollout' }),
  };
}

/** The same, after a rollout of 2.0.0, of which every job fails. */
async function failed() {
  const all = fleet();
  all.world.programVersion = '2.0.0';
  all.world.brokenPrograms.add('2.0.0');
  await expect(all.rollout()).rejects.toMatchObject({ code: 'fleet-paused' });
  return all;
}

const codeOf = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof TandemError) return error.code;
    throw error;
  }
  return 'none';
};

describe('a version that failed', () => {
  test('is marked by its rollout, and not rolled out again', async () => {
    const { look } = await failed();
    const [view, rollouts] = await look();
    expect(rollouts.verdicts).toMatchObject([{ verdict: 'broken', versions: { program: '2.0.0' }, isOpen: true }]);
    expect(() => requireUnbroken(view, rollouts, 'prod')).toThrow(
      /program 2\.0\.0 failed in the rollout .*: (canary|the)/,
    );
  });

  test('is nothing to go back to while it is what new instances get; the error names what was healthy', async () => {
    const { look } = await failed();
    const [view, rollouts] = await look();
    expect(() => requireHealthy(view, rollouts, 'prod')).toThrow(/the last that was healthy is .*program 1\.0\.0/);
    expect(codeOf(() => requireHealthy(view, rollouts, 'prod'))).toBe('fleet-back-not-deployed');
  });

  test('is ended and gone back from, once an earlier one is deployed', async () => {
    const { world, ports, look, rollout } = await failed();
    world.programVersion = '1.0.0';
    const [view, rollouts] = await look();
    requireHealthy(view, rollouts, 'prod');
    expect(outdated(view, rollouts)).toMatchObject({ versions: { program: '2.0.0' } });
    await run(ports, { verb: 'rollout', closes: true });
    const [later, known] = await look();
    expect(outdated(later, known)).toBeUndefined();
    expect(known.verdicts).toMatchObject([{ verdict: 'broken', isOpen: false }]);
    await rollout();
    const programs = new Set((await ports.cloud.look()).machines.map(({ program }) => program));
    expect([...programs]).toEqual(['1.0.0']);
    expect(truthOf(world)).toMatchObject({ suspended: [], stranded: [] });
    expect(world.queue.account()).toMatchObject({ dead: 0, lost: 0, twice: 0 });
  });

  test('is no longer, where somebody goes on with its rollout and it ends well', async () => {
    const { world, ports, look } = await failed();
    world.brokenPrograms.clear();
    world.advance(world.now() + 30_000);
    const sick = (await ports.cloud.look()).machines.filter(({ heartbeat }) => heartbeat?.state === 'broken');
    for (const command of ['stop', 'start'] as const) {
      world.command(
        sick.map(({ id }) => id),
        command,
      );
      world.advance(world.now() + 60_000);
    }
    await run(ports, { verb: 'rollout' });
    const [view, rollouts] = await look();
    expect(codeOf(() => requireUnbroken(view, rollouts, 'prod'))).toBe('none');
  });
});

describe('going back', () => {
  test('is to what ended well, whatever number its template has now', async () => {
    const { world, look, rollout } = fleet();
    world.programVersion = '1.1.0';
    await rollout();
    const [view, rollouts] = await look();
    expect(rollouts.verdicts).toMatchObject([{ verdict: 'healthy', versions: { program: '1.1.0' } }]);
    const anew = { ...view, machines: [], current: { ...view.current, template: '9' } };
    expect(codeOf(() => requireHealthy(anew, rollouts, 'prod'))).toBe('none');
  });

  test('is to nothing that nobody saw at work', async () => {
    const { look } = fleet();
    const [view, rollouts] = await look();
    const other = { ...view, current: { ...view.current, program: '3.0.0' } };
    expect(codeOf(() => requireHealthy(other, rollouts, 'prod'))).toBe('fleet-version-unproven');
    expect(codeOf(() => requireHealthy({ ...other, machines: [] }, rollouts, 'prod'))).toBe('fleet-no-healthy-version');
  });
});
