import { z } from 'zod';

export const maintainSchema = z.strictObject({
  format: z.literal('tandem.cloud-maintain/1'),
  cloud: z.string(),
  seconds: z.number(),
  groups: z.array(
    z.strictObject({
      key: z.string(),
      rack: z.string(),
      hosts: z.array(z.string()),
      moves: z.strictObject({ servers: z.number(), memoryMiB: z.number() }),
      stays: z.array(z.strictObject({ what: z.string(), left: z.number(), of: z.number() })),
      room: z.array(z.strictObject({ zone: z.string(), memoryMiB: z.number(), vcpus: z.number() })),
      costs: z.array(z.string()),
      asks: z.array(z.string()),
      seconds: z.number(),
    }),
  ),
  left: z.array(z.string()),
  outcome: z.enum(['planned', 'done', 'given back']),
  problems: z.array(z.strictObject({ group: z.string(), problem: z.string() })),
});
