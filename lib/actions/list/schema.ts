import { z } from 'zod';
import { targetSchema } from '../../stack/target.ts';

export const listSchema = z.strictObject({
  format: z.literal('tandem.list/1'),
  stacks: z.array(
    z.strictObject({
      id: z.string(),
      engine: z.string(),
      state: z.enum(['applied', 'new', 'removed']),
      applied: z.strictObject({ at: z.string(), by: z.string(), commit: z.string() }).nullable(),
      lockedBy: z.strictObject({ owner: z.string(), verb: z.string(), since: z.string() }).nullable(),
      unfinished: z.string().nullable(),
      target: targetSchema.describe('Where it is, or would be made.'),
      left: z
        .array(z.strictObject({ version: z.string(), text: z.string() }))
        .describe('What `deploy --leave-behind` left in other places, by the version that tells of it.'),
    }),
  ),
});
