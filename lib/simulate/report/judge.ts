import { type Demand, demandOf } from '../measure/demand.ts';
import { type Elasticity, elasticityOf } from '../measure/elasticity.ts';
import { type Money, moneyOf } from '../measure/money.ts';
import { type Optimum, optimumOf } from '../measure/optimum.ts';
import { type Recovery, recoveriesOf } from '../measure/recovery.ts';
import { type Waits, waitsOf } from '../measure/waits.ts';
import { type Simulated, type SimulationOptions, simulate } from '../run/simulation.ts';
import type { Workload } from '../workload/workload.ts';
import { BOOT_SECONDS, type ReportContender } from './contenders.ts';
import { hourOfInstance, hourPrice, type RegionPrices } from './prices.ts';

export interface JudgeOptions extends Pick<SimulationOptions, 'seed' | 'interruptionsPerHour'> {
  /** Jobs that an instance does at once. */
  readonly slots: number;
  /** Seconds that a job may wait. @default - no wait is too long */
  readonly goalSeconds?: number | undefined;
  /** @default - hours instead of money */
  readonly prices?: RegionPrices | undefined;
}

/** One policy on one workload. */
export interface Judged extends Money {
  readonly policy: string;
  /** The environment's own, as it is configured. */
  readonly isConfigured: boolean;
  readonly waits: Waits;
  readonly elasticity: Elasticity;
  readonly launches: number;
  /** What each loss of machines came to; empty where the workload has none. */
  readonly recoveries: readonly Recovery[];
  /** Seconds of runs that an interruption, a loss or a scale-in ended, and that were done again. */
  readonly lostSeconds: number;
  /** Jobs that were not done two days after the last one came. */
  readonly undone: number;
  /**
   * Instance-hours above the best, as a share of that; undefined where the best is nothing. In hours, for which of them are on demand and
   * which Spot is also a matter of chance: Auto Scaling balances zones before it balances purchase options.
   */
  readonly regret: number | undefined;
  readonly simulated: Simulated;
}

/** The least that does a workload without a wait, where the maximum allows it. */
export interface Best {
  readonly demand: Demand;
  readonly optimum: Optimum;
  /** With the time that launches take. */
  readonly instanceHours: number;
  /** US dollars; undefined where there is no price. */
  readonly usd: number | undefined;
}

export function judge(contender: ReportContender, workload: Workload, best: Best, options: JudgeOptions): Judged {
  const { seed, slots, interruptionsPerHour, goalSeconds, prices } = options;
  const { name, fleet, policy, isConfigured = false } = contender;
  const simulated = simulate({ workload, fleet, policy, slots, seed, interruptionsPerHour });
  const money = moneyOf(simulated, hourPrice(prices));
  return {
    ...{ policy: name, isConfigured, simulated, ...money, waits: waitsOf(simulated, goalSeconds) },
    regret: best.instanceHours === 0 ? undefined : money.instanceHours / best.instanceHours - 1,
    elasticity: elasticityOf(simulated.minutes, slots),
    ...{ launches: simulated.stretches.length, lostSeconds: simulated.jobs.lostSeconds },
    recoveries: recoveriesOf(simulated),
    undone: simulated.jobs.count - simulated.jobs.done,
  };
}

/** What a fleet of these bounds and purchase options costs at least. */
export function bestOf({ fleet }: ReportContender, workload: Workload, { slots, prices }: JudgeOptions): Best {
  const { MinSize: minimum, MaxSize: maximum } = fleet.group;
  const demand = demandOf(workload, { slots, maximum });
  const { instances, slotSeconds } = demand;
  const optimum = optimumOf(instances, BOOT_SECONDS / slotSeconds, minimum);
  const hour = hourOfInstance(fleet, hourPrice(prices));
  const upTo = [0];
  for (let nth = 1; nth <= maximum; nth += 1) upTo.push((upTo.at(-1) ?? 0) + (hour(nth) ?? Number.NaN));
  const running = optimum.capacity.reduce((sum, each) => sum + (upTo[each] ?? 0), 0) * (slotSeconds / 3600);
  const usd = running + (optimum.launches * BOOT_SECONDS * (hour(maximum) ?? Number.NaN)) / 3600;
  return {
    ...{ demand, optimum, instanceHours: (optimum.cost * slotSeconds) / 3600 },
    usd: Number.isNaN(usd) ? undefined : usd,
  };
}
