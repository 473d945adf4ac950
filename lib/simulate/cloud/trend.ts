import { z } from 'zod';
import type { Described } from '../../text/described.ts';

/** More leases from month to month, or fewer. A month is four weeks here. */
export const trendSchema = z
  .strictObject({
    /** Leases that began in each of the last months, oldest first. */
    months: z.array(z.int()),
    /** Leases a week more with each month; below 0: fewer. */
    perMonth: z.number(),
    /** Standard error of that. */
    error: z.number(),
  })
  .describe('Leases that began in each month of 28 days; how many more a week come with each, and the standard error.');

export type Trend = Described<typeof trendSchema>;

export const MONTH_DAYS = 28;
const MONTH_MS = MONTH_DAYS * 86_400_000;
const WEEKS = 4;
/** Fewer months are no history, more are none of now. */
const [LEAST, MOST] = [3, 6];
/** Standard errors beyond which a slope is no chance: of histories without a trend, one of twenty has more. */
const CLEAR = 1.96;

/**
 * The line through the leases of each month, by least squares; undefined where it may as well be chance: without a trend, what begins in a
 * month is Poisson-distributed with the mean of all.
 * @param began - milliseconds since 1970 at which leases began, none after `now`
 */
export function trendOf(began: readonly number[], now: number): Trend | undefined {
  const first = began.reduce((least, at) => Math.min(least, at), now);
  const count = Math.min(MOST, Math.floor((now - first) / MONTH_MS));
  if (count < LEAST) return undefined;
  const months = new Array<number>(count).fill(0);
  for (const at of began) {
    const month = count - Math.max(1, Math.ceil((now - at) / MONTH_MS));
    if (month >= 0) months[month] = (months[month] ?? 0) + 1;
  }
  const middle = (count - 1) / 2;
  const spread = months.reduce((sum, _, month) => sum + (month - middle) ** 2, 0);
  const slope = months.reduce((sum, each, month) => sum + (month - middle) * each, 0) / spread;
  const error = Math.sqrt(meanOf(months) / spread);
  if (Math.abs(slope) <= CLEAR * error) return undefined;
  return { months, perMonth: slope / WEEKS, error: error / WEEKS };
}

/** Leases a week at the end of the last month, on the line. */
export function levelOf({ months, perMonth }: Trend): number {
  return Math.max(0, meanOf(months) / WEEKS + (perMonth * months.length) / 2);
}

/** What a trend adds by a day from now: it goes on for as long as it was seen, and then stays. */
export function growthOf({ months }: Trend, perMonth: number, day: number): number {
  return (perMonth * Math.min(day, months.length * MONTH_DAYS)) / MONTH_DAYS;
}

/** Leases a week by a day from now, and the span in which it is 19 times of 20. */
export function projectionOf(trend: Trend, day: number): { readonly perWeek: number; readonly span: [number, number] } {
  const at = (perMonth: number): number => Math.max(0, levelOf(trend) + growthOf(trend, perMonth, day));
  const { perMonth, error } = trend;
  return { perWeek: at(perMonth), span: [at(perMonth - CLEAR * error), at(perMonth + CLEAR * error)] };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
