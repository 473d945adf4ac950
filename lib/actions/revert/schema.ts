import { z } from 'zod';
import { planSchema } from '../../plan/schema.ts';

export const revertSchema = z.strictObject({
  format: z.literal('tandem.revert/1'),
  operation: z.string(),
  stacks: z.array(z.string()),
  branch: z.string(),
  commit: z.string(),
  command: z.string().nullable(),
  files: z.array(z.string()),
  lasting: z.array(z.string()),
  shared: z.array(z.string()),
  plan: planSchema,
});
