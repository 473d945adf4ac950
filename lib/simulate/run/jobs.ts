import type { Workload } from '../workload/workload.ts';

const MINUTE = 60_000;

/** Where every job is: not there yet, waiting, running, or done; each in exactly one place. Times in milliseconds. */
export class Jobs {
  readonly workload: Workload;
  /** First start of each; NaN before it. */
  readonly started: Float64Array;
  /** End of each; NaN before it. */
  readonly ended: Float64Array;
  /** Seconds of runs that came to nothing. */
  lostSeconds = 0;
  running = 0;
  done = 0;
  arrived = 0;
  /** The first that was never taken. */
  #head = 0;
  /** Taken, and back. */
  readonly #returned: number[] = [];

  readonly #begin: number;
  /** By the minute: jobs that ended, and their seconds. */
  readonly #endedIn: (number | undefined)[] = [];
  readonly #secondsIn: (number | undefined)[] = [];

  /** @param begin - milliseconds since 1970 that the workload's times count from */
  constructor(workload: Workload, begin: number) {
    this.workload = workload;
    this.#begin = begin;
    this.started = new Float64Array(workload.at.length).fill(Number.NaN);
    this.ended = new Float64Array(workload.at.length).fill(Number.NaN);
  }

  get waiting(): number {
    return this.arrived - this.#head + this.#returned.length;
  }

  get count(): number {
    return this.workload.at.length;
  }

  /** When the next one comes; Infinity after the last. */
  nextAt(): number {
    const at = this.workload.at[this.arrived];
    return at === undefined ? Infinity : this.#begin + Math.ceil(at * 1000);
  }

  arrive(now: number): void {
    while (this.nextAt() <= now) this.arrived += 1;
  }

  /** Jobs that ended in the quarter of an hour before the last full minute but one, and their mean: as late as CloudWatch is. */
  endedLately(now: number): { readonly ended: number; readonly meanSeconds: number } {
    const last = Math.floor((now - this.#begin) / MINUTE) - 2;
    let [count, sum] = [0, 0];
    for (let minute = Math.max(0, last - 14); minute <= last; minute += 1) {
      count += this.#endedIn[minute] ?? 0;
      sum += this.#secondsIn[minute] ?? 0;
    }
    return { ended: count, meanSeconds: count === 0 ? 0 : sum / count };
  }

  /** Milliseconds that the oldest of those that were never taken has waited. */
  oldestMs(now: number): number {
    const at = this.workload.at[this.#returned[0] ?? this.#head];
    return this.waiting === 0 || at === undefined ? 0 : Math.max(0, now - this.#begin - at * 1000);
  }

  /** The next one, and how long it runs; one that came back goes first. */
  take(now: number): number {
    const job = this.#returned.shift() ?? this.#head;
    if (job === this.#head) this.#head += 1;
    if (Number.isNaN(this.started[job])) this.started[job] = now;
    this.running += 1;
    return job;
  }

  milliseconds(job: number): number {
    return Math.max(1, Math.round((this.workload.seconds[job] ?? 0) * 1000));
  }

  end(job: number, now: number): void {
    this.ended[job] = now;
    this.running -= 1;
    this.done += 1;
    const minute = Math.floor((now - this.#begin) / MINUTE);
    this.#endedIn[minute] = (this.#endedIn[minute] ?? 0) + 1;
    this.#secondsIn[minute] = (this.#secondsIn[minute] ?? 0) + (this.workload.seconds[job] ?? 0);
  }

  /** Its worker is gone: what ran is lost, and it waits again. */
  giveBack(job: number, ranMs: number): void {
    this.lostSeconds += ranMs / 1000;
    this.running -= 1;
    this.#returned.push(job);
  }
}
