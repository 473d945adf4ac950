import { z } from 'zod';
import { lockSchema } from '../../state/lock.ts';

export const unlockSchema = z.strictObject({
  format: z.literal('tandem.unlock/1'),
  stack: z.string(),
  /** The lock that was released; null where its holder released it meanwhile, or nobody can say who it was. */
  broken: lockSchema.nullable(),
  /** Why the lock that was released could not be read; null where it could. */
  unreadable: z.string().nullable(),
});
