import { fullJitter } from './backoff.ts';
import type { Delivery, Handler, Settlement } from './delivery.ts';
import { type Log, wordsOf } from './log.ts';
import type { Clock, JobQueue } from './ports.ts';

export interface LaneOptions {
  readonly take: (stopped: AbortSignal) => Promise<Delivery | undefined>;
  readonly handle: Handler;
  /** Resolves when a job may be taken, or when the signal is aborted. */
  readonly mayTake: (stopped: AbortSignal) => Promise<void>;
  readonly queueOf: (delivery: Delivery) => JobQueue;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** SQS hides a message for 12 hours from its receipt at most: API_ChangeMessageVisibility.html */
const MOST_HIDDEN_SECONDS = 43_200;
/** After so many failures to extend or settle, a job comes back by itself; its result, if there is one, is found then. */
const ATTEMPTS = 4;
const BACKOFF = { firstMs: 500, mostMs: 10_000 };

/**
 * Jobs one after the other for one slot, each hidden from others while it is worked on. Two halves take turns in asking, so that one
 * asks for the next job while the other still writes and deletes.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #stopped = new AbortController();
  readonly #baton = new Baton(this.#stopped.signal);
  readonly #running: Promise<unknown>;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#running = Promise.all([this.#half(Symbol('half')), this.#half(Symbol('half'))]);
  }

  /** Takes no more; resolves when what was taken is settled. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #half(me: symbol): Promise<void> {
    const { take, handle, mayTake } = this.#options;
    const { signal } = this.#stopped;
    let notBefore: Promise<unknown> | undefined;
    const isOver = (): boolean => signal.aborted;
    for (;;) {
      await this.#baton.take(me);
      await notBefore;
      if (!isOver()) await mayTake(signal);
      const delivery = isOver() ? undefined : await take(signal);
      if (delivery === undefined) return;
      const settlement = await this.#hidden(delivery, () => handle(delivery, () => this.#baton.pass(me)));
      await this.#settle(delivery, settlement);
      notBefore = settlement.done ? undefined : settlement.notBefore;
      this.#baton.pass(me);
    }
  }

  /** Extends the visibility at each third of it: two extensions may fail before others see the job. */
  async #hidden<T>(delivery: Delivery, work: () => Promise<T>): Promise<T> {
    const { clock, queueOf, log } = this.#options;
    const { visibilityTimeoutSeconds } = delivery.queue;
    const received = clock.now();
    const over = new AbortController();
    const isOver = (): boolean => over.signal.aborted;
    const extend = async (): Promise<void> => {
      while (!isOver()) {
        await clock.sleep((visibilityTimeoutSeconds * 1000) / 3, over.signal);
        const left = MOST_HIDDEN_SECONDS - Math.ceil((clock.now() - received) / 1000) - 1;
        if (isOver() || left <= 0) return;
        await queueOf(delivery)
          .hide(delivery.message, Math.min(visibilityTimeoutSeconds, left))
          .catch((error: unknown) => log('warn', 'visibility not extended', { why: wordsOf(error) }));
      }
    };
    const extending = extend();
    try {
      return await work();
    } finally {
      over.abort();
      await extending;
    }
  }

  async #settle(delivery: Delivery, settlement: Settlement): Promise<void> {
    const { clock, random, queueOf, log } = this.#options;
    const queue = queueOf(delivery);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        if (settlement.done) await queue.delete(delivery.message);
        else if (settlement.uncounted === true) await queue.sendAnew(delivery.message, settlement.retrySeconds);
        else await queue.hide(delivery.message, settlement.retrySeconds);
        return;
      } catch (error) {
        log('warn', 'queue', { why: wordsOf(error) });
        await clock.sleep(fullJitter(BACKOFF, attempt, random), this.#stopped.signal);
      }
    }
  }
}

/** Whoever holds it may ask for jobs, and keeps it through empty answers and errors, until it has a job and passes it on. */
class Baton {
  #holder: symbol | undefined;
  #next: { readonly who: symbol; readonly go: () => void } | undefined;

  readonly #stopped: AbortSignal;

  constructor(stopped: AbortSignal) {
    this.#stopped = stopped;
    stopped.addEventListener('abort', () => this.#next?.go(), { once: true });
  }

  /** Resolves when it is held, or when nobody is to ask any more. */
  async take(who: symbol): Promise<void> {
    this.#holder ??= who;
    if (this.#holder === who || this.#stopped.aborted) return;
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
