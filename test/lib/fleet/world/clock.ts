import type { Clock } from '../../../../lib/fleet/ports.ts';

/** Time that passes only while all who wait for it sleep, and then at once. */
export class VirtualClock implements Clock {
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  readonly #advance: (to: number) => void;
  readonly #now: () => number;
  #pumping = false;

  /** @param advance - Moves the world to a time, with all that happens until then */
  constructor(now: () => number, advance: (to: number) => void) {
    this.#now = now;
    this.#advance = advance;
  }

  now(): number {
    return this.#now();
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      this.#sleepers.push({ at: this.now() + milliseconds, wake: resolve });
      signal?.addEventListener('abort', () => resolve(), { once: true });
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    // Whoever works on promises alone has come to its next sleep by then.
    setImmediate(() => {
      this.#pumping = false;
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      if (next === undefined) return;
      this.#advance(Math.max(next.at, this.now()));
      next.wake();
      if (this.#sleepers.length > 0) this.#pump();
    });
  }
}
