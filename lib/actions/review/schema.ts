import { z } from 'zod';

export const reviewPostSchema = z.strictObject({
  format: z.literal('tandem.review-post/1'),
  outcome: z.enum(['created', 'updated', 'unchanged', 'shown']),
  url: z.string().nullable(),
  removed: z.int(),
  status: z.enum(['success', 'failure']).nullable(),
  text: z.string().nullable(),
});
