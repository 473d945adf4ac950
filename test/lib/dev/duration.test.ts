import { describe, expect, it } from 'vitest';
import { endOf, parseDuration, untilAfter, untilFrom } from '../../../lib/dev/duration.ts';
import { checkLength } from '../../../lib/dev/policy.ts';
import { duration } from '../../../lib/text/duration.ts';

const now = new Date('2026-11-21T10:30:00Z');

describe('how long', () => {
  it.each([
    ['7d', '2026-11-27'],
    ['1d', '2026-11-21'],
    ['2w', '2026-12-04'],
    ['12h', '2026-11-21T22:30Z'],
  ])('%s from now ends %s', (text, until) => {
    expect(untilFrom(now, parseDuration(text))).toBe(until);
  });

  it.each([
    ['2026-11-27', '7d', '2026-12-04'],
    ['2026-11-27', '2h', '2026-11-28T02:00Z'],
    ['2026-11-27T12:00Z', '1d', '2026-11-28T12:00Z'],
  ])('%s, extended by %s, ends %s', (until, text, after) => {
    expect(untilAfter(until, parseDuration(text))).toBe(after);
  });

  it.each(['7', 'd', '0d', '-1d', '1m', '1.5d', ''])('fails for "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(/a number followed by h, d or w/);
  });

  it('ends a day with its last second', () => {
    expect(endOf('2026-11-27').toISOString()).toBe('2026-11-28T00:00:00.000Z');
    expect(endOf('2026-11-27T12:00Z').toISOString()).toBe('2026-11-27T12:00:00.000Z');
  });

  it.each([
    [30, '30 min'],
    [150, '2 h 30 min'],
    [2880, '2 d'],
    [2940, '2 d 1 h'],
    [20_160, '14 d'],
  ])('describes %i minutes as %s', (minutes, text) => {
    expect(duration(minutes * 60)).toBe(text);
  });
});

describe('the policy of lengths', () => {
  const policy = { maximumDays: 30, maximumTotalDays: 60 };
  const lease = { since: '2026-11-21', protected: false };

  it('lets the longest lease pass', () => {
    checkLength('x', lease, '2026-12-20', policy, now);
  });

  it('fails a day later, naming the latest end', () => {
    expect(() => checkLength('x', lease, '2026-12-21', policy, now)).toThrow(/at most 30 days/);
    try {
      checkLength('x', lease, '2026-12-21', policy, now);
    } catch (error) {
      expect(error).toMatchObject({ details: { latest: '2026-12-20' } });
    }
  });

  it('fails beyond the longest life, extensions included', () => {
    const old = { ...lease, since: '2026-10-01' };
    expect(() => checkLength('x', old, '2026-11-30', policy, now)).toThrow(/at most 60 days/);
    checkLength('x', old, '2026-11-29', policy, now);
  });

  it('exempts what is protected', () => {
    checkLength('x', { ...lease, protected: true }, '2030-01-01', policy, now);
  });
});
