import { bareFleet } from '../lib/simulate/baselines/bare-fleet.ts';
import type { FleetDefinition } from '../lib/simulate/fleet/definition.ts';
import { waitsOf } from '../lib/simulate/measure/waits.ts';
import { loadDecide, tandemPolicy } from '../lib/simulate/policy/tandem.ts';
import { BOOT_SECONDS } from '../lib/simulate/report/contenders.ts';
import { simulate } from '../lib/simulate/run/simulation.ts';
import { MADE_WORKLOADS } from '../lib/simulate/workload/made.ts';
import type { Benchmark } from './benchmark.ts';
import { type Burst, boundOf } from './scaling/bound.ts';

const SIZES = { minimum: 10, maximum: 500 } as const;
/** The defaults of `cluster.scaling.scaler`. */
const SETTINGS = { waitSeconds: 120, bootSeconds: BOOT_SECONDS, idleSeconds: 60, slots: 1 } as const;
/** Mean seconds until a worker takes jobs, as the model has it: a boot, and the worker's start. */
const CASES = [
  { name: 'without a warm pool', bootSeconds: BOOT_SECONDS, warm: 0 },
  { name: 'with a warm pool', bootSeconds: 35, warm: SIZES.maximum - SIZES.minimum },
] as const;

/** 700,000 requests within ten seconds, on 10 to 500 instances: how far from what boot time and maximum allow. */
export const benchmark: Benchmark = {
  title: 'p95 wait and time to clear a burst, against the bound of boot time and maximum',
  atMost: 1.1,
  measure: async (progress) => {
    const workload = MADE_WORKLOADS.burst(1);
    const decide = await loadDecide();
    const ratios = CASES.flatMap(({ name, bootSeconds, warm }) => {
      const fleet = bareFleet(SIZES);
      const { AutoScalingGroupName } = fleet.group;
      const warmPool: FleetDefinition['warmPool'] = { AutoScalingGroupName, MinSize: warm, PoolState: 'Stopped' };
      const simulated = simulate({
        ...{ workload, slots: SETTINGS.slots, policy: tandemPolicy(decide, SETTINGS) },
        fleet: warm === 0 ? fleet : { ...fleet, warmPool },
      });
      const last = simulated.jobs.started.reduce((latest, each) => Math.max(latest, each), 0);
      const cleared = (last - simulated.begin) / 1000 - (workload.at[0] ?? 0);
      const seen: Burst = { p95: waitsOf(simulated).p95, cleared };
      const bound = boundOf(workload, SIZES.maximum, bootSeconds);
      progress(`${name}: p95 ${told('p95', seen, bound)}, cleared after ${told('cleared', seen, bound)}`);
      return [seen.p95 / bound.p95, seen.cleared / bound.cleared];
    });
    return { measured: Math.max(...ratios), yardstick: 1, unit: 'times the bound' };
  },
};

function told(what: keyof Burst, seen: Burst, bound: Burst): string {
  return `${seen[what].toFixed(0)} s, bound ${bound[what].toFixed(0)} s`;
}
