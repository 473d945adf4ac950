import type { FleetRequest } from '../lib/fleet/request.ts';
import type { Benchmark } from './benchmark.ts';
import { busyFleet, damagesOf, played } from './fleet.ts';

const CASES: Readonly<Record<string, FleetRequest>> = {
  'restart 300 by reboot': { verb: 'restart', rung: 'reboot', floorPercent: 40 },
  'root volume of 300': { verb: 'restart', rung: 'root-volume', floorPercent: 40 },
  'terminate and replace 300 with a floor of 50 percent': { verb: 'replace', rung: 'replace', floorPercent: 50 },
};

/** Each against its bound: the sum over its waves of slowest drain and slowest boot, and the wait for tokens. */
export const benchmark: Benchmark = {
  title: 'operations on 300 of 500 busy machines, the slowest against its bound (docs/fleet-operations.md)',
  atMost: 1.1,
  measure: async (progress) => {
    const broken: string[] = [];
    let worst = { measured: 0, yardstick: 1 };
    for (const [name, request] of Object.entries(CASES)) {
      const run = await played(busyFleet(), request, 300);
      const { seconds, bound, canary, report, plan } = run;
      const calls = Object.entries(report.calls.made).map(([api, count]) => `${count} ${api}`);
      progress(
        `${name}: ${seconds} s, bound ${bound.toFixed(0)} s; canaries ${canary} s; forecast ${plan.forecast.seconds} s of ${report.seconds} s; ${calls.join(', ')}`,
      );
      broken.push(...damagesOf(run, name));
      if (seconds / bound > worst.measured / worst.yardstick) worst = { measured: seconds, yardstick: bound };
    }
    return { ...worst, unit: 's', broken };
  },
};
