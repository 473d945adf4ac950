import { describe, expect, it, onTestFinished } from 'vitest';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { stepScaling } from '../../../lib/simulate/baselines/step-scaling.ts';
import { targetTracking } from '../../../lib/simulate/baselines/target-tracking.ts';
import type { FleetDefinition } from '../../../lib/simulate/fleet/definition.ts';
import { quantile } from '../../../lib/simulate/measure/waits.ts';
import { simulate } from '../../../lib/simulate/run/simulation.ts';
import { workloadOf } from '../../../lib/simulate/workload/workload.ts';
import { rig } from '../../lab/aws/rig.ts';
import { makeFleet } from './api-fleet.ts';
import { ApiWorkers } from './api-workers.ts';

const [MINUTE, POLL_MS] = [60_000, 10_000];
const BEGIN = Date.UTC(2026, 10, 23);
const MINUTES = 65;
/** A wave of long jobs, a trickle, and a wave of short ones. */
const WORKLOAD = workloadOf(
  'waves',
  [
    { at: 170, seconds: 150, size: 60 },
    ...Array.from({ length: 10 }, (_, index) => ({ at: 1000 + 60 * index, seconds: 45 })),
    { at: 2105, seconds: 25, size: 40 },
  ],
  MINUTES * 60,
);
const SIZES = { minimum: 1, maximum: 40 };
const SEEDS = [1, 2, 3, 4, 5, 6];
/** Boots take from 40 to 80 s by chance, and who is asked for a job is chance: what is told of a minute may be told of its neighbour, and one instance more or less. */
const TOLERANCE = { minutes: 1, instances: 1, waitSeconds: 30 };

/** What is seen from outside. All but waits is minute by minute, at its end. */
interface Course {
  readonly desired: readonly number[];
  /** Instances that were launched, and that began to go, since the beginning. */
  readonly launched: readonly number[];
  readonly ended: readonly number[];
  /** Seconds that jobs waited: the 50th and the 95th percentile. The longest is of one job, and chance. */
  readonly waits: readonly number[];
}

/** @param moments - milliseconds since 1970 */
function soFar(moments: readonly number[], begin: number): number[] {
  return Array.from(
    { length: MINUTES },
    (_, minute) => moments.filter((at) => at <= begin + (minute + 1) * MINUTE).length,
  );
}

function waitsOf(seconds: readonly number[]): number[] {
  const ascending = Float64Array.from(seconds).sort();
  return [0.5, 0.95].map((share) => quantile(ascending, share));
}

/** By calls of AWS's clients alone, while the endpoint's own clock goes on. */
async function deployedCourse(fleet: FleetDefinition): Promise<Course> {
  const clock = new VirtualClock({ rate: 0, start: BEGIN });
  const { endpoint, config } = await rig({ clock });
  onTestFinished(() => endpoint.close());
  const api = await makeFleet(config, fleet);
  const workers = new ApiWorkers(api, WORKLOAD, BEGIN);
  const desired: number[] = [];
  for (let now = BEGIN; now < BEGIN + MINUTES * MINUTE; ) {
    const next = Math.min(workers.nextAfter(now), (Math.floor(now / POLL_MS) + 1) * POLL_MS);
    await clock.advance(next - now);
    now = next;
    const seen = await workers.work(now);
    if (now % MINUTE === 0) desired.push(seen);
  }
  expect(workers.waits).toHaveLength(WORKLOAD.at.length);
  const activities = await api.activities();
  const moments = (what: string): number[] =>
    activities.flatMap(({ Description = '', StartTime }) =>
      Description.startsWith(what) && StartTime !== undefined ? StartTime.getTime() : [],
    );
  return {
    ...{ desired, waits: waitsOf(workers.waits) },
    ...{ launched: soFar(moments('Launching'), BEGIN), ended: soFar(moments('Terminating'), BEGIN) },
  };
}

function simulatedCourse(fleet: FleetDefinition, seed: number): Course {
  const { minutes, stretches, jobs, begin } = simulate({ workload: WORKLOAD, fleet, seed, begin: BEGIN });
  return {
    desired: minutes.desired.slice(0, MINUTES),
    launched: soFar(
      stretches.map(({ from }) => from),
      begin,
    ),
    ended: soFar(
      stretches.map(({ to }) => to),
      begin,
    ),
    waits: waitsOf([...jobs.started].map((at, job) => (at - begin) / 1000 - (WORKLOAD.at[job] ?? 0))),
  };
}

/** Least and most of what a minute and its neighbours have, under all seeds. */
function around(series: readonly (readonly number[])[], minute: number, minutes: number): [number, number] {
  const near = series.flatMap((each) => each.slice(Math.max(0, minute - minutes), minute + minutes + 1));
  return [Math.min(...near), Math.max(...near)];
}

describe.each([targetTracking(SIZES, { target: 4 }), stepScaling(SIZES, { jobs: 4 })])('$name', ({ name, fleet }) => {
  it('does on the endpoint, by its API, as the simulator says', async () => {
    const deployed = await deployedCourse(fleet);
    const simulated = SEEDS.map((seed) => simulatedCourse(fleet, seed));
    process.stdout.write(`desired, ${name}: ${deployed.desired.join(' ')}; waits ${deployed.waits.join(' ')} s\n`);
    for (const key of ['desired', 'launched', 'ended'] as const)
      for (const [minute, value] of deployed[key].entries()) {
        const [least, most] = around(
          simulated.map((each) => each[key]),
          minute,
          TOLERANCE.minutes,
        );
        expect(value, `${key}, minute ${minute}`).toBeGreaterThanOrEqual(least - TOLERANCE.instances);
        expect(value, `${key}, minute ${minute}`).toBeLessThanOrEqual(most + TOLERANCE.instances);
      }
    for (const [index, wait] of deployed.waits.entries()) {
      const [least, most] = around(
        simulated.map(({ waits }) => waits),
        index,
        0,
      );
      expect(wait).toBeGreaterThanOrEqual(least - TOLERANCE.waitSeconds);
      expect(wait).toBeLessThanOrEqual(most + TOLERANCE.waitSeconds);
    }
    // Something happened at all.
    expect(Math.max(...deployed.desired)).toBeGreaterThan(10);
    expect(deployed.desired.at(-1)).toBe(SIZES.minimum);
  });
});
