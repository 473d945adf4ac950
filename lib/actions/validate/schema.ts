import { z } from 'zod';
import { problemSchema } from '../../config/diagnostic.ts';

export const diagnosticsSchema = z.strictObject({
  format: z.literal('tandem.diagnostics/1'),
  problems: z.array(problemSchema),
});
