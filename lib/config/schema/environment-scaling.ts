import { z } from 'zod';
import { cronProblem } from '../cron.ts';
import { because } from '../diagnostic.ts';
import { count, email, name, named, timeZone } from './common.ts';

const step = z.strictObject({
  missing: count(1, 5000).describe(
    'Lower bound of the step, in missing instances: those that the backlog needs, less the desired capacity.',
  ),
  add: count(1, 1000).describe('Instances to add.'),
});

const schedule = z
  .strictObject({
    recurrence: z
      .string()
      .superRefine((value, context) => {
        const why = cronProblem(value);
        if (why !== undefined)
          context.addIssue({ code: 'custom', message: because(why, 'write one like 0 6 * * 1-5') });
      })
      .describe('When, as a cron expression of five fields.'),
    timeZone: timeZone.default('Etc/UTC').describe('IANA time zone of `recurrence`; it follows summer time.'),
    minimum: count(0, 5000).optional().describe('Fewest instances from then on. Default: unchanged.'),
    maximum: count(1, 5000).optional().describe('Most instances from then on. Default: unchanged.'),
  })
  .refine((value) => value.minimum !== undefined || value.maximum !== undefined, {
    error: because('the schedule changes nothing', 'write minimum, maximum or both'),
  });

export const scalingSchema = z.strictObject({
  backlogPerInstance: z
    .number()
    .positive()
    .max(100_000)
    .describe('Target backlog per instance, in waiting jobs: acceptable wait / duration of a job.'),
  jobSeconds: count(1, 43_200)
    .optional()
    .describe(
      'Mean duration of a job in seconds, with which the wait at the target is compared with the alarm on the oldest job. Default: unknown, and not compared.',
    ),
  warmupSeconds: count(0, 3600).default(120).describe('Warm-up: seconds until a new instance counts towards capacity.'),
  idleSeconds: count(60, 86_400)
    .refine((value) => value % 60 === 0, {
      error: ({ input }) =>
        because(
          'CloudWatch looks once a minute, so that it is a number of whole minutes',
          `write ${Math.min(86_400, Math.ceil(Number(input) / 60) * 60)}`,
        ),
    })
    .default(300)
    .describe(
      'Seconds without any job, waiting or running, after which the fleet goes to its minimum; whole minutes, and at most the day that an alarm looks back on.',
    ),
  burst: z
    .array(step)
    .min(1)
    .max(10)
    .refine((steps) => steps[0]?.missing === 1, {
      error: because(
        'no step would start the first instance of an empty fleet',
        'let the first step start at missing: 1',
      ),
    })
    .refine((steps) => steps.every((each, index) => index === 0 || each.missing > (steps[index - 1]?.missing ?? 0)), {
      error: because('steps are in ascending order', 'sort them by missing, without duplicates'),
    })
    .default([
      { missing: 1, add: 1 },
      { missing: 10, add: 10 },
      { missing: 50, add: 50 },
    ])
    .describe('Step scaling: instances added each minute while some are missing; it also starts a fleet from zero.'),
  scaler: z
    .strictObject({
      waitSeconds: count(0, 86_400)
        .default(120)
        .describe(
          'Wait in seconds that most jobs shall not exceed; below `warmupSeconds`, instances are launched ahead of what ran at that time of the days before, within a budget of 3 % of the fleet.',
        ),
      idleSeconds: count(0, 900)
        .default(60)
        .describe('Seconds that an instance without a job is kept: another launch may be dearer.'),
    })
    .optional()
    .describe(
      "A function that sets the capacity four times a minute, and AWS's policies where it is silent. About 5 US dollars a month. Default: AWS's policies alone.",
    ),
  schedules: named(schedule, name()).default({}).describe('Scheduled changes of minimum and maximum. Default: none.'),
});

export const healthSchema = z.strictObject({
  startupSeconds: count(60, 7200)
    .default(600)
    .describe(
      "Longest time in seconds from launch to the worker's first heartbeat; after it, the instance is replaced.",
    ),
  drainHeartbeatSeconds: count(30, 7200)
    .default(300)
    .describe(
      'Seconds that a terminating instance lives after its last sign of life; a draining worker gives one more often, for at most 100 times this.',
    ),
  stalledDrain: z
    .enum(['terminate', 'retain'])
    .default('terminate')
    .describe(
      'What becomes of a draining instance after its last sign of life: it is terminated, or it is retained outside the group for somebody to look at. CAUTION: a retained instance costs money until it is terminated.',
    ),
  minimumHealthyPercent: count(0, 100)
    .default(90)
    .describe(
      'Share of the fleet that stays in service during a replacement, in percent. CAUTION: 0 may stop all at once.',
    ),
  maximumHealthyPercent: count(100, 200)
    .default(110)
    .describe(
      'How far a replacement may exceed the fleet, in percent; 200 needs the addresses and the quota for twice the fleet. At most 100 above the minimum.',
    ),
});

/** Thresholds of alarms that users set; lib/aws/alarm-table.ts says what each is compared with. */
const alarmThresholds = {
  oldestJobMinutes: count(1, 20_160)
    .default(90)
    .describe(
      'Age of the oldest job in minutes that raises an alarm; SQS counts it until the job is done, so that it is more than the wait and the run of a job in order.',
    ),
  silentInstances: count(1, 5000)
    .default(1)
    .describe(
      'Instances in service without heartbeats for five minutes that raise an alarm; the maximum of the fleet at most.',
    ),
  failedLaunchesPerHour: count(1, 5000).default(10).describe('Failed launches within an hour that raise an alarm.'),
  shortfallInstances: count(1, 5000)
    .default(5)
    .describe('Desired instances out of service for 15 minutes that raise an alarm; the maximum of the fleet at most.'),
  spotInterruptionsPerHour: count(1, 5000)
    .default(50)
    .describe('Spot interruptions within an hour that raise an alarm.'),
};

export const alarmsSchema = z.strictObject({
  email: z
    .array(email)
    .default([])
    .describe("E-mail addresses that alarms notify, besides the organisation's contact."),
  ...alarmThresholds,
});

export type AlarmThresholds = Omit<z.output<typeof alarmsSchema>, 'email'>;
