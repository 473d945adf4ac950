import { z } from 'zod';
import { commandSchema, playSchema } from './play.ts';

export const recoverSchema = z.strictObject({
  format: z.literal('tandem.cloud-recover/1'),
  cloud: z.string(),
  positions: z.array(z.strictObject({ host: z.string(), uuid: z.string().nullable(), seqno: z.int().nullable() })),
  founder: z.string(),
  why: z.string(),
  steps: z.array(
    z.strictObject({
      key: z.string(),
      why: z.string(),
      first: z.array(commandSchema).optional(),
      play: playSchema.optional(),
      commands: z.array(commandSchema),
      expects: z.enum(['database', 'brokers', 'raft', 'balancers']),
    }),
  ),
  executed: z.boolean(),
});
