import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawsFrom } from '../../../lib/aws-model/random.ts';
import type { LimitOptions } from '../../../lib/aws-model/types.ts';
import type { FleetOutcome } from '../../../lib/fleet/ports.ts';
import type { FleetRequest } from '../../../lib/fleet/request.ts';
import { parseSelector } from '../../../lib/fleet/selectors.ts';
import { replay } from '../../../lib/fleet/track.ts';
import { isWhole } from '../../chaos.ts';
import { fakeCloud } from './world/fake-cloud.ts';
import { type CallFaults, faulty, Killed, mortal } from './world/faults.ts';
import { CLUSTER, planOf, portsOf, run } from './world/operate.ts';
import { truthOf } from './world/truth.ts';
import { World } from './world/world.ts';

const LONGEST_MS = 3_600_000;
/** 10,000 together under `npm run test:chaos`. */
const RUNS = isWhole ? 5000 : Number(process.env['TANDEM_FLEET_RUNS'] ?? 10);
const SEED = process.env['TANDEM_FLEET_SEED'];
const SETTINGS = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

interface Case {
  readonly seed: number;
  readonly machines: number;
  readonly where: string | undefined;
  readonly percent: number;
  readonly request: FleetRequest;
  readonly faults: CallFaults;
  readonly harm: Harm;
  readonly limits: LimitOptions;
}

/** What happens to AWS and to machines when an operation begins. */
interface Harm {
  /** No instance is launched there any more. */
  readonly emptyZone: 'a' | undefined;
  /** Workers that do not come up: the hook of their launch waits until it ends. */
  readonly hangs: number;
  /** Termination hooks that nobody completes. */
  readonly drainHangs: boolean;
  /** Seconds by which clocks of machines are wrong. */
  readonly skew: number;
}

const rung = fc.constantFrom(
  'process',
  'reboot',
  'root-volume',
  'replace',
  'terminate',
  'retire',
  'drain',
  'warm-swap',
);
const share = fc.constantFrom(0, 0, 0.05, 0.2);
const request: fc.Arbitrary<FleetRequest> = fc.record({
  verb: fc.constantFrom('restart', 'replace'),
  rung: rung,
  floorPercent: fc.integer({ min: 0, max: 90 }),
  budget: fc.option(fc.record({ percent: fc.integer({ min: 10, max: 60 }), minutes: fc.integer({ min: 1, max: 8 }) }), {
    nil: undefined,
  }),
  canary: fc.boolean(),
  drainSeconds: fc.constantFrom(20, 900),
  bakeSeconds: fc.constantFrom(0, 30),
});
const where = fc.constantFrom(
  undefined,
  undefined,
  'zone=a',
  'zone!=b and age>1m',
  'zone in (a, c) or state=idle',
  'not (type=m6g.large)',
  'health=healthy and purchase=on-demand',
);
const harm: fc.Arbitrary<Harm> = fc.record({
  emptyZone: fc.constantFrom(undefined, undefined, undefined, 'a'),
  hangs: fc.constantFrom(0, 0, 0, 0.1),
  drainHangs: fc.constantFrom(false, false, false, true),
  skew: fc.constantFrom(0, 0, 30, 3600, -3600),
});
const limits: fc.Arbitrary<LimitOptions> = fc.record({
  scale: fc.constantFrom(1, 1, 0.3, 2),
  othersTake: fc.constantFrom(0, 0, 0.5),
});
const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  machines: fc.integer({ min: 4, max: 16 }),
  where,
  percent: fc.integer({ min: 1, max: 100 }),
  request,
  harm,
  limits,
  faults: fc.record({ throttled: share, before: share, after: share }),
});

/** Codes with which a plan says that it cannot be. */
const NO_PLAN: readonly unknown[] = ['fleet-floor-too-high', 'fleet-floor-stops', 'fleet-nothing-chosen'];

/** A world in which an operation runs under watch: what must never be is looked for at each of its looks. */
async function scene({ seed, machines, where: asks, percent, request: asked, faults, harm: hurts, limits: set }: Case) {
  const world = new World({
    ...{ seed, machines, maximum: machines * 2, jobs: machines * 25, jobSeconds: [20, 100] },
    ...(asked.rung === 'warm-swap' ? { warmPool: { minimum: 3, state: 'Stopped' } } : {}),
  });
  const real = fakeCloud(world);
  const ports = portsOf(world, { cloud: faulty(real, faults, drawsFrom(seed)) });
  const choice = { percent, ...(asks === undefined ? {} : { where: parseSelector(asks) }) };
  const plan = await planOf(world, asked, choice, { ...ports, cloud: real }).catch((error: unknown) => {
    if (NO_PLAN.includes((error as { code?: string }).code)) return undefined;
    throw error;
  });
  harmBy(world, hurts);
  world.model.world.setLimits(set);
  const broken: string[] = [];
  const watch = () => {
    const { serving, desired } = truthOf(world);
    const floor = Math.ceil((desired * asked.floorPercent) / 100);
    if (serving < floor) broken.push(`${serving} serve, the floor is ${floor}`);
  };
  return { world, ports, plan, broken, watch };
}

