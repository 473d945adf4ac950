import { z } from 'zod';
import { count, percent, port } from '../../config/schema/common.ts';

export const settings = z.strictObject({
  port: port.default(5672).describe('Port for clients, AMQP 0-9-1.'),
  user: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .default('app')
    .describe('User that clients log in as; its password is made by Tandem. There is no user `guest`.'),
  memoryPercent: percent
    .min(1)
    .default(50)
    .describe('Share of the memory that it takes before publishers are made to wait, in percent.'),
  diskFreeGiB: count(1, 1000).default(2).describe('Room on the disk, in GiB, below which publishers are made to wait.'),
  deliveryLimit: count(1, 1000)
    .default(20)
    .describe(
      'How often a message is tried again before it is dropped or dead-lettered: one that kills its consumer would come back for ever.',
    ),
  netTickSeconds: count(4, 120)
    .default(15)
    .describe(
      'Silence after which a member that does not answer counts as lost, in seconds. CAUTION: below 10, a busy member is lost too, and its part stops serving.',
    ),
});

export type RabbitmqSettings = z.infer<typeof settings>;
