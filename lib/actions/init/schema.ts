import { z } from 'zod';

export const initSchema = z.strictObject({
  format: z.literal('tandem.init/1'),
  folder: z.string(),
  files: z.array(z.string()),
});
