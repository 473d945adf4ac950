import { expect, test } from 'vitest';
import { counted, plural } from '../../../lib/text/plural.ts';

test('one of a thing is singular; none and several are plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'stack'))).toEqual(['0 stacks', '1 stack', '2 stacks']);
});

test('an irregular plural, or a whole phrase, is given', () => {
  expect(counted(3, 'lease is', 'leases are')).toBe('3 leases are');
  expect(plural(1, 'does', 'do')).toBe('does');
});
