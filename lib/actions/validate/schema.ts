import { z } from 'zod';

/** A problem of the configuration, as every format holds it. */
export const problemSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  path: z.string(),
  message: z.string(),
  fix: z.string(),
});

export const diagnosticsSchema = z.strictObject({
  format: z.literal('tandem.diagnostics/1'),
  problems: z.array(problemSchema),
});
