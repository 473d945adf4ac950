/** How long before the expected end of a job the next one is prefetched: twice what receiving and parsing it takes. */
const LEAD_MS = 300;
/** The end of a longer job cannot be predicted closely, and prefetching would gain little beside its length. */
const LONGEST_MS = 10_000;
/** How many jobs in a row must have taken about as long. */
const ALIKE = 3;
const SPREAD = 1.5;

/**
 * Predicts when the running job will end, by those before it. Short jobs of one length are prefetched, so that none waits for a call to
 * the queue; all others are fetched when the one before them has ended.
 */
export class PrefetchTimer {
  #last: number[] = [];

  /** @param milliseconds how long a command ran that did what it should */
  observe(milliseconds: number): void {
    this.#last = [...this.#last, milliseconds].slice(-ALIKE);
  }

  /** From the start of a job until the next is to be fetched, in milliseconds; undefined: when it has ended. */
  get afterMs(): number | undefined {
    const [least, most] = [Math.min(...this.#last), Math.max(...this.#last)];
    if (this.#last.length < ALIKE || most > LONGEST_MS || most > least * SPREAD + LEAD_MS) return undefined;
    return Math.max(0, least - LEAD_MS);
  }
}
