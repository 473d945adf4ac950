import { describe, expect, it } from 'vitest';
import { isWhole, sample } from './chaos.ts';

const items = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const days = (of: (day: number) => boolean): readonly number[] => items(120).filter(of);

/** What is left out by all samples of those days. */
const unseen = (length: number, count: number, on: readonly number[]): readonly number[] => {
  const seen = new Set(on.flatMap((day) => sample(items(length), count, day)));
  return items(length).filter((item) => !seen.has(item));
};

describe.skipIf(isWhole)('a sample by the day', () => {
  it.each([3, 6, 9, 10, 12])('comes to each of %i, every day and on each day in three', (length) => {
    expect(
      unseen(
        length,
        1,
        days(() => true),
      ),
    ).toEqual([]);
    for (const turn of [0, 1, 2])
      expect(
        unseen(
          length,
          1,
          days((day) => day % 3 === turn),
        ),
        `${turn}`,
      ).toEqual([]);
  });

  it('comes to each of several at a time', () => {
    expect(
      unseen(
        13,
        5,
        days((day) => day % 3 === 2),
      ),
    ).toEqual([]);
    expect(
      unseen(
        363,
        30,
        days((day) => day % 3 === 1),
      ),
    ).toEqual([]);
  });

  it('is another one on the next day', () => {
    for (const day of items(30)) expect(sample(items(6), 1, day)).not.toEqual(sample(items(6), 1, day + 1));
  });
});
