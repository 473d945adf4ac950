import { z } from 'zod';
import { JOB_STATES, jobRecordSchema } from '../../jobs/record.ts';

const count = z.number().int().min(0);
const time = z.string();

export const submitSchema = z.strictObject({
  format: z.literal('tandem.job-submit/1'),
  environment: z.string(),
  queue: z.string(),
  jobs: count,
  sent: count,
  already: count,
  seconds: z.number(),
});

export const listSchema = z.strictObject({
  format: z.literal('tandem.job-list/1'),
  environment: z.string(),
  queues: z.array(
    z.strictObject({
      name: z.string() /** As SQS counts, approximately. */,
      waiting: count,
      running: count,
      deadLetters: count,
    }),
  ),
  jobs: z.array(jobRecordSchema),
  /** For `page`; undefined at the end. */
  next: z.string().optional(),
});

export const showSchema = z.strictObject({
  format: z.literal('tandem.job-show/1'),
  environment: z.string(),
  id: z.string(),
  record: jobRecordSchema.optional(),
  result: z.strictObject({ key: z.string(), size: count, etag: z.string(), writtenAt: time }).optional(),
  log: z.strictObject({ group: z.string(), stream: z.string() }).optional(),
});

export const cancelSchema = z.strictObject({
  format: z.literal('tandem.job-cancel/1'),
  environment: z.string(),
  jobs: z.array(
    z.strictObject({
      id: z.string(),
      state: z.enum([...JOB_STATES, 'unknown']),
      isCancelled: z.boolean(),
      instanceId: z.string().optional(),
    }),
  ),
});

export const retrySchema = z.strictObject({
  format: z.literal('tandem.job-retry/1'),
  environment: z.string(),
  jobs: z.array(
    z.strictObject({
      id: z.string(),
      outcome: z.enum(['sent', 'waiting', 'running', 'done', 'unknown', 'no-body', 'failed-to-send']),
      instanceId: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
});

export const redriveSchema = z.strictObject({
  format: z.literal('tandem.job-redrive/1'),
  environment: z.string(),
  queue: z.string(),
  /** Dead letters before. */
  deadLetters: count,
  /** Some of them. */
  shown: z.array(
    z.strictObject({
      jobId: z.string(),
      sentAt: time,
      reason: z.string().optional(),
      instanceId: z.string().optional(),
    }),
  ),
  moved: count,
  /** Named ones that have no dead letter. */
  missing: z.array(z.string()),
});

export const resultSchema = z.strictObject({
  format: z.literal('tandem.job-result/1'),
  environment: z.string(),
  id: z.string(),
  size: count,
  /** ISO 8601. */
  writtenAt: time,
  /** Where it was written; null where it was handed on, or not fetched. */
  file: z.string().nullable(),
  /** Of a written file. */
  sha256: z.string().nullable(),
  /** Bytes that an earlier run had fetched. */
  resumedAt: count,
});
