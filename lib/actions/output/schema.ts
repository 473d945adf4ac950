import { z } from 'zod';

/** A sensitive value is `(sensitive)`, unless it was asked for by name with `--raw`. */
export const outputSchema = z.strictObject({
  format: z.literal('tandem.output/1'),
  stack: z.string(),
  outputs: z.record(z.string(), z.unknown()),
});
