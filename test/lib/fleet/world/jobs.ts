/** A job of the queue, as SQS and the bucket of results know it. */
interface Job {
  readonly id: string;
  readonly milliseconds: number;
  /** Nobody gets it before. */
  visibleAt: number;
  receives: number;
  /** Results that were stored: a second one is refused by a condition. */
  results: number;
  refused: number;
  deadAt?: number;
}

/**
 * A queue with SQS's visibility, and results that are written once. An agent extends the visibility of its job while it lives; after its
 * death, the job comes back.
 */
export class JobQueue {
  static readonly VISIBILITY_MS = 300_000;
  readonly #jobs = new Map<string, Job>();
  #waiting: string[] = [];
  readonly #flight = new Map<string, Job>();
  readonly #maximumReceives: number;

  constructor(maximumReceives = 5) {
    this.#maximumReceives = maximumReceives;
  }

  send(id: string, seconds: number): void {
    this.#jobs.set(id, { id, milliseconds: seconds * 1000, visibleAt: 0, receives: 0, results: 0, refused: 0 });
    this.#waiting.push(id);
  }

  receive(now: number): { readonly id: string; readonly milliseconds: number } | undefined {
    for (const job of this.#flight.values()) if (job.visibleAt <= now) this.#back(job);
    for (;;) {
      const job = this.#jobs.get(this.#waiting.shift() ?? '');
      if (job === undefined) return undefined;
      job.receives += 1;
      if (job.receives > this.#maximumReceives) {
        job.deadAt = now;
        continue;
      }
      job.visibleAt = now + JobQueue.VISIBILITY_MS;
      this.#flight.set(job.id, job);
      return job;
    }
  }

  /** Of a worker that lives. */
  extend(id: string, now: number): void {
    const job = this.#flight.get(id);
    if (job !== undefined) job.visibleAt = now + JobQueue.VISIBILITY_MS;
  }

  giveBack(id: string, delayMs = 0, now = 0): void {
    const job = this.#flight.get(id);
    if (job === undefined) return;
    if (delayMs > 0) job.visibleAt = now + delayMs;
    else this.#back(job);
  }

  /** Stores the result, unless there is one, and deletes the message. */
  finish(id: string): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    if (job.results === 0) job.results = 1;
    else job.refused += 1;
    if (!this.#flight.delete(id)) this.#waiting = this.#waiting.filter((each) => each !== id);
  }

  #back(job: Job): void {
    this.#flight.delete(job.id);
    if (job.results === 0) this.#waiting.push(job.id);
  }

  /** Of all jobs ever sent: those with a result, with several, dead, and those that are neither done nor anywhere. */
  account() {
    const all = [...this.#jobs.values()];
    const there = new Set([...this.#waiting, ...this.#flight.keys()]);
    return {
      sent: all.length,
      done: all.filter(({ results }) => results === 1).length,
      twice: all.filter(({ results }) => results > 1).length,
      dead: all.filter(({ deadAt }) => deadAt !== undefined).length,
      lost: all.filter(({ id, results, deadAt }) => results === 0 && deadAt === undefined && !there.has(id)).length,
      waiting: this.#waiting.length,
      running: this.#flight.size,
    };
  }
}
