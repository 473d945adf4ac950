export interface VirtualClockOptions {
  /** What it shows at first, in milliseconds since 1970. @default - the real time; 21 November 2026 if it stands still */
  readonly start?: number;
  /** Seconds of it in a real second: 1 is real time, 0 stands still, 60 makes minutes of seconds. @default 1 */
  readonly rate?: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time as the endpoint sees it, where everything waits that waits: it can be moved on, made faster and stopped. Nobody wakes late: each sleeper runs at the moment that it waited for. */
export class VirtualClock {
  #rate: number;
  /** What it showed when the real clock showed `#since`. */
  #shown: number;
  #since = Date.now();
  readonly #sleepers: Sleeper[] = [];
  readonly #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ start, rate = 1 }: VirtualClockOptions = {}) {
    this.#rate = rate;
    this.#shown = start ?? (rate === 0 ? Date.UTC(2026, 10, 21) : this.#since);
  }

  get rate(): number {
    return this.#rate;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Math.floor(this.#shown + (Date.now() - this.#since) * this.#rate);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      const sleeper = { at: this.now() + milliseconds, wake };
      const after = this.#sleepers.findIndex(({ at }) => at > sleeper.at);
      this.#sleepers.splice(after < 0 ? this.#sleepers.length : after, 0, sleeper);
      this.#arm();
    });
  }

  /** Moves on by hand only after this ended: work of another process, which takes no time here. */
  waitFor(work: Promise<void>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }

  setRate(rate: number): void {
    this.#set(this.now());
    this.#rate = rate;
    this.#arm();
  }

  /** Moves on, and lets everything that waited for a moment in between run at that moment. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.now() + milliseconds;
    for (;;) {
      await this.#settle();
      const next = this.#sleepers[0];
      if (next === undefined || next.at > until) break;
      this.#set(Math.max(this.now(), next.at));
      this.#sleepers.shift();
      next.wake();
    }
    this.#set(Math.max(this.now(), until));
    await this.#settle();
    this.#arm();
  }

  async #settle(): Promise<void> {
    await settle();
    while (this.#pending.size > 0) {
      await Promise.all(this.#pending);
      await settle();
    }
  }

  #set(shown: number): void {
    this.#shown = shown;
    this.#since = Date.now();
  }

  /** The longest that a timer takes is 24 days; who waits longer is armed again. */
  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#sleepers[0];
    if (next === undefined || this.#rate === 0) return;
    const real = Math.min(Math.max(0, Math.ceil((next.at - this.now()) / this.#rate)), 2 ** 31 - 1);
    this.#timer = setTimeout(() => {
      for (let first = this.#sleepers[0]; first !== undefined && first.at <= this.now(); first = this.#sleepers[0]) {
        this.#sleepers.shift();
        first.wake();
      }
      this.#arm();
    }, real);
    this.#timer.unref();
  }
}

/** Lets promises and finished reads go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
