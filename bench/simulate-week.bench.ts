import { bareFleet } from '../lib/simulate/baselines/bare-fleet.ts';
import { loadDecide, tandemPolicy } from '../lib/simulate/policy/tandem.ts';
import { BOOT_SECONDS } from '../lib/simulate/report/contenders.ts';
import { simulate } from '../lib/simulate/run/simulation.ts';
import { MADE_WORKLOADS } from '../lib/simulate/workload/made.ts';
import { workloadOf } from '../lib/simulate/workload/workload.ts';
import { type Benchmark, median } from './benchmark.ts';

const MOST_SECONDS = 5;
/** Copies of the made week side by side, for the fleet to be about 500 instances in the evening. */
const COPIES = 4;

/** A week of a fleet of up to 500 instances, in processor time. */
export const benchmark: Benchmark = {
  title: `a simulated week of up to 500 instances, in processor time, against ${MOST_SECONDS} s`,
  atMost: 1,
  measure: async (progress) => {
    const decide = await loadDecide();
    const weeks = Array.from({ length: COPIES }, (_, copy) => MADE_WORKLOADS['social-week'](copy + 1));
    const jobs = weeks.flatMap(({ at, seconds }) =>
      Array.from(at, (come, job) => ({ at: come, seconds: seconds[job] ?? 0 })),
    );
    const workload = workloadOf('weeks', jobs, weeks[0]?.span);
    const runs = [1, 2, 3].map((seed) => {
      const policy = tandemPolicy(decide, { waitSeconds: 120, bootSeconds: BOOT_SECONDS, idleSeconds: 60, slots: 1 });
      const before = process.cpuUsage();
      const { minutes } = simulate({ workload, seed, policy, fleet: bareFleet({ minimum: 10, maximum: 500 }) });
      const { user, system } = process.cpuUsage(before);
      const seconds = (user + system) / 1e6;
      progress(
        `seed ${seed}: ${jobs.length} jobs, at most ${Math.max(...minutes.charged)} instances, ${seconds.toFixed(2)} s`,
      );
      return seconds;
    });
    return { measured: median(runs), yardstick: MOST_SECONDS, unit: 's' };
  },
};
