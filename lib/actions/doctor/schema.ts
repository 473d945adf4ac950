import { z } from 'zod';

export const doctorSchema = z.strictObject({
  format: z.literal('tandem.doctor/1'),
  findings: z.array(
    z.strictObject({
      check: z.string(),
      text: z.string(),
      next: z.string(),
      repairable: z.boolean(),
      repaired: z.string().nullable(),
    }),
  ),
});
