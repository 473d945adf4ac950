import { expect, test } from 'vitest';
import { newOperationId } from '../../../lib/state/journal.ts';

test('ids of operations sort by the millisecond in which they began, whatever makes them unique', () => {
  const began = Date.parse('2026-11-21T03:22:09.990Z');
  const ids = Array.from({ length: 50 }, (_, milliseconds) => newOperationId(new Date(began + milliseconds)));
  expect(ids[20]).toMatch(/^20261121T032210010-[0-9a-f]{6}$/);
  expect(ids.toSorted()).toEqual(ids);
});
