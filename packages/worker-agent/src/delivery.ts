import type { QueueMessage } from './ports.ts';
import type { QueueConfig } from './worker-config.ts';

/** One delivery of a job. */
export interface Delivery {
  readonly queue: QueueConfig;
  readonly message: QueueMessage;
}

/**
 * `done` takes the job from its queue; otherwise it comes back after so many seconds, and the lane fetches none in its place before
 * `notBefore`. What comes back `uncounted` is not a step nearer to the dead-letter queue.
 */
export type Settlement =
  | { readonly done: true }
  | {
      readonly done: false;
      readonly retrySeconds: number;
      readonly uncounted?: boolean;
      readonly notBefore?: Promise<unknown>;
    };

/**
 * Settles a delivery, and never rejects. It calls `next` where the next job may be fetched before this one is settled: at most one
 * is, and handled beside it.
 */
export type Handler = (delivery: Delivery, next: () => void) => Promise<Settlement>;
