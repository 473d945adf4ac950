import { bareFleet } from '../lib/simulate/baselines/bare-fleet.ts';
import { moneyOf } from '../lib/simulate/measure/money.ts';
import { waitsOf } from '../lib/simulate/measure/waits.ts';
import { loadDecide, tandemPolicy } from '../lib/simulate/policy/tandem.ts';
import { BOOT_SECONDS } from '../lib/simulate/report/contenders.ts';
import { forecastCases } from '../lib/simulate/report/forecasts.ts';
import { simulate } from '../lib/simulate/run/simulation.ts';
import type { Forecast } from '../packages/fleet-scaler/src/types.ts';
import type { Benchmark } from './benchmark.ts';
import { meanLoad, TRACE_NAMES, type Trace, traceOf, whyNoTraces } from './scaling/traces.ts';

const MAXIMUM = 500;
/** Jobs shall wait for less than a boot takes: else nothing is forecast. */
const SETTINGS = { waitSeconds: 5, bootSeconds: BOOT_SECONDS, idleSeconds: 60 } as const;
/** How else than by a forecast waits become shorter: instances held ready, in percent of the mean load. */
const FLOORS = [0, 25, 50, 75, 100, 150, 200, 300] as const;
/** Waits differ by chance, since other instances do the jobs. */
const isSameWait = (one: number, other: number): boolean => one <= 1.02 * other + 1;

/** Tandem's policy with forecasts that are wrong by 0 to 200 %, and with what it learns, against the same without one at the same wait. */
export const benchmark: Benchmark = {
  title: `instance time with a forecast, right or wrong by up to 200 %, against none at the same p95, on ${TRACE_NAMES.length} traces`,
  atMost: 1.05,
  unavailable: async () => Promise.resolve(whyNoTraces()),
  measure: async (progress) => {
    const decide = await loadDecide();
    const none: Forecast = () => undefined;
    const seen = (trace: Trace, floor: number, forecast: Forecast | undefined): Seen => {
      const { workload, slots } = trace;
      const minimum = Math.round((floor / 100) * meanLoad(trace));
      const policy = tandemPolicy(decide, { ...SETTINGS, slots }, forecast);
      const simulated = simulate({ workload, slots, fleet: bareFleet({ minimum, maximum: MAXIMUM }), policy });
      return { hours: moneyOf(simulated, () => 0).instanceHours, p95: waitsOf(simulated).p95 };
    };
    const ratios: number[] = [];
    for (const name of TRACE_NAMES) {
      const trace = traceOf(name);
      const without = FLOORS.map((floor) => seen(trace, floor, none));
      const [bare] = without;
      for (const { policy, errors, forecast } of forecastCases(trace.workload, MAXIMUM * trace.slots, 1)) {
        if (bare === undefined || policy === 'no forecast') continue;
        const { hours, p95 } = seen(trace, 0, forecast);
        const least = Math.min(...without.filter((each) => isSameWait(each.p95, p95)).map((each) => each.hours));
        const ratio = isSameWait(p95, bare.p95) ? hours / least : Infinity;
        const label = errors.length > 1 ? policy : `${policy} wrong by ${errors.join()} %`;
        const against =
          least === Infinity ? 'none without one waits so short' : `${ratio.toFixed(3)} times the least without one`;
        progress(
          `${name}, ${label}: p95 ${p95.toFixed(0)} s (bare ${bare.p95.toFixed(0)} s), ${(hours / bare.hours).toFixed(3)} times the bare one, ${against}`,
        );
        ratios.push(ratio);
      }
    }
    return { measured: Math.max(...ratios), yardstick: 1, unit: 'times' };
  },
};

interface Seen {
  readonly hours: number;
  /** In seconds. */
  readonly p95: number;
}
