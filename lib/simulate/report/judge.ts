import { demandOf } from '../measure/demand.ts';
import { type Money, moneyOf } from '../measure/money.ts';
import { type Optimum, optimumOf } from '../measure/optimum.ts';
import { type Waits, waitsOf } from '../measure/waits.ts';
import { type Simulated, type SimulationOptions, simulate } from '../run/simulation.ts';
import type { Workload } from '../workload/workload.ts';
import type { ReportContender } from './contenders.ts';
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
  readonly launches: number;
  /** Seconds of runs that an interruption or a scale-in ended, and that were done again. */
  readonly lostSeconds: number;
  /** Jobs that were not done two days after the last one came. */
  readonly undone: number;
  /** How much more than the best it costs, as a share of that; in hours where there is no money. Undefined where the best is nothing. */
  readonly regret: number | undefined;
  readonly simulated: Simulated;
}

/** The least that does a workload without a wait, where the maximum allows it. */
export interface Best {
  readonly optimum: Optimum;
  readonly slotSeconds: number;
  /** With the time that launches take. */
  readonly instanceHours: number;
  /** US dollars; undefined where there is no price. */
  readonly usd: number | undefined;
}

/** From the call of a launch until a worker takes jobs, in seconds: the model's mean boot, and the worker's start. */
const LAUNCH_SECONDS = 65;

export function judge(contender: ReportContender, workload: Workload, best: Best, options: JudgeOptions): Judged {
  const { seed, slots, interruptionsPerHour, goalSeconds, prices } = options;
  const { name, fleet, policy, isConfigured = false } = contender;
  const simulated = simulate({
    ...{ workload, fleet, policy, slots },
    ...(seed === undefined ? {} : { seed }),
    ...(interruptionsPerHour === undefined ? {} : { interruptionsPerHour }),
  });
  const money = moneyOf(simulated, hourPrice(prices));
  return {
    ...{ policy: name, isConfigured, simulated, ...money, waits: waitsOf(simulated, goalSeconds) },
    regret: regretOf(money, best),
    ...{ launches: simulated.stretches.length, lostSeconds: simulated.jobs.lostSeconds },
    undone: simulated.jobs.count - simulated.jobs.done,
  };
}

/** What a fleet of these bounds and purchase options costs at least. */
export function bestOf({ fleet }: ReportContender, workload: Workload, { slots, prices }: JudgeOptions): Best {
  const { MinSize: minimum, MaxSize: maximum } = fleet.group;
  const { instances, slotSeconds } = demandOf(workload, { slots, maximum });
  const optimum = optimumOf(instances, LAUNCH_SECONDS / slotSeconds, minimum);
  const hour = hourOfInstance(fleet, hourPrice(prices));
  const upTo = [0];
  for (let nth = 1; nth <= maximum; nth += 1) upTo.push((upTo.at(-1) ?? 0) + (hour(nth) ?? Number.NaN));
  const running = optimum.capacity.reduce((sum, each) => sum + (upTo[each] ?? 0), 0) * (slotSeconds / 3600);
  const usd = running + (optimum.launches * LAUNCH_SECONDS * (hour(maximum) ?? Number.NaN)) / 3600;
  return {
    ...{ optimum, slotSeconds, instanceHours: (optimum.cost * slotSeconds) / 3600 },
    usd: Number.isNaN(usd) ? undefined : usd,
  };
}

function regretOf({ usd, instanceHours }: Money, best: Best): number | undefined {
  const [own, least] =
    usd === undefined || best.usd === undefined ? [instanceHours, best.instanceHours] : [usd, best.usd];
  return least === 0 ? undefined : own / least - 1;
}
