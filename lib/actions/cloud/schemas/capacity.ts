import { z } from 'zod';

export const roomSchema = z.strictObject({
  zone: z.string(),
  flavor: z.string(),
  now: z.int(),
  afterWorst: z.int(),
  worst: z.string().optional(),
});

const quantiles = z.strictObject({ p10: z.int(), p50: z.int(), p90: z.int() });
const day = z.int().optional();

const outlookSchema = z.strictObject({
  days: z.int(),
  seed: z.int(),
  arrivals: z.strictObject({
    perWeek: z.number(),
    like: z.array(z.strictObject({ blueprint: z.string(), days: z.int() })),
    trend: z
      .strictObject({ months: z.array(z.int()), perMonth: z.number(), error: z.number() })
      .describe(
        'Leases that began in each month of 28 days; how many more a week come with each, and the standard error.',
      )
      .optional(),
    from: z.strictObject({ leases: z.int(), weeks: z.number() }).optional(),
  }),
  outlooks: z.array(
    z.strictObject({
      ...{ moreHosts: z.int(), runs: z.int(), checkpoints: z.array(z.int()) },
      use: z
        .array(z.strictObject({ p10: z.number(), p50: z.number(), p90: z.number() }))
        .describe('Of what hosts give to servers, how much is taken, in percent; by checkpoint.'),
      flavors: z.array(
        z.strictObject({ flavor: z.string(), room: z.array(quantiles), goneInTenth: day, goneInHalf: day }),
      ),
      blueprints: z.array(
        z.strictObject({
          ...{ blueprint: z.string(), asked: z.int(), refused: z.int() },
          ...{ firstInTenth: day, firstInHalf: day },
        }),
      ),
      ...{ began: z.int(), asked: z.int(), refused: z.int(), refusedByStorage: z.int(), ended: z.int(), left: z.int() },
    }),
  ),
});

export const capacitySchema = z.strictObject({
  format: z.literal('tandem.capacity/1'),
  cloud: z.string(),
  currency: z.string(),
  room: z.array(roomSchema),
  growth: z
    .strictObject({
      hosts: z.array(
        z.strictObject({
          group: z.string(),
          hardware: z.string(),
          count: z.int(),
          monthly: z.number().optional(),
        }),
      ),
      volumeGiB: z.number(),
      isEnough: z.boolean(),
      chargedMonthly: z.number().optional(),
    })
    .optional(),
  outlook: outlookSchema.optional(),
});
