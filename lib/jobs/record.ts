/** What is known of a job: from its submission on, and then as the agent that took it tells. */
export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export type JobState = (typeof JOB_STATES)[number];

/**
 * One item of the cluster's jobs table (key `id`; index `by-state` on `state` and `submittedAt`). The queue and the result stay the truth:
 * a job whose item is lost is run all the same.
 */
export interface JobRecord {
  readonly id: string;
  /** Name of the queue, as the configuration has it. */
  readonly queue: string;
  readonly state: JobState;
  /** ISO 8601, as all times. */
  readonly submittedAt: string;
  /** `anna@host`. */
  readonly submittedBy: string;
  /** When its message was in the queue for sure; undefined while that is not known. */
  readonly sentAt?: string;
  /** Of the last change of `state`. */
  readonly at: string;
  /** The machine that took it last. */
  readonly instanceId?: string;
  /** Deliveries so far. */
  readonly receives: number;
  /** Machines where it failed; no further one of them runs it. */
  readonly failedOn?: readonly string[];
  /** Why it failed, with the end of its standard error. */
  readonly reason?: string;
  /** Of the body, in bytes. */
  readonly size: number;
  /** Of the body, in hexadecimal digits. */
  readonly sha256: string;
  /** Up to `INLINE_BYTES`; a larger one is an object `jobs/<id>` of the cluster's bucket. */
  readonly body?: string;
  /** When DynamoDB forgets the item, in seconds since 1970. */
  readonly expiresAt: number;
}

/** Bodies up to here are kept in the table. */
export const INLINE_BYTES: number = 64 * 1024;

/** Where larger bodies are, in the cluster's bucket. */
export const BODIES_PREFIX = 'jobs/';
