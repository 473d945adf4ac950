import { replay } from '../lib/fleet/track.ts';
import { Killed, mortal } from '../test/lib/fleet/world/faults.ts';
import { CLUSTER, planOf, portsOf, run } from '../test/lib/fleet/world/operate.ts';
import { truthOf } from '../test/lib/fleet/world/truth.ts';
import type { Benchmark } from './benchmark.ts';
import { busyFleet } from './fleet.ts';

const MACHINES = 12;
const RUNGS = ['process', 'reboot', 'root-volume', 'replace', 'terminate', 'warm-swap'] as const;
type Rung = (typeof RUNGS)[number];

interface Damage {
  lost: number;
  twice: number;
  unaccounted: number;
}

/** Kills an operation at its n-th call of cloud or journal, and goes on with it. Undefined where it had no such call. */
async function killedAt(rung: Rung, at: number, when: 'before' | 'after'): Promise<Damage | undefined> {
  const world = busyFleet({
    ...{ seed: at, machines: MACHINES, maximum: 2 * MACHINES, jobs: MACHINES * 15, jobSeconds: [20, 100] },
    ...(rung === 'warm-swap' ? { warmPool: { minimum: 3, state: 'Stopped' } as const } : {}),
  });
  const ports = portsOf(world);
  const plan = await planOf(world, { verb: 'replace', rung, floorPercent: 50, bakeSeconds: 0 }, {}, ports);
  const first = await run(mortal(ports, at, when), { plan }).catch((error: unknown) => error);
  if (!(first instanceof Killed)) return undefined;
  await ports.locks.break(CLUSTER, 'ops@here');
  const [open] = await ports.journal.open();
  // Killed after its end was written: nothing is left to go on with.
  const told = open === undefined ? undefined : replay(await ports.journal.entries(open.id));
  if (open !== undefined && told !== undefined && told.machines.size > 0) await run(ports, {});
  const after = open === undefined ? undefined : replay(await ports.journal.entries(open.id));
  const { stranded, suspended } = truthOf(world);
  const withoutEnd = [...(after?.machines.values() ?? [])].filter(({ end }) => end === undefined).length;
  const { lost, twice } = world.queue.account();
  return { lost, twice, unaccounted: stranded.length + suspended.length + withoutEnd };
}

/** Every step of an operation by each rung, killed before and after its effect. */
export const benchmark: Benchmark = {
  title: 'lost jobs, jobs with two results and machines unaccounted for after a crash at any step, against none',
  atMost: 0,
  measure: async (progress) => {
    const all = { lost: 0, twice: 0, unaccounted: 0 };
    for (const rung of RUNGS) {
      let kills = 0;
      for (const when of ['before', 'after'] as const) {
        for (let at = 1; ; at += 1) {
          const damage = await killedAt(rung, at, when);
          if (damage === undefined) break;
          kills += 1;
          all.lost += damage.lost;
          all.twice += damage.twice;
          all.unaccounted += damage.unaccounted;
        }
      }
      progress(
        `${rung}: ${kills} kills; so far ${all.lost} lost, ${all.twice} twice, ${all.unaccounted} unaccounted for`,
      );
    }
    return { measured: all.lost + all.twice + all.unaccounted, yardstick: 1, unit: 'faults' };
  },
};
