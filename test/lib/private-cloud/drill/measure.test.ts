import { describe, expect, it } from 'vitest';
import { accepted, type ClientRecord, outageOf } from '../../../../lib/private-cloud/drill/measure.ts';

/** Ends of successes, and of failures. */
const records = (ok: readonly number[], failed: readonly number[] = []): ClientRecord[] => [
  ...ok.map((end) => ({ probe: 'sql', start: end - 0.01, end, ok: true, detail: '' })),
  ...failed.map((end) => ({ probe: 'sql', start: end - 1, end, ok: false, detail: 'refused' })),
];
const steady = (from: number, to: number): number[] =>
  Array.from({ length: Math.round((to - from) * 10) }, (_, index) => from + index / 10);

describe('an outage', () => {
  it('is the longest time without a success, and how long after the event that ended', () => {
    const all = records([...steady(80, 100), ...steady(103.5, 120)], [101, 102]);
    const result = outageOf(all, 'sql', 100, 120);
    expect(result).toMatchObject({ gap: 3.6, back: 3.5, failed: 2, errors: ['2 × refused'] });
    expect(result.usualGap).toBeCloseTo(0.1);
  });

  it('begins with the last success before the event', () => {
    expect(outageOf(records([95, 104]), 'sql', 100, 105)).toMatchObject({ gap: 9, back: 4 });
  });

  it('is the first success where no step was longer than usual', () => {
    const all = records([...steady(90, 103), ...steady(103.3, 110)]);
    expect(outageOf(all, 'sql', 100.05, 110)).toMatchObject({ gap: 0.4, back: 0.05 });
  });

  it('is not over where nothing succeeded to the end', () => {
    expect(outageOf(records(steady(90, 100), [104, 108]), 'sql', 100, 112)).toMatchObject({
      back: undefined,
      succeeded: 0,
    });
  });

  it('is not over where what was in flight succeeded, and nothing after it', () => {
    expect(outageOf(records([99.9, 100.1]), 'sql', 100, 112).back).toBeUndefined();
  });

  it('takes only the wanted request, and only what was seen until then', () => {
    const other = records([101]).map((each) => ({ ...each, probe: 'token' }));
    expect(outageOf([...records([100.5, 130]), ...other], 'sql', 100, 104).succeeded).toBe(1);
  });
});

describe('what was accepted', () => {
  it('counts what was begun after one moment and done before another', () => {
    const late = { probe: 'sql', start: 99, end: 101, ok: true, detail: '' };
    expect(accepted([late, ...records([102, 111], [103])], 100, 110).map(({ end }) => end)).toEqual([102]);
  });
});
