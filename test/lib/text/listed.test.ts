import { expect, test } from 'vitest';
import { firstLines, firstOf, listed } from '../../../lib/text/listed.ts';

test('a list that is too long is cut, and says how many are left out', () => {
  expect([1, 2, 3, 4].map((most) => firstOf(['a', 'b', 'c'], most))).toEqual([
    'a and 2 more',
    'a, b and 1 more',
    'a, b, c',
    'a, b, c',
  ]);
  expect(firstOf([], 3)).toBe('');
});

test('sentences are told apart', () => {
  expect(firstOf(['a is, b', 'c', 'd'], 2, '; ')).toBe('a is, b; c; and 1 more');
  expect(firstOf(['a is, b', 'c'], 2, '; ')).toBe('a is, b; c');
});

test('the last place stands for all that is left', () => {
  expect([2, 3, 4].map((most) => listed(['a', 'b', 'c', 'd'], most))).toEqual([
    'a and 3 more',
    'a, b and 2 more',
    'a, b, c, d',
  ]);
});

test('lines that are too many end with how many are left out', () => {
  expect(firstLines(['a', 'b', 'c'], 2)).toEqual(['a', 'b', 'and 1 more']);
  expect(firstLines(['a', 'b'], 2)).toEqual(['a', 'b']);
  expect(firstLines(['a', 'b', 'c'], 1, (count) => `${count} lines are left out`)).toEqual([
    'a',
    '2 lines are left out',
  ]);
});