function harmBy(world: World, { emptyZone, hangs, drainHangs, skew }: Harm): void {
  if (emptyZone !== undefined) {
    for (const { AvailabilityZone: zone } of world.model.ec2.describeSubnets({}).Subnets) {
      if (!zone.endsWith(emptyZone)) continue;
      for (const type of ['m7g.large', 'm6g.large'])
        for (const purchase of ['on-demand', 'spot'] as const)
          world.model.world.setCapacity({ zone, type, purchase, available: 0 });
    }
  }
  world.failingBoots = hangs;
  world.hooksHang = drainHangs;
  for (const [index, id] of [...world.heartbeats.keys()].entries()) if (index % 2 === 0) world.skews.set(id, skew);
}

/** What must be so however an operation ended; and, where it ended, that each machine has an end. */
async function judge(
  { world, ports, broken }: Awaited<ReturnType<typeof scene>>,
  report: FleetOutcome | undefined,
  { limits: { scale = 1, othersTake = 0 }, request: asked, machines }: Case,
  id: string,
) {
  const { stranded, suspended } = truthOf(world);
  const told = replay(await ports.journal.entries(id));
  const all = [...told.machines.values()];
  const hasLimits = scale < 1 || othersTake > 0;
  const { lost, twice, dead } = world.queue.account();
  expect({
    ...{ broken, stranded, suspended, lost, twice, dead },
    throttled: hasLimits ? 0 : (world.throttled.get('tandem') ?? 0),
    withoutEnd: report === undefined ? 0 : all.filter(({ end }) => end === undefined).length,
  }).toEqual({
    ...{ broken: [], stranded: [], suspended: [], lost: 0, twice: 0, dead: 0, throttled: 0, withoutEnd: 0 },
  });
  if (report !== undefined) expect(all).toEqual(report.machines);
  withinBudget(told, asked, machines);
}

function withinBudget(told: ReturnType<typeof replay>, { budget }: FleetRequest, machines: number): void {
  if (budget === undefined) return;
  for (const { at } of told.taken) {
    const window = told.taken.filter((each) => each.at <= at && each.at > at - budget.minutes * 60_000);
    const spent = window.reduce((sum, { count }) => sum + count, 0);
    expect(spent).toBeLessThanOrEqual(Math.floor((machines * budget.percent) / 100));
  }
}

const paused = (error: unknown): undefined => {
  if ((error as { code?: string }).code === 'fleet-paused') return undefined;
  throw error;
};

/** Ends of operations, so that a test that looks at nothing is seen. */
const ends = { planned: 0, ended: 0, paused: 0, killed: 0 };

describe('whatever the fleet, the selector, the request and the faults are', () => {
  test(
    'floor and budget hold, no limit is broken, each machine is accounted for, no job is lost, and the journal tells the same',
    async () => {
      await fc.assert(
        fc.asyncProperty(cases, async (each) => {
          const stage = await scene(each);
          const { ports, plan, watch } = stage;
          if (plan === undefined) return;
          ends.planned += 1;
          const report = await run(ports, { plan, onProgress: watch }).catch(paused);
          ends[report === undefined ? 'paused' : 'ended'] += 1;
          const [operation] = [...(await ports.journal.history(1)), ...(await ports.journal.open())];
          await judge(stage, report, each, operation?.id ?? '');
        }),
        SETTINGS,
      );
      expect(ends.ended).toBeGreaterThan(ends.planned / 3);
    },
    LONGEST_MS,
  );

  test(
    'a run that is killed at any step is gone on with, and nothing is left behind',
    async () => {
      const kill = fc.record({
        at: fc.integer({ min: 1, max: 150 }),
        when: fc.constantFrom('before', 'after'),
        pause: fc.constantFrom(0, 600_000),
      });
      await fc.assert(
        fc.asyncProperty(cases, kill, async (each, { at, when, pause }) => {
          const stage = await scene(each);
          const { world, ports, plan, watch } = stage;
          if (plan === undefined) return;
          const first = await run(mortal(ports, at, when), { plan, onProgress: watch }).catch(
            (error: unknown) => error,
          );
          if (!(first instanceof Killed)) return;
          ends.killed += 1;
          await ports.locks.break(CLUSTER, 'ops@here');
          world.advance(world.now() + pause);
          const [open] = await ports.journal.open();
          if (open === undefined) return;
          const hasPlan = replay(await ports.journal.entries(open.id)).machines.size > 0;
          if (!hasPlan) return;
          const report = await run(ports, { onProgress: watch }).catch(paused);
          await judge(stage, report, each, open.id);
        }),
        SETTINGS,
      );
      expect(ends.killed).toBeGreaterThan(0);
    },
    LONGEST_MS,
  );
});
