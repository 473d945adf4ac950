import type { Fault } from '../engines/errors.ts';
import { TandemError } from '../errors/tandem-error.ts';

/** A connection that broke, was refused or took too long; the cloud may or may not have done what was asked. */
const BROKEN =
  /\bEOF\b|connection (?:reset|refused)|broken pipe|i\/o timeout|deadline exceeded|Client\.Timeout|no such host|TLS handshake timeout|server closed idle connection|saved plan is stale/i;
/** Octavia and Neutron answer 409 while they still work on the thing itself: that passes. */
const BUSY = /immutable|PENDING_|try again|is (?:being|currently) /i;
const QUOTA = /quota/i;
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * `again`: planning anew and applying again is safe and may help. `adopt`: something of that name exists, perhaps this stack's own,
 * made by a request whose answer was lost. `renew`: the token was refused; a new one may not be. `fail`: only people can help.
 */
export type Remedy = 'again' | 'adopt' | 'renew' | 'fail';

export function remedyFor(fault: Fault): Remedy {
  if (fault.remedy !== undefined) return fault.remedy;
  if (QUOTA.test(fault.summary)) return 'fail';
  if (fault.status === 401) return 'renew';
  if (fault.status === 409 || /already exists|duplicate/i.test(fault.summary))
    return BUSY.test(fault.summary) ? 'again' : 'adopt';
  const passes = fault.status === 0 ? BROKEN.test(fault.summary) : TRANSIENT.has(fault.status);
  return passes ? 'again' : 'fail';
}

/** Faults that an engine's error carries; undefined for any other error. */
export function faultsOf(error: unknown): readonly Fault[] | undefined {
  if (!(error instanceof TandemError) || error.code !== 'stack-failed') return undefined;
  return error.details['faults'] as readonly Fault[];
}

/** Attempts in all, and the waits between them in seconds: long enough for a service to come back, short enough to be watched. */
const ATTEMPTS = 5;
const PAUSES = [2, 8, 20, 45];

/**
 * What to do about the faults of an attempt: wait and try again, or give up. One fault that only people can fix ends it, since
 * trying again would meet it again.
 */
export function decide(faults: readonly Fault[], attempt: number): { readonly retryAfter: number } | 'fail' {
  const remedies = faults.map(remedyFor);
  if (attempt >= ATTEMPTS || remedies.length === 0 || remedies.includes('fail')) return 'fail';
  // Credentials and names do not fix themselves: one more attempt, with a new token or what was found, tells.
  const once = remedies.some((each) => each === 'renew' || each === 'adopt');
  if (once && attempt > 1) return 'fail';
  return { retryAfter: once && !remedies.includes('again') ? 0 : (PAUSES[attempt - 1] ?? 45) };
}
