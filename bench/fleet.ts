import type { FleetPlan } from '../lib/fleet/plan.ts';
import type { FleetOutcome } from '../lib/fleet/ports.ts';
import type { FleetRequest } from '../lib/fleet/request.ts';
import { operate } from '../test/lib/fleet/world/operate.ts';
import { truthOf } from '../test/lib/fleet/world/truth.ts';
import { World, type WorldOptions } from '../test/lib/fleet/world/world.ts';

/** 500 machines, busy with jobs of half a minute to ten, in virtual time. */
export function busyFleet(options: WorldOptions = {}): World {
  return new World({ machines: 500, maximum: 1000, jobs: 8000, ...options });
}

export interface Played {
  readonly world: World;
  readonly plan: FleetPlan;
  readonly report: FleetOutcome;
  /** Seconds from the first machine of the last stage to the end: canaries are apart. */
  readonly seconds: number;
  /** Seconds of the canaries. */
  readonly canary: number;
  /** What docs/fleet-operations.md says: sums over the waves of slowest drain and slowest boot, and the wait for tokens. */
  readonly bound: number;
}

/** Runs an operation on the oldest machines of a world, and counts its bound from what was realised. */
export async function played(world: World, request: FleetRequest, count: number): Promise<Played> {
  const { plan, report } = await operate(world, request, { count });
  const last = Math.max(...plan.waves.map(({ stage }) => stage));
  const of = new Map(report.machines.map((machine) => [machine.id, machine]));
  const waves = plan.waves
    .filter(({ stage }) => stage === last)
    .map(({ machines }) => machines.flatMap((id) => of.get(id) ?? []));
  const all = waves.flat();
  const begun = Math.min(...all.map(({ drainedAt = Infinity }) => drainedAt));
  const ended = Math.max(...all.map(({ endedAt = 0 }) => endedAt));
  const isReplaced = request.rung === 'replace' || request.rung === 'warm-swap';
  const slowestBoot = Math.max(0, ...(isReplaced ? world.boots : world.reboots));
  const exchange = request.rung === 'root-volume' ? 25 : 0;
  const sums = waves.map((wave) => {
    const drains = wave.map(
      ({ drainedAt = 0, actedAt = 0, terminatedAt }) => ((terminatedAt ?? actedAt) - drainedAt) / 1000,
    );
    return Math.max(...drains) + slowestBoot + exchange;
  });
  const tokens = request.rung === 'root-volume' ? Math.max(0, (count - 50) / 5) : 0;
  const bound = sums.reduce((sum, each) => sum + each, 0) + tokens;
  const seconds = (ended - begun) / 1000;
  return { world, plan, report, seconds, canary: report.seconds - seconds, bound };
}

/** What must not be, whatever an operation takes: one line each. */
export function damagesOf({ world, report }: Pick<Played, 'world' | 'report'>, name: string): string[] {
  const { lost, twice, dead } = world.queue.account();
  const { stranded, suspended } = truthOf(world);
  const facts = {
    ...{
      'lost jobs': lost,
      'jobs with two results': twice,
      'dead jobs': dead,
      'machines left behind': stranded.length,
    },
    ...{
      'processes left suspended': suspended.length,
      'machines that failed': report.failed,
      'throttled calls': report.calls.throttled,
    },
  };
  return Object.entries(facts).flatMap(([what, count]) => (count === 0 ? [] : [`${name}: ${count} ${what}`]));
}
