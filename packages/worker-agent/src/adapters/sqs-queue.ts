import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { fullJitter } from '../backoff.ts';
import { type Log, wordsOf } from '../log.ts';
import type { Clock, Consumption, Delivery, Handler, JobQueue } from '../ports.ts';

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
class Stopped extends Error {}

/**
 * Jobs one after the other by long polls; `sqs-consumer` keeps each hidden while it is worked on. Two consumers take turns in
 * asking, so that one asks for the next job while the other still writes and deletes.
 */
export class SqsQueue implements JobQueue {
  readonly #options: SqsQueueOptions;

  constructor(options: SqsQueueOptions) {
    this.#options = options;
  }

  consume(handle: Handler): Consumption {
    const stopped = new AbortController();
    const baton = new Baton(stopped.signal);
    const halves = [0, 1].map(() => this.#consume(handle, baton, stopped.signal));
    return {
      stop: async () => {
        stopped.abort();
        await Promise.all(halves.map((half) => half.stop()));
      },
    };
  }

  #consume(handle: Handler, baton: Baton, stopped: AbortSignal): Consumption {
    const { client, queueUrl, visibilityTimeoutSeconds, clock, random, log, waitSeconds = 20 } = this.#options;
    const me = Symbol('consumer');
    let retrySeconds = AFTER_ERROR_SECONDS;
    let [failures, busy, cutOff] = [0, false, false];
    let notBefore: Promise<unknown> | undefined;
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
        await baton.take(me);
        await notBefore;
        // Polling goes on at once after an error, and 500 agents would hammer a queue that is down.
        if (failures > 0) await clock.sleep(fullJitter(BACKOFF, failures, random), stopped);
        if (stopped.aborted) throw new Stopped();
      },
      postReceiveMessageCallback: async () => {
        failures = 0;
      },
      terminateVisibilityTimeout: () => retrySeconds,
      handleMessage: async (message) => {
        // Received at the very moment of the stop: it can be neither extended nor deleted any more, so it must not be begun.
        if (cutOff) throw new NotDone('stopped');
        retrySeconds = AFTER_ERROR_SECONDS;
        const settlement = await handle(deliveryOf(message), () => baton.pass(me));
        notBefore = settlement.done ? undefined : settlement.notBefore;
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
      if (stopped.aborted && message === undefined) return;
      if (message === undefined) failures += 1;
      log('warn', 'queue', { why: wordsOf(error) });
    });
    consumer.start();
    return {
      stop: async () => {
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

/** Whoever holds it may ask the queue, and keeps it through empty answers and errors, until it has a job and passes it on. */
class Baton {
  #holder: symbol | undefined;
  #next: { readonly who: symbol; readonly go: () => void } | undefined;

  constructor(stopped: AbortSignal) {
    stopped.addEventListener('abort', () => this.#next?.go(), { once: true });
  }

  /** Resolves when it is held, or when nobody is to ask any more. */
  async take(who: symbol): Promise<void> {
    this.#holder ??= who;
    if (this.#holder === who) return;
    await new Promise<void>((go) => {
      this.#next = { who, go };
    });
  }

  pass(who: symbol): void {
    if (this.#holder !== who) return;
    this.#holder = this.#next?.who;
    this.#next?.go();
    this.#next = undefined;
  }
}

function deliveryOf({ MessageId, Body, Attributes }: Message): Delivery {
  return {
    messageId: MessageId ?? '',
    body: Body ?? '',
    receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
  };
}
