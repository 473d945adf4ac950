import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats until it does not throw. @param what for the error: `the first database` @throws Error with the last reason, when the time is over */
export async function until<T>(
  what: string,
  seconds: number,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  pauseMs = 250,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`waited ${seconds} s for ${what}: ${(error as Error).message}`, { cause: error });
    }
    await sleep(pauseMs, undefined, { signal });
  }
}
