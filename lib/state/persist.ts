import { setTimeout as sleep } from 'node:timers/promises';
import { stateUnreachable } from './errors.ts';

/** How long a service is waited for, in milliseconds: at the start, where its address may be wrong; and once it answered. */
export const AT_START = 5_000;
export const WITHIN = 60_000;

/** What an attempt came to: a value, or why it failed in a way that passes. What does not pass, it throws. */
export type Outcome<T> = { readonly value: T } | { readonly passes: string };

/**
 * Repeats what a service that is restarted, or a broken connection, makes fail. Whatever is attempted bears to be done twice.
 * @param onWait - Told once, before waiting begins
 * @throws TandemError `state-unreachable` when the time is over, and what the attempt throws
 */
export function persist(place: string, onWait: (text: string) => void) {
  let reached = false;
  let waiting = false;
  return async <T>(attempt: () => Promise<Outcome<T>>): Promise<T> => {
    const deadline = performance.now() + (reached ? WITHIN : AT_START);
    for (let pause = 100; ; pause = Math.min(pause * 2, 2000)) {
      const outcome = await attempt();
      if ('value' in outcome) {
        reached = true;
        waiting = false;
        return outcome.value;
      }
      if (performance.now() + pause > deadline) throw stateUnreachable(place, outcome.passes);
      if (reached && !waiting)
        onWait(`${place} cannot be reached (${outcome.passes}); trying again for ${WITHIN / 1000} s`);
      waiting = reached;
      await sleep(pause);
    }
  };
}
