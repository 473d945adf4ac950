import type { Clock } from './ports.ts';

/** No limit, as timers have it. */
const KEPT_MS = 2 ** 31 - 1;

/** The slot that a job runs in. One command runs at a time: a prefetched job waits here for the end of the one before it. */
export class JobSlot {
  readonly #clock: Clock;
  readonly #draining: AbortSignal;
  /** Aborted when the command under way ends, and by the drain. */
  #over: AbortController | undefined;
  #busy = false;
  #free = Promise.withResolvers<undefined>();

  constructor(clock: Clock, draining: AbortSignal) {
    this.#clock = clock;
    this.#draining = draining;
    draining.addEventListener('abort', () => this.#over?.abort(), { once: true });
  }

  /** When the command under way has ended. */
  get free(): Promise<unknown> {
    return this.#free.promise;
  }

  /**
   * Takes the slot when no command runs. False if that is not within the limit, or if a drain begins meanwhile: then another worker
   * should have the job. After true, the caller calls `end` when its command has ended.
   * @param limitMs undefined: no limit
   */
  async begin(limitMs: number | undefined): Promise<boolean> {
    if (this.#isBusy()) {
      await this.#clock.sleep(limitMs ?? KEPT_MS, this.#over?.signal);
      if (this.#isBusy()) return false;
    }
    this.#busy = true;
    this.#free = Promise.withResolvers<undefined>();
    this.#over = new AbortController();
    if (this.#draining.aborted) this.#over.abort();
    return true;
  }

  #isBusy(): boolean {
    return this.#busy;
  }

  end(): void {
    this.#busy = false;
    this.#free.resolve(undefined);
    this.#over?.abort();
  }
}
