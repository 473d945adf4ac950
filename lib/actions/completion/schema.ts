import { z } from 'zod';

export const completionSchema = z.strictObject({
  format: z.literal('tandem.completion/1'),
  shell: z.enum(['bash', 'zsh', 'fish']),
  script: z.string(),
});
