import { z } from 'zod';
import { lockSchema } from '../../state/lock.ts';

export const unlockSchema = z.strictObject({
  format: z.literal('tandem.unlock/1'),
  stack: z.string(),
  broken: lockSchema.nullable(),
  unreadable: z.string().nullable(),
});
