import type { Clock } from './ports.ts';

/** No limit, as timers have it. */
const KEPT_MS = 2 ** 31 - 1;

/** One command at a time: a job that was fetched early waits here for the end of the one before it. */
export class Turns {
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
   * Resolves when no command runs, and false if that is not within the limit, or a drain begins meanwhile: then the job is somebody
   * else's. Who was told true calls `end` when the command has ended.
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
