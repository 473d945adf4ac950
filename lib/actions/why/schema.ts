import { z } from 'zod';

const commit = z.strictObject({ id: z.string(), author: z.string(), date: z.string(), summary: z.string() });

export const whySchema = z.strictObject({
  format: z.literal('tandem.why/1'),
  subject: z.string(),
  lines: z.array(
    z.strictObject({
      file: z.string(),
      line: z.int().min(1),
      column: z.int().min(1),
      path: z.string(),
      value: z.unknown(),
      attribute: z.string().nullable(),
      commit: commit.nullable(),
      history: z.enum(['commit', 'uncommitted', 'cut-off', 'no-history']),
      wholeFile: z.boolean(),
      affects: z.array(z.strictObject({ stack: z.string(), address: z.string(), attribute: z.string().nullable() })),
    }),
  ),
});
