import { z } from 'zod';
import { progressSchema as lookSchema } from '../../fleet/ports.ts';
import { FLEET_VERBS } from '../../fleet/request.ts';
import { RUNGS } from '../../fleet/rungs.ts';
import { deployEventSchema } from '../deploy/schema.ts';

const count = z.int().min(0);
const seconds = z.number();
const calls = z.record(z.string(), count);
const rung = z.enum(RUNGS);

/** Result of verbs that work on instances of a fleet: what was planned, and what became of it. */
export const operationSchema = z.strictObject({
  /** Where events are printed before it. */
  kind: z.literal('result').optional(),
  format: z.literal('tandem.fleet-operation/1'),
  environment: z.string(),
  verb: z.enum(FLEET_VERBS),
  plan: z
    .strictObject({
      group: z.string(),
      machines: z.array(z.strictObject({ id: z.string(), zone: z.string(), rung, stage: count })),
      skipped: z.array(z.strictObject({ id: z.string(), why: z.string() })),
      floorPercent: z.number(),
      budget: z.strictObject({ percent: z.number(), minutes: z.number() }).nullable(),
      suspends: z.array(z.string()),
      waves: z.array(z.strictObject({ stage: count, machines: z.array(z.string()), calls })),
      forecast: z
        .strictObject({ seconds, low: seconds, high: seconds, observed: z.boolean() })
        .describe('Seconds from the beginning; nine in ten operations end between `low` and `high`.'),
    })
    .nullable()
    .describe('Null of one that was gone on with.'),
  outcome: z
    .strictObject({
      operation: z.string(),
      seconds,
      machines: z.array(
        z.strictObject({
          id: z.string(),
          zone: z.string(),
          rung,
          end: z.enum(['done', 'failed', 'gone']).nullable(),
          why: z.string().nullable(),
        }),
      ),
      done: count,
      failed: count,
      gone: count,
      calls,
      throttled: count,
    })
    .nullable()
    .describe('Null with `--dry-run`.'),
});

/** A look at an operation that is under way. */
export const progressSchema = z.strictObject({
  kind: z.literal('fleet-progress'),
  progress: lookSchema,
  secondsLeft: z.number().nullable(),
});

export const operationEventSchema = z.union([deployEventSchema, progressSchema]);
