import { setTimeout as sleep } from 'node:timers/promises';

/** What came of one attempt: an answer's status, or how the connection failed. */
export type AttemptOutcome =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfter: string | null }
  | { readonly kind: 'refused' | 'broken' | 'late' };

export interface RetryPolicy {
  /** Attempts in all, the first included. @default 5 */
  readonly attempts: number;
  /** Longest wait before the second attempt; it doubles with each. @default 500 ms */
  readonly baseMilliseconds: number;
  /** @default 20 s */
  readonly maximumMilliseconds: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMilliseconds: 500, maximumMilliseconds: 20_000 };

/** Methods that may be sent again without knowing what became of the first. */
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const PASSING = new Set([429, 500, 502, 503, 504]);

/**
 * Whether another attempt is safe and may help. A `POST` is repeated only where the first cannot have had an effect: nobody
 * listened, or a limiter turned it away.
 */
export function mayRetry(method: string, outcome: AttemptOutcome): boolean {
  if (outcome.kind === 'refused') return true;
  if (outcome.kind === 'answer' && outcome.status === 429) return true;
  if (!REPEATABLE.has(method)) return false;
  if (outcome.kind !== 'answer') return true;
  // 500 may be lasting, but asking again what can be asked again costs little.
  return PASSING.has(outcome.status);
}

/** Milliseconds until the next attempt: what the service asks for, else a random share of a doubling span. */
export function retryDelay(
  attempt: number,
  outcome: AttemptOutcome,
  policy: RetryPolicy,
  random: () => number = Math.random,
): number {
  const asked = outcome.kind === 'answer' ? retryAfterMilliseconds(outcome.retryAfter) : undefined;
  if (asked !== undefined) return Math.min(asked, policy.maximumMilliseconds);
  const span = Math.min(policy.baseMilliseconds * 2 ** (attempt - 1), policy.maximumMilliseconds);
  return Math.round(span * (0.5 + random() / 2));
}

/**
 * Repeats what a service refuses only because it has not seen yet what it was just told, which its processes keep in caches of their own.
 * @param isNotYet whether an error is of that kind
 * @throws the last error, after five attempts
 */
export async function onceSeen<T>(
  action: () => Promise<T>,
  isNotYet: (error: unknown) => boolean,
  {
    signal,
    pauseMilliseconds = 2000,
  }: { readonly signal?: AbortSignal | undefined; readonly pauseMilliseconds?: number },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= DEFAULT_RETRY.attempts || !isNotYet(error)) throw error;
      await wait(pauseMilliseconds, signal);
    }
  }
}

export function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
}

function retryAfterMilliseconds(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
