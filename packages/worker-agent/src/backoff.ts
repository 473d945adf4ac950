import type { Clock } from './ports.ts';

export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Full jitter: anything from zero to a bound that doubles. 500 agents that failed at once don't come back at once. */
export function fullJitter({ firstMs, mostMs }: Backoff, attempt: number, random: () => number): number {
  return Math.floor(random() * Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30)));
}

export interface Retrying {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
  readonly onFailure: (error: unknown, attempt: number) => void;
}

/** Repeats until it works; undefined if the signal was aborted before. */
export async function persist<T>(attempt: () => Promise<T>, options: Retrying): Promise<T | undefined> {
  for (let count = 0; !options.signal.aborted; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      options.onFailure(error, count);
      await options.clock.sleep(fullJitter(options.backoff, count, options.random), options.signal);
    }
  }
  return undefined;
}
