import { setTimeout as sleep } from 'node:timers/promises';

/** Time, as a port: what waits for days or seconds is tested in none. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment; never goes back. */
  monotonic(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};
