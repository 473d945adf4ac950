import type { FleetRequest } from '../lib/fleet/request.ts';
import type { Rung } from '../lib/fleet/rungs.ts';
import { operate } from '../test/lib/fleet/world/operate.ts';
import { type Benchmark, median } from './benchmark.ts';
import { busyFleet } from './fleet.ts';

const RUNS = 500;
const RUNGS: readonly Rung[] = ['process', 'reboot', 'root-volume', 'replace', 'terminate'];

/** Operations on fleets of many sizes, each with a seed of its own: how often the end lies within what the plan said. */
export const benchmark: Benchmark = {
  title: `forecasts of ${RUNS} seeded operations: the median error, against 15 percent`,
  atMost: 1,
  measure: async (progress) => {
    const errors: number[] = [];
    let within = 0;
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const machines = 10 + (seed % 5) * 10;
      const request: FleetRequest = {
        ...{
          verb: 'restart',
          rung: RUNGS[seed % RUNGS.length],
          floorPercent: 30 + (seed % 4) * 15,
          canary: seed % 3 > 0,
        },
      };
      const world = busyFleet({ seed, machines, maximum: machines * 2, jobs: machines * 20 });
      const { plan, report } = await operate(world, request, { percent: 60 });
      const { seconds, low, high } = plan.forecast;
      if (report.seconds >= low && report.seconds <= high) within += 1;
      errors.push(Math.abs(report.seconds - seconds) / report.seconds);
      if (seed % 100 === 0) progress(`${seed}: ${within} within, median error ${(median(errors) * 100).toFixed(1)} %`);
    }
    const share = within / RUNS;
    const isBroken = share < 0.85 || share > 0.95;
    const broken = isBroken ? [`${(share * 100).toFixed(1)} % within the interval of 90 %, not 85 to 95`] : [];
    progress(`${(share * 100).toFixed(1)} % within the interval`);
    return { measured: median(errors) * 100, yardstick: 15, unit: '%', broken };
  },
};
