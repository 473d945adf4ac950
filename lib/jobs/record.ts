import { z } from 'zod';
import type { Described } from '../text/described.ts';

/** What is known of a job: from its submission on, and then as the agent that took it tells. */
export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export type JobState = (typeof JOB_STATES)[number];

const count = z.int().min(0);

/**
 * One item of the cluster's jobs table (key `id`; index `by-state` on `state` and `submittedAt`). The queue and the result stay the truth:
 * a job whose item is lost is run all the same.
 */
export const jobRecordSchema = z.strictObject({
  id: z.string(),
  /** Name of the queue, as the configuration has it. */
  queue: z.string(),
  state: z.enum(JOB_STATES),
  /** ISO 8601, as all times. */
  submittedAt: z.string(),
  /** `anna@host`. */
  submittedBy: z.string(),
  /** When its message was in the queue for sure; undefined while that is not known. */
  sentAt: z.string().optional(),
  /** Of the last change of `state`. */
  at: z.string(),
  /** The machine that took it last. */
  instanceId: z.string().optional(),
  /** Deliveries so far. */
  receives: count,
  /** Machines where it failed; no further one of them runs it. */
  failedOn: z.array(z.string()).optional(),
  /** Why it failed, with the end of its standard error. */
  reason: z.string().optional(),
  /** Of the body, in bytes. */
  size: count,
  /** Of the body, in hexadecimal digits. */
  sha256: z.string(),
  /** Up to `INLINE_BYTES`; a larger one is an object `jobs/<id>` of the cluster's bucket. */
  body: z.string().optional(),
  /** When DynamoDB forgets the item, in seconds since 1970. */
  expiresAt: count,
});

export type JobRecord = Described<typeof jobRecordSchema>;

/** Bodies up to here are kept in the table. */
export const INLINE_BYTES: number = 64 * 1024;

/** Where larger bodies are, in the cluster's bucket. */
export const BODIES_PREFIX = 'jobs/';
