import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_HA_DIRECTORY, HA_CLOUD_FILE, haStatus, openDrillTarget } from '../lab/ha/index.ts';
import { runDrills } from '../lib/cloud-operations/drill/run-drills.ts';
import { DRILL_NAMES, type DrillName } from '../lib/private-cloud/drill/drills.ts';
import type { Compared } from '../lib/private-cloud/drill/judge.ts';
import type { DrillReport } from '../lib/private-cloud/drill/report.ts';
import { type Benchmark, median } from './benchmark.ts';
import { holdStill } from './ha-stalls.ts';

/** `TANDEM_HA_REPETITIONS`, `TANDEM_HA_DRILLS` (names with commas) and `TANDEM_HA_STALL_MINUTES` make it shorter. */
const repetitions = Number(process.env['TANDEM_HA_REPETITIONS'] ?? 5);
const minutes = Number(process.env['TANDEM_HA_STALL_MINUTES'] ?? 20);
const wanted = process.env['TANDEM_HA_DRILLS']?.split(',') ?? DRILL_NAMES;
const drills = DRILL_NAMES.filter((name) => wanted.includes(name));

type Figures = Map<string, { readonly atMost: number; readonly measured: number[] }>;

/** Each drill several times, then load with stalls: the share of availability figures that were missed, in the worst run of each. */
export const benchmark: Benchmark = {
  title: `failover figures in ${repetitions} runs of each drill, and no false failover in ${minutes} min of stalls`,
  atMost: 1,
  async unavailable() {
    if (!existsSync(DEFAULT_HA_DIRECTORY)) return 'there is no lab; `tandem lab up --ha` starts it';
    const { state } = await haStatus();
    return state === 'running' ? undefined : `the lab is ${state}; \`tandem lab up --ha\` starts it`;
  },
  async measure(progress) {
    const figures: Figures = new Map();
    const broken: string[] = [];
    const predictions: Compared[] = [];
    for (let run = 1; run <= repetitions; run += 1) {
      for (const name of drills) {
        const report = await drill(name, progress).catch((error: unknown) => {
          broken.push(`${name}, run ${run}: ${error instanceof Error ? error.message : String(error)}`);
        });
        if (report === undefined) continue;
        broken.push(...report.drills.flatMap(({ faults }) => faults.map((fault) => `${name}, run ${run}: ${fault}`)));
        collect(figures, name, report);
        predictions.push(...report.drills.flatMap(({ compared }) => compared));
      }
    }
    const close = predictions.filter(({ withinTolerance }) => withinTolerance).length;
    progress(`${close} of ${predictions.length} predicted gaps are within a factor of two or 2 s`);
    let worstShare = 0;
    for (const [what, { atMost, measured }] of figures) {
      const worst = Math.max(...measured);
      progress(`${what}: median ${median(measured).toFixed(1)}, worst ${worst.toFixed(1)}, at most ${atMost}`);
      worstShare = Math.max(worstShare, atMost === 0 ? worst : worst / atMost);
    }
    broken.push(...(await holdStill({ minutes, progress })));
    return { measured: worstShare, yardstick: 1, unit: 'of the availability figure', broken };
  },
};

async function drill(name: DrillName, progress: (line: string) => void): Promise<DrillReport> {
  const { report } = await runDrills({
    ...{ drills: [name], cloudFile: HA_CLOUD_FILE, at: new Date(), say: progress },
    folder: join(import.meta.dirname, '..', '.tandem', 'drill'),
    target: await openDrillTarget(),
  });
  return report;
}

/** What did not recover counts as an hour, which misses every figure. */
const NEVER_SECONDS = 3600;

function collect(figures: Figures, name: string, report: DrillReport): void {
  for (const { what, atMost, measured } of report.drills.flatMap((each) => each.figures)) {
    const entry = figures.get(`${name}, ${what}`) ?? { atMost, measured: [] };
    entry.measured.push(measured ?? NEVER_SECONDS);
    figures.set(`${name}, ${what}`, entry);
  }
}
