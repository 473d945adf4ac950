import { describe, expect, it } from 'vitest';
import { DEFAULT_RETRY, mayRetry, onceSeen, retryDelay } from '../../../lib/openstack-api/retry.ts';

const answer = (status: number, retryAfter: string | null = null) => ({ kind: 'answer', status, retryAfter }) as const;

describe('whether to try again', () => {
  it.each(['GET', 'PUT', 'DELETE'])('repeats a %s after a passing failure or a broken connection', (method) => {
    for (const status of [429, 500, 502, 503, 504]) expect(mayRetry(method, answer(status))).toBe(true);
    expect(mayRetry(method, { kind: 'broken' })).toBe(true);
    expect(mayRetry(method, { kind: 'late' })).toBe(true);
    for (const status of [400, 401, 403, 404, 409]) expect(mayRetry(method, answer(status))).toBe(false);
  });

  it('repeats a POST only where the first cannot have had an effect', () => {
    expect(mayRetry('POST', { kind: 'refused' })).toBe(true);
    expect(mayRetry('POST', answer(429))).toBe(true);
    expect(mayRetry('POST', { kind: 'broken' })).toBe(false);
    expect(mayRetry('POST', { kind: 'late' })).toBe(false);
    for (const status of [500, 502, 503, 504]) expect(mayRetry('POST', answer(status))).toBe(false);
  });
});

describe('how long to wait', () => {
  it('doubles, up to a limit, at random within the upper half', () => {
    const waits = [1, 2, 3, 4, 10].map((attempt) => retryDelay(attempt, { kind: 'broken' }, DEFAULT_RETRY, () => 1));
    expect(waits).toEqual([500, 1000, 2000, 4000, 20_000]);
    expect(retryDelay(1, { kind: 'broken' }, DEFAULT_RETRY, () => 0)).toBe(250);
  });

  it('does what the service asks for, within the limit', () => {
    expect(retryDelay(1, answer(429, '3'), DEFAULT_RETRY)).toBe(3000);
    expect(retryDelay(1, answer(429, '3600'), DEFAULT_RETRY)).toBe(20_000);
    expect(retryDelay(1, answer(429, 'Wed, 21 Oct'), DEFAULT_RETRY, () => 1)).toBe(500);
  });
});

describe('what a service has not seen yet', () => {
  const notYet = (error: unknown) => error instanceof Error && error.message === 'not yet';
  const failing = (times: number, message: string) => {
    let calls = 0;
    const action = () => {
      calls += 1;
      return calls <= times ? Promise.reject(new Error(message)) : Promise.resolve(calls);
    };
    return { action, calls: () => calls };
  };

  it('is asked for again, five times at most, and nothing else is', async () => {
    expect(await onceSeen(failing(4, 'not yet').action, notYet, { pauseMilliseconds: 0 })).toBe(5);
    const never = failing(9, 'not yet');
    await expect(onceSeen(never.action, notYet, { pauseMilliseconds: 0 })).rejects.toThrow('not yet');
    expect(never.calls()).toBe(5);
    const other = failing(9, 'another');
    await expect(onceSeen(other.action, notYet, { pauseMilliseconds: 0 })).rejects.toThrow('another');
    expect(other.calls()).toBe(1);
  });
});
