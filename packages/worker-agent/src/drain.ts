import type { Clock } from './ports.ts';

export type DrainReason = 'signal' | 'terminating' | 'spot' | 'rebalance';

/** The end of taking jobs: who asked first, and by when the job under way must be given back. The earliest moment holds. */
export class Drain {
  readonly #clock: Clock;
  readonly #started = new AbortController();
  readonly #giveUp = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #deadline = Infinity;
  #reason: DrainReason | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Aborted when no more jobs are to be taken. */
  get started(): AbortSignal {
    return this.#started.signal;
  }

  /** Aborted when the job under way is to be given back. */
  get giveUp(): AbortSignal {
    return this.#giveUp.signal;
  }

  get reason(): DrainReason | undefined {
    return this.#reason;
  }

  /** @param deadline milliseconds since 1970; Infinity lets the job end by itself */
  request(reason: DrainReason, deadline: number): void {
    this.#reason ??= reason;
    this.#started.abort();
    if (deadline >= this.#deadline) return;
    this.#deadline = deadline;
    clearTimeout(this.#timer);
    const left = deadline - this.#clock.now();
    if (left <= 0) this.#giveUp.abort();
    // Timers end at 2^31 milliseconds; no drain is that long.
    else this.#timer = setTimeout(() => this.#giveUp.abort(), Math.min(left, 2 ** 31 - 1)).unref();
  }
}
