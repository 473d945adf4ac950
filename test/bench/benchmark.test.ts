import { describe, expect, it } from 'vitest';
import { type Benchmark, judge, median } from '../../bench/benchmark.ts';

const benchmark: Benchmark = { title: 'plan against cdk synth', atMost: 0.5, measure: async () => measured(1, 2) };
const measured = (a: number, b: number) => ({ measured: a, yardstick: b, unit: 's' });

describe('judge', () => {
  it('lets a ratio up to the limit pass', () => {
    const { holds, line } = judge(benchmark, measured(1, 2));
    expect(holds).toBe(true);
    expect(line).toBe('ok   plan against cdk synth: 1 s / 2 s = 0.5, at most 0.5');
  });

  it('fails a ratio above it', () => {
    expect(judge(benchmark, measured(1.01, 2)).holds).toBe(false);
  });

  it('fails another limit that was broken, and names it', () => {
    const { holds, line } = judge(benchmark, { ...measured(1, 2), broken: ['900 MB, at most 800'] });
    expect(holds).toBe(false);
    expect(line).toContain('900 MB');
  });

  it.each([
    [0, 0],
    [1, 0],
    [Number.NaN, 1],
  ])('fails %d / %d, which proves nothing', (a, b) => {
    expect(judge(benchmark, measured(a, b)).holds).toBe(false);
  });
});

describe('median', () => {
  it('is the middle, whatever the order', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1])).toBe(1);
  });

  it('fails on no runs', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});
