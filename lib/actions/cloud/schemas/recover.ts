import { z } from 'zod';

const play = z.strictObject({
  key: z.string(),
  verb: z.string(),
  tags: z.array(z.string()),
  limit: z.array(z.string()),
  oneByOne: z.boolean().optional(),
  extra: z.array(z.string()).optional(),
});

const command = z.strictObject({
  host: z.string(),
  container: z.string().optional(),
  argv: z.array(z.string()),
  timeoutSeconds: z.number().optional(),
});

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
      play: play.optional(),
      commands: z.array(command),
      expects: z.enum(['database', 'brokers', 'raft', 'balancers']),
    }),
  ),
  executed: z.boolean(),
});
