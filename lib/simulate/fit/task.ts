import { createHash } from 'node:crypto';
import type { FleetDefinition } from '../fleet/definition.ts';
import { moneyOf } from '../measure/money.ts';
import { waitsOf } from '../measure/waits.ts';
import { loadDecide } from '../policy/tandem.ts';
import { configuredOf } from '../report/contenders.ts';
import { hourPrice, type RegionPrices } from '../report/prices.ts';
import { simulate } from '../run/simulation.ts';
import type { Workload } from '../workload/workload.ts';

type Decide = Awaited<ReturnType<typeof loadDecide>>;

/** What all simulations of a fit have in common. */
export interface FitSetup {
  readonly workloads: readonly Workload[];
  /** The same of other chance, to see whether a good outcome was luck. */
  readonly checks: readonly Workload[];
  readonly seed: number;
  /** Jobs that an instance does at once. */
  readonly slots: number;
  readonly interruptionsPerHour: number;
  /** US dollars; undefined where there are none of the Region, and hours are compared. */
  readonly prices: FitPrices | undefined;
}

export interface FitPrices extends RegionPrices {
  /** Of the root volume of one instance, for an hour: what a stopped one of a warm pool costs. */
  readonly volumeHour: number;
}

export interface FitTask {
  readonly fleet: FleetDefinition;
  /** The function that scales it, as the configuration has it. @default - there is none */
  readonly scaler?: { readonly waitSeconds: number; readonly idleSeconds: number };
  readonly warmupSeconds: number;
  /** On the setup's other workloads, with the next seed. @default false */
  readonly isCheck?: boolean;
}

/** What a fleet made of the workloads. */
export interface Outcome {
  /** Of the workload with the longest waits, in seconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Over all workloads. */
  readonly instanceHours: number;
  readonly usd: number | undefined;
  readonly lostSeconds: number;
  /** Jobs that were not done two days after the last one came. */
  readonly undone: number;
}

/** Runs on threads: `search/pool.ts`. */
export async function prepare(setup: FitSetup): Promise<(task: FitTask) => Outcome> {
  const decide = await loadDecide();
  return (task) => outcomeOf(setup, task, decide);
}

/** One fleet on all workloads, one after another. */
function outcomeOf(setup: FitSetup, { fleet: defined, isCheck = false, ...scaling }: FitTask, decide: Decide): Outcome {
  const { slots, interruptionsPerHour, prices } = setup;
  const seed = setup.seed + (isCheck ? 1 : 0);
  const all = (isCheck ? setup.checks : setup.workloads).map((workload): Outcome => {
    // Made anew, for it remembers.
    const { fleet, policy } = configuredOf(defined, { ...scaling, slots, decide });
    const simulated = simulate({ workload, fleet, policy, seed, slots, interruptionsPerHour });
    const { p50, p95, p99 } = waitsOf(simulated);
    const { instanceHours, usd } = moneyOf(simulated, hourPrice(prices));
    const hours = (simulated.end - simulated.begin) / 3_600_000;
    const pool = fleet.warmPool === undefined ? 0 : (fleet.warmPool.MaxGroupPreparedCapacity ?? fleet.group.MaxSize);
    return {
      ...{ p50, p95, p99, instanceHours, lostSeconds: simulated.jobs.lostSeconds },
      // As if the pool were always full: at most that.
      usd: usd === undefined || prices === undefined ? undefined : usd + pool * hours * prices.volumeHour,
      undone: simulated.jobs.count - simulated.jobs.done,
    };
  });
  const most = (key: 'p50' | 'p95' | 'p99') => all.reduce((top, each) => Math.max(top, each[key]), 0);
  const sum = (key: 'instanceHours' | 'lostSeconds' | 'undone') => all.reduce((total, each) => total + each[key], 0);
  return {
    ...{ p50: most('p50'), p95: most('p95'), p99: most('p99'), instanceHours: sum('instanceHours') },
    usd: all.reduce<number | undefined>(
      (total, { usd }) => (total === undefined || usd === undefined ? undefined : total + usd),
      0,
    ),
    ...{ lostSeconds: sum('lostSeconds'), undone: sum('undone') },
  };
}

/** Text that is the same for the same setup: outcomes of one are none of another. */
export function digestOfSetup({ workloads, checks, ...rest }: FitSetup): string {
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const { losses = [] } of [...workloads, ...checks]) hash.update(JSON.stringify(losses));
  for (const { at, seconds, span, begin } of [...workloads, ...checks])
    for (const part of [at, seconds, Float64Array.of(span, begin ?? 0)])
      hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return hash.digest('hex');
}
