import { z } from 'zod';

export const secretSchema = z.strictObject({
  format: z.literal('tandem.secret/1'),
  reference: z.string(),
  state: z.enum(['stored', 'removed']),
});
