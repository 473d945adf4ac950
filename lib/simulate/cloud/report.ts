import { z } from 'zod';
import type { Described } from '../../text/described.ts';
import { arrivalsSchema } from './arrivals.ts';

/** Of all runs: a tenth has less, half have less, a tenth has more. */
const quantiles = z.strictObject({ p10: z.int(), p50: z.int(), p90: z.int() });
const day = z.int().optional();

const flavor = z.strictObject({
  flavor: z.string(),
  /** Servers that still fit after the worst failure, by checkpoint. */
  room: z.array(quantiles),
  /** First checkpoint, in days from now, at which none fits any more: in a tenth of the runs, and in half of them. */
  goneInTenth: day,
  goneInHalf: day,
});

const blueprint = z.strictObject({
  blueprint: z.string(),
  asked: z.int(),
  refused: z.int(),
  /** Days from now until the first one is refused: in a tenth of the runs it is earlier, in half of them; undefined: it is not in so many. */
  firstInTenth: day,
  firstInHalf: day,
});

/** What becomes of the room on a cloud. Counts are over all runs. */
export const leaseOutlookSchema = z.strictObject({
  moreHosts: z.int(),
  runs: z.int(),
  /** Days from now at which the room was looked at. */
  checkpoints: z.array(z.int()),
  use: z
    .array(z.strictObject({ p10: z.number(), p50: z.number(), p90: z.number() }))
    .describe(
      'Of what hosts give to servers, how much is taken by those of leases and links, in percent: of vCPUs or memory, whichever is more; by checkpoint.',
    ),
  flavors: z.array(flavor),
  blueprints: z.array(blueprint),
  /** Leases that were there, came, and were refused; those that ended, and are there at the end. */
  began: z.int(),
  asked: z.int(),
  refused: z.int(),
  /** Of those that were refused: the storage is full, which hosts do not change. */
  refusedByStorage: z.int(),
  ended: z.int(),
  left: z.int(),
});

export type Quantiles = Described<typeof quantiles>;
export type FlavorOutlook = Described<typeof flavor>;
export type BlueprintOutlook = Described<typeof blueprint>;
export type LeaseOutlook = Described<typeof leaseOutlookSchema>;

/** Leases over time against the hosts of a cloud. */
export const outlookReportSchema = z.strictObject({
  days: z.int(),
  seed: z.int(),
  arrivals: arrivalsSchema,
  /** With the hosts that are there, and then with more, where that was asked. */
  outlooks: z.array(leaseOutlookSchema),
});

export type OutlookReport = Described<typeof outlookReportSchema>;
