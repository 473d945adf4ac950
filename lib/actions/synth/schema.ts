import { z } from 'zod';

export const synthSchema = z.strictObject({
  format: z.literal('tandem.synth/1'),
  stacks: z.array(z.strictObject({ id: z.string(), engine: z.string(), file: z.string() })),
});
