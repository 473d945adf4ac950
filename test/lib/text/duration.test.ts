import { expect, it } from 'vitest';
import { duration } from '../../../lib/text/duration.ts';

it.each([
  [-3, '0 s'],
  [8.4, '8 s'],
  [99, '99 s'],
  [100, '1 min 40 s'],
  [120, '2 min'],
  [3600, '1 h'],
  [3599, '59 min 59 s'],
  [3 * 86_400 + 4 * 3600 + 59, '3 d 4 h'],
  [9.6 * 86_400, '10 d'],
])('describes %d seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
