/** So long before the end that is expected of a job, the next one is fetched: what receiving and looking at it take, twice over. */
const LEAD_MS = 300;
/** A longer job's end can't be guessed to within a moment, and what is gained there is nothing beside the job. */
const LONGEST_MS = 10_000;
/** So many jobs in a row must have taken about as long. */
const ALIKE = 3;
const SPREAD = 1.5;

/**
 * Guesses when the job under way will end, by those before it. Short jobs of one length are fetched a moment early, so that none
 * waits for a call to the queue; all others when the one before them has ended.
 */
export class Lookahead {
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
