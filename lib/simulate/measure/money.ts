import { billedSeconds, type Purchase } from '../run/bill.ts';
import type { Simulated } from '../run/simulation.ts';

/** US dollars for an hour of an instance of a type. */
export type HourPrice = (type: string, purchase: Purchase) => number | undefined;

export interface Money {
  readonly instanceHours: number;
  readonly onDemandHours: number;
  readonly spotHours: number;
  /** US dollars; undefined where a type has no price. */
  readonly usd: number | undefined;
}

/** What instances are charged, until the end of the simulation. Volumes, traffic and everything but instances are left out. */
export function moneyOf({ stretches, end }: Pick<Simulated, 'stretches' | 'end'>, priceOf: HourPrice): Money {
  const seconds = { 'on-demand': 0, spot: 0 };
  let usd: number | undefined = 0;
  for (const stretch of stretches) {
    const billed = billedSeconds(stretch, end);
    seconds[stretch.purchase] += billed;
    const price = priceOf(stretch.type, stretch.purchase);
    usd = usd === undefined || price === undefined ? undefined : usd + (billed / 3600) * price;
  }
  const [onDemandHours, spotHours] = [seconds['on-demand'] / 3600, seconds.spot / 3600];
  return { instanceHours: onDemandHours + spotHours, onDemandHours, spotHours, usd };
}
