import { z } from 'zod';

export const adoptSchema = z.strictObject({
  format: z.literal('tandem.adopt/1'),
  stack: z.string(),
  from: z
    .strictObject({ lineage: z.string().nullable(), by: z.string(), at: z.string(), place: z.string() })
    .nullable()
    .describe('The mark that was taken over; null where the stack was ours already.'),
  lineage: z.string().describe('The lineage that the stack belongs to now.'),
});
