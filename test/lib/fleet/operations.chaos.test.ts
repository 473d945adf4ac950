import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generator } from '../../../lib/fleet/forecast.ts';
import type { FleetReport } from '../../../lib/fleet/ports.ts';
import type { FleetRequest } from '../../../lib/fleet/request.ts';
import { replay } from '../../../lib/fleet/track.ts';
import { fakeCloud } from './world/fake-cloud.ts';
import { type CallFaults, faulty, Killed, mortal } from './world/faults.ts';
import { CLUSTER, planOf, portsOf, run } from './world/operate.ts';
import { truthOf } from './world/truth.ts';
import { World } from './world/world.ts';

const isWhole = process.env['TANDEM_CHAOS'] === 'all';
/** Whole, each of the two takes most of an hour of a busy machine. */
const LONGEST_MS = 3 * 3_600_000;
const RUNS = isWhole ? 5000 : Number(process.env['TANDEM_FLEET_RUNS'] ?? 10);

interface Case {
  readonly seed: number;
  readonly machines: number;
  readonly percent: number;
  readonly request: FleetRequest;
  readonly faults: CallFaults;
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
const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  machines: fc.integer({ min: 4, max: 16 }),
  percent: fc.integer({ min: 1, max: 100 }),
  request,
  faults: fc.record({ throttled: share, before: share, after: share }),
});

/** A world in which an operation runs under watch: what must never be is looked for at each of its looks. */
async function scene({ seed, machines, percent, request: asked, faults }: Case) {
  const world = new World({
    ...{ seed, machines, maximum: machines * 2, jobs: machines * 25, jobSeconds: [20, 100] },
    ...(asked.rung === 'warm-swap' ? { warmPool: { minimum: 3, state: 'Stopped' } } : {}),
  });
  const real = fakeCloud(world);
  const ports = portsOf(world, { cloud: faulty(real, faults, generator(seed)) });
  const plan = await planOf(world, asked, { percent }, { ...ports, cloud: real }).catch(() => undefined);
  const broken: string[] = [];
  const watch = () => {
    const { serving, desired } = truthOf(world);
    const floor = Math.ceil((desired * asked.floorPercent) / 100);
    if (serving < floor) broken.push(`${serving} serve, the floor is ${floor}`);
  };
  return { world, ports, plan, broken, watch };
}

async function judge(
  { world, ports, broken }: Awaited<ReturnType<typeof scene>>,
  report: FleetReport | undefined,
  id: string,
) {
  const { stranded, suspended } = truthOf(world);
  const entries = await ports.journal.entries(id);
  const told = replay(entries);
  expect({ broken, stranded, suspended }).toEqual({ broken: [], stranded: [], suspended: [] });
  if (report !== undefined) expect([...told.machines.values()]).toEqual(report.machines);
  expect([...told.machines.values()].filter(({ end }) => end === undefined)).toEqual([]);
  const { lost, twice, dead } = world.queue.account();
  expect({ lost, twice, dead }).toEqual({ lost: 0, twice: 0, dead: 0 });
}

function withinBudget(entries: ReturnType<typeof replay>, { budget }: FleetRequest, machines: number): void {
  if (budget === undefined) return;
  for (const { at } of entries.taken) {
    const window = entries.taken.filter((each) => each.at <= at && each.at > at - budget.minutes * 60_000);
    const spent = window.reduce((sum, { count }) => sum + count, 0);
    expect(spent).toBeLessThanOrEqual(Math.floor((machines * budget.percent) / 100));
  }
}

const unexpected = (error: unknown): undefined => {
  if (['fleet-paused'].includes((error as { code?: string }).code ?? '')) return undefined;
  throw error;
};

describe('whatever the fleet, the request and the faults are', () => {
  test(
    'floor and budget hold, each machine is accounted for, no job is lost, and the journal tells the same',
    async () => {
      await fc.assert(
        fc.asyncProperty(cases, async (each) => {
          const stage = await scene(each);
          const { ports, plan, watch } = stage;
          if (plan === undefined) return;
          const report = await run(ports, { plan, onProgress: watch }).catch(unexpected);
          const [operation] = [...(await ports.journal.history(1)), ...(await ports.journal.open())];
          if (report === undefined) return;
          await judge(stage, report, operation?.id ?? '');
          withinBudget(replay(await ports.journal.entries(operation?.id ?? '')), each.request, each.machines);
        }),
        { numRuns: RUNS },
      );
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
          await ports.locks.break(CLUSTER, 'ops@here');
          world.advance(world.now() + pause);
          const [open] = await ports.journal.open();
          if (open === undefined) return;
          const hasPlan = replay(await ports.journal.entries(open.id)).machines.size > 0;
          if (!hasPlan) return;
          const report = await run(ports, { onProgress: watch }).catch(unexpected);
          if (report !== undefined) await judge(stage, report, open.id);
        }),
        { numRuns: RUNS },
      );
    },
    LONGEST_MS,
  );
});
