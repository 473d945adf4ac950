import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { fullJitter } from '../backoff.ts';
import { type Log, wordsOf } from '../log.ts';
import type { Clock, Consumption, Delivery, JobQueue, Settlement } from '../ports.ts';

export interface SqsQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly visibilityTimeoutSeconds: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Most seconds of one long poll. @default 20 */
  readonly waitSeconds?: number;
}

const BACKOFF = { firstMs: 1000, mostMs: 60_000 };
/** After an error between doing and deleting: the job comes back, and its result is there. */
const AFTER_ERROR_SECONDS = 5;

class NotDone extends Error {}

/** One job at a time by long polls; `sqs-consumer` keeps it hidden while it is worked on. */
export class SqsQueue implements JobQueue {
  readonly #options: SqsQueueOptions;

  constructor(options: SqsQueueOptions) {
    this.#options = options;
  }

  consume(handle: (delivery: Delivery) => Promise<Settlement>): Consumption {
    const { client, queueUrl, visibilityTimeoutSeconds, clock, random, log, waitSeconds = 20 } = this.#options;
    const stopped = new AbortController();
    let retrySeconds = AFTER_ERROR_SECONDS;
    let [failures, busy, cutOff] = [0, false, false];
    const consumer = Consumer.create({
      sqs: client,
      queueUrl,
      batchSize: 1,
      visibilityTimeout: visibilityTimeoutSeconds,
      // Two extensions may fail before others see the job.
      heartbeatInterval: visibilityTimeoutSeconds / 3,
      waitTimeSeconds: waitSeconds,
      authenticationErrorTimeout: 1000,
      messageSystemAttributeNames: ['ApproximateReceiveCount'],
      strictReturn: true,
      preReceiveMessageCallback: async () => {
        // Polling goes on at once after an error, and 500 agents would hammer a queue that is down.
        if (failures > 0) await clock.sleep(fullJitter(BACKOFF, failures, random), stopped.signal);
      },
      postReceiveMessageCallback: async () => {
        failures = 0;
      },
      terminateVisibilityTimeout: () => retrySeconds,
      handleMessage: async (message) => {
        // Received at the very moment of the stop: it can be neither extended nor deleted any more, so it must not be begun.
        if (cutOff) throw new NotDone('stopped');
        retrySeconds = AFTER_ERROR_SECONDS;
        const settlement = await handle(deliveryOf(message));
        if (settlement.done) return message;
        retrySeconds = settlement.retrySeconds;
        throw new NotDone('not done');
      },
    });
    consumer.on('message_received', () => {
      busy = true;
    });
    consumer.on('response_processed', () => {
      busy = false;
    });
    consumer.on('error', (error, message) => {
      if (stopped.signal.aborted && message === undefined) return;
      if (message === undefined) failures += 1;
      log('warn', 'queue', { why: wordsOf(error) });
    });
    consumer.start();
    return {
      stop: async () => {
        stopped.abort();
        if (!busy) {
          cutOff = true;
          consumer.stop({ abort: true });
          return;
        }
        const settled = new Promise<void>((resolve) => consumer.once('response_processed', () => resolve()));
        // Without `abort`: that would cut off the extensions and the deletion of the job under way as well.
        consumer.stop();
        await settled;
      },
    };
  }
}

function deliveryOf({ MessageId, Body, Attributes }: Message): Delivery {
  return {
    messageId: MessageId ?? '',
    body: Body ?? '',
    receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
  };
}
