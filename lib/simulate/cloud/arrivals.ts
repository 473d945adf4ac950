import { z } from 'zod';
import type { Described } from '../../text/described.ts';
import { levelOf, trendOf, trendSchema } from './trend.ts';

/** A lease that was: what a new one may be like. */
export interface PastLease {
  readonly blueprint: string;
  /** First day, `2026-11-02`. */
  readonly since: string;
  /** How long it is leased, in days. */
  readonly days: number;
}

/** How leases come. */
export const arrivalsSchema = z.strictObject({
  /** New leases a week; where there is a trend, now. */
  perWeek: z.number(),
  /** Each new one is like one of these, with the same chance. */
  like: z.array(z.strictObject({ blueprint: z.string(), days: z.int() })),
  /** Where there are clearly more from month to month, or fewer. @default - the rate stays */
  trend: trendSchema.optional(),
  /** What the rate stands on: leases that began in so many weeks; undefined where it was given. */
  from: z.strictObject({ leases: z.int(), weeks: z.number() }).optional(),
});

export type Arrivals = Described<typeof arrivalsSchema>;

const WEEK_MS = 7 * 86_400_000;
/** What was longer ago tells little of now, in weeks. */
const LOOK_BACK = 26;

/**
 * Arrivals as they were: of the leases that began in the last half year, or since the first one where that is shorter; with the trend that
 * they have.
 * @param perWeek - @default - as many a week as began
 */
export function arrivalsOf(past: readonly PastLease[], now: number, perWeek?: number): Arrivals {
  const began = past.filter(({ since }) => {
    const at = Date.parse(since);
    return at <= now && at > now - LOOK_BACK * WEEK_MS;
  });
  const first = began.reduce((least, { since }) => Math.min(least, Date.parse(since)), now);
  const weeks = Math.max(1, (now - first) / WEEK_MS);
  const like = (began.length > 0 ? began : past).map(({ blueprint, days }) => ({ blueprint, days }));
  if (perWeek !== undefined) return { perWeek, like, from: undefined };
  const from = { leases: began.length, weeks };
  const trend = trendOf(
    began.map(({ since }) => Date.parse(since)),
    now,
  );
  if (trend !== undefined) return { perWeek: levelOf(trend), trend, like, from };
  return { perWeek: began.length / weeks, like, from };
}
