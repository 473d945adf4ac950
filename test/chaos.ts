/** Whether loops over faults run whole: `npm run test:chaos`. */
export const isWhole: boolean = process.env['TANDEM_CHAOS'] === 'all';

/**
 * All of them under `npm run test:chaos`; otherwise so many, spread evenly from a start that changes every day, so that in time CI has seen them all:
 * in files of every day, and in those that `.ci/run` has one day in three.
 */
export function sample<T>(items: readonly T[], count: number, day = Math.floor(Date.now() / 86_400_000)): readonly T[] {
  if (isWhole || items.length <= count) return items;
  const stride = items.length / count;
  const starts = Math.ceil(stride);
  const start = (Math.floor(day / 3) + (day % 3) * Math.ceil(starts / 3)) % starts;
  return Array.from({ length: count }, (_, index) => items[Math.floor(start + index * stride) % items.length] as T);
}

/** So many draws of a property under `npm run test:chaos`; otherwise a third. */
export function draws(count: number): { numRuns: number } {
  return { numRuns: isWhole ? count : Math.ceil(count / 3) };
}
