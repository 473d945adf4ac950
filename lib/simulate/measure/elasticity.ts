import type { Minutes } from '../run/simulation.ts';

/**
 * How well capacity follows demand, minute by minute (SPEC RG, "Ready for Rain? A View from SPEC Research on the Future of Cloud Metrics",
 * SPEC-RG-2016-01; Ilyushkin et al., ICPE 2017). Demand is what all jobs at hand would take at once.
 */
export interface Elasticity {
  /** Mean share of the demand that was not met, and of what was there beyond it, in percent; a minute without demand counts against one instance. */
  readonly underAccuracy: number;
  readonly overAccuracy: number;
  /** Share of the time with too few, and with too many, in percent. */
  readonly underTimeshare: number;
  readonly overTimeshare: number;
  /** Changes of the capacity less those of the demand, an hour: above 0 it is restless, below 0 it lags. */
  readonly jitter: number;
}

export function elasticityOf({ waiting, running, charged }: Minutes, slots: number): Elasticity {
  let [under, over, underTime, overTime, changes] = [0, 0, 0, 0, 0];
  let before: { readonly demand: number; readonly supply: number } | undefined;
  for (const [minute, supply] of charged.entries()) {
    const demand = Math.ceil(((waiting[minute] ?? 0) + (running[minute] ?? 0)) / slots);
    const [missing, spare] = [Math.max(0, demand - supply), Math.max(0, supply - demand)];
    under += missing / Math.max(1, demand);
    over += spare / Math.max(1, demand);
    underTime += missing > 0 ? 1 : 0;
    overTime += spare > 0 ? 1 : 0;
    if (before !== undefined) changes += Number(supply !== before.supply) - Number(demand !== before.demand);
    before = { demand, supply };
  }
  const count = Math.max(1, charged.length);
  return {
    ...{ underAccuracy: (100 * under) / count, overAccuracy: (100 * over) / count },
    ...{ underTimeshare: (100 * underTime) / count, overTimeshare: (100 * overTime) / count },
    jitter: (60 * changes) / count,
  };
}
