import { z } from 'zod';

export const historySchema = z.strictObject({
  format: z.literal('tandem.history/1'),
  operations: z.array(
    z.strictObject({
      operation: z.string(),
      verb: z.string(),
      stacks: z.array(z.string()),
      startedAt: z.string(),
      endedAt: z.string().nullable(),
      seconds: z.number().nullable(),
      outcome: z.enum(['succeeded', 'failed', 'abandoned', 'running', 'unfinished']),
      reason: z.string(),
      by: z.string(),
      as: z.array(z.string()),
      approvedBy: z.string().nullable(),
      bundle: z.string().nullable(),
      commit: z.string(),
      changes: z.record(z.string(), z.number()),
      chain: z.enum(['whole', 'broken', 'unchained']),
    }),
  ),
  steps: z
    .array(
      z.strictObject({
        key: z.string(),
        startedAt: z.string(),
        endedAt: z.string().nullable(),
        as: z.array(z.string()),
        actions: z.array(z.string()),
      }),
    )
    .nullable(),
  breaks: z.array(z.strictObject({ operation: z.string(), why: z.string() })),
});
