import { z } from 'zod';
import { commandSchema, playSchema } from './play.ts';

const hosts = z.array(z.string());
const command = commandSchema.extend({ input: z.string().optional() });

const action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('play'), play: playSchema }),
  z.strictObject({ kind: z.literal('command'), command }),
  z.strictObject({ kind: z.literal('copies'), change: z.enum(['add', 'remove']), host: z.string(), by: hosts }),
  z.strictObject({ kind: z.literal('drain-broker'), host: z.string() }),
  z.strictObject({ kind: z.literal('forget-broker'), host: z.string(), by: hosts }),
  z.strictObject({
    kind: z.literal('kick'),
    database: z.enum(['OVN_Northbound', 'OVN_Southbound']),
    host: z.string(),
    address: z.string(),
    by: hosts,
  }),
  z.strictObject({ kind: z.literal('units'), host: z.string(), containers: z.array(z.string()).optional() }),
  z.strictObject({ kind: z.literal('empty'), host: z.string(), isOff: z.boolean() }),
  z.strictObject({ kind: z.literal('api'), does: z.string(), host: z.string() }),
  z.strictObject({ kind: z.literal('holds-no-volumes'), host: z.string() }),
  z.strictObject({ kind: z.literal('forget-volumes'), host: z.string(), by: hosts }),
  z.strictObject({
    kind: z.literal('verify'),
    expectation: z.union([
      z.strictObject({ kind: z.enum(['database', 'brokers', 'raft', 'vips']), hosts, perhaps: hosts.optional() }),
      z.strictObject({ kind: z.enum(['compute', 'agents', 'volumes']), host: z.string(), isThere: z.boolean() }),
    ]),
  }),
]);

export const membersSchema = z.strictObject({
  format: z.literal('tandem.cloud-members/1'),
  cloud: z.string(),
  joining: hosts,
  leaving: hosts,
  engine: z.string(),
  command: z.string(),
  done: z.boolean(),
  steps: z.array(
    z.strictObject({
      key: z.string(),
      members: z.record(z.string(), hosts),
      actions: z.array(action),
      unavailable: z.array(z.string()),
    }),
  ),
  /** Of `grow` alone. */
  to: z.string().optional(),
  file: z.string().optional(),
});
