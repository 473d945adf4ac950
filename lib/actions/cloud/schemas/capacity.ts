import { z } from 'zod';
import { outlookReportSchema } from '../../../simulate/cloud/report.ts';

export const roomSchema = z.strictObject({
  zone: z.string(),
  flavor: z.string(),
  now: z.int(),
  afterWorst: z.int(),
  worst: z.string().optional(),
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
  outlook: outlookReportSchema.optional(),
});
