import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { count, named, plainName } from './common.ts';

/** The longest that SQS keeps a message (Amazon SQS developer guide, "Message quotas"). */
export const LONGEST_IN_QUEUE_DAYS = 14;

/** An alarm of CloudWatch watches at most ten series (AWS: Amazon CloudWatch, "Alarms based on metric math"): two a queue, and one of the group. */
const MOST_QUEUES = 4;

const queue = z.strictObject({
  priority: count(0, 1000)
    .default(1)
    .describe('Which queue a worker asks first: the highest. Queues of one priority are asked in turn.'),
  visibilityTimeoutSeconds: count(30, 43_200)
    .default(300)
    .describe('Visibility timeout in seconds; a running job extends it.'),
  retentionDays: count(1, LONGEST_IN_QUEUE_DAYS).default(LONGEST_IN_QUEUE_DAYS).describe('Days that jobs are kept.'),
  maximumReceives: count(1, 1000).default(5).describe('Deliveries after which a job goes to the dead-letter queue.'),
  timeoutSeconds: count(1, 43_200)
    .optional()
    .describe('Timeout of a job of this queue in seconds. Default: `timeoutSeconds` of the worker.'),
});

export const queuesSchema = named(queue, plainName())
  .refine((queues) => Object.keys(queues).length >= 1, {
    error: because('a cluster without a queue has no work', 'write one queue, like jobs: {}'),
  })
  .refine((queues) => Object.keys(queues).length <= MOST_QUEUES, {
    error: because(
      'the alarm that empties an idle fleet watches two series a queue and one of the fleet, and CloudWatch takes ten',
      `write ${MOST_QUEUES} queues or fewer`,
    ),
  });

export type QueueSettings = z.output<typeof queue>;

/** Longest run of a job of a queue, in seconds. */
export function jobTimeout(queue: QueueSettings, worker: { readonly timeoutSeconds: number }): number {
  return queue.timeoutSeconds ?? worker.timeoutSeconds;
}
