import { z } from 'zod';

export const reviewPostSchema = z.strictObject({
  format: z.literal('tandem.review-post/1'),
  outcome: z.enum(['created', 'updated', 'unchanged', 'shown']),
  /** Of the comment; null where none was written. */
  url: z.string().nullable(),
  removed: z.int(),
  /** Null where none was set. */
  status: z.enum(['success', 'failure']).nullable(),
  /** The comment, where it was only shown; else null. */
  text: z.string().nullable(),
});
