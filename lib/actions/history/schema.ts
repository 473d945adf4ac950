import { z } from 'zod';
import { historyEntrySchema, historyStepSchema } from '../../deploy/history.ts';

export const historySchema = z.strictObject({
  format: z.literal('tandem.history/1'),
  /** Newest first. */
  operations: z.array(historyEntrySchema),
  /** Of the one operation that was asked for; null for a list. */
  steps: z.array(historyStepSchema).nullable(),
  /** Where the chain of the operations that were looked at is broken. */
  breaks: z.array(z.strictObject({ operation: z.string(), why: z.string() })),
});
