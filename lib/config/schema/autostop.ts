import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { count, percent, timeOfDay, timeZone } from './common.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const hours = z
  .strictObject({
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .default(['mon', 'tue', 'wed', 'thu', 'fri'])
      .describe('Days on which it may run.'),
    from: timeOfDay.default('07:00').describe('Time of the day from which it may run.'),
    to: timeOfDay.describe('Time of the day at which it is stopped.'),
    timeZone: timeZone.default('Etc/UTC').describe('Time zone of both, by its name at IANA.'),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    error: because('it is not after `from`', 'write a later time of the same day'),
  });

/** When a lease is stopped before it ends. */
export const autostopSchema = z.strictObject({
  hours: hours
    .optional()
    .describe(
      'Hours in which it may run: `env reap` stops it once at their end, and not again when somebody thaws it afterwards. Default: always.',
    ),
  idleHours: count(1, 720)
    .optional()
    .describe(
      'Hours without work after which `env reap` stops it, by the counters of processors and networks that Nova tells of its servers; logins are not seen. Default: never.',
    ),
  idleCpuPercent: percent.default(5).describe('Share of its virtual CPUs below which nothing works, in percent.'),
  idleKibPerSecond: count(0, 1_000_000)
    .default(16)
    .describe('Traffic of a server below which nothing works, in and out, in KiB a second.'),
});

export type Autostop = z.output<typeof autostopSchema>;
