import { setTimeout as sleep } from 'node:timers/promises';
import { isWhole } from '../../../chaos.ts';

export interface Written {
  /** Numbers whose write was acknowledged, in order. */
  readonly acknowledged: readonly number[];
  /** Attempts that failed; their writes may be there or not. */
  readonly failed: number;
  /** Longest time between two acknowledgements, in milliseconds. */
  readonly longestGapMs: number;
}

/** Writes one number after another, each in a write of its own, until it is stopped. One that fails is followed by the next number. */
export class SteadyWriter {
  readonly #write: (number: number) => Promise<void>;
  readonly #acknowledged: number[] = [];
  readonly #ended: Promise<void>;
  #failed = 0;
  #last: number | undefined;
  #longest = 0;
  #stopped = false;

  constructor(write: (number: number) => Promise<void>) {
    this.#write = write;
    this.#ended = this.#run();
  }

  async #run(): Promise<void> {
    for (let number = 1; !this.#stopped; number += 1) {
      try {
        await this.#write(number);
        const now = performance.now();
        this.#longest = Math.max(this.#longest, now - (this.#last ?? now));
        this.#last = now;
        this.#acknowledged.push(number);
        await sleep(10);
      } catch {
        this.#failed += 1;
        await sleep(50);
      }
    }
  }

  /** Resolves when so many more are acknowledged. @throws after two minutes */
  async more(count: number): Promise<void> {
    const wanted = this.#acknowledged.length + count;
    const until = performance.now() + 120_000;
    while (this.#acknowledged.length < wanted) {
      if (performance.now() > until) throw new Error(`no write is acknowledged: ${this.#failed} failed`);
      await sleep(50);
    }
  }

  async stop(): Promise<Written> {
    this.#stopped = true;
    await this.#ended;
    return { acknowledged: this.#acknowledged, failed: this.#failed, longestGapMs: Math.round(this.#longest) };
  }
}

/** Of `count` numbers from 1, or of one alone unless all are asked for: `npm run test:chaos`. */
export function runs(count: number): readonly number[] {
  return Array.from({ length: isWhole ? count : 1 }, (_, index) => index + 1);
}
