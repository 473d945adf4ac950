import { z } from 'zod';

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
    }),
  ),
});
