import { describe, expect, it } from 'vitest';
import { parseBudget, parseIds, parseMoment, parseSpan } from '../../../../lib/cli/commands/fleet/parse.ts';

describe('values of flags of the fleet', () => {
  it('are a share in a time', () => {
    expect(parseBudget('30% in 10m')).toEqual({ percent: 30, minutes: 10 });
    expect(parseBudget(' 5 % IN 90s ')).toEqual({ percent: 5, minutes: 1.5 });
  });
  it.each(['', '30%', '0% in 10m', '101% in 1h', '30% in', '30% in 10', '-3% in 10m'])(
    'fails for the budget "%s"',
    (given) => expect(() => parseBudget(given)).toThrow(/got "/),
  );

  it('are ids, and times', () => {
    expect(parseIds('i-0123456789abcdef0, i-01234567')).toEqual(['i-0123456789abcdef0', 'i-01234567']);
    expect([parseSpan('90s'), parseSpan('15m'), parseSpan('2h')]).toEqual([90, 900, 7200]);
  });
  it.each(['', ',', 'x', 'i-1;rm -rf', '--all', 'i-0123456789abcdef0,i-xyz'])('fails for the ids "%s"', (given) =>
    expect(() => parseIds(given)).toThrow(/got "/),
  );

  it('are a moment to come', () => {
    const now = new Date(2026, 10, 28, 12, 0);
    expect(parseMoment('13:30', now)).toEqual(new Date(2026, 10, 28, 13, 30));
    expect(parseMoment('02:30', now)).toEqual(new Date(2026, 10, 29, 2, 30));
    expect(parseMoment('2026-12-01T02:30:00Z', now)).toEqual(new Date('2026-12-01T02:30:00Z'));
  });
  it.each(['', '24:00', '2:3', 'tomorrow', '2020-01-01T00:00:00Z', '2026-13-01T00:00'])(
    'fails for the moment "%s"',
    (given) => expect(() => parseMoment(given, new Date(2026, 10, 28))).toThrow(/got "/),
  );
});
