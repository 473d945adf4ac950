import { expect, test } from 'vitest';
import { recorded, rowsOf } from '../../bench/record.ts';

const run = { name: 'plan', claim: 'a plan, against a synth', atMost: 0.5, ratio: '0.41', day: '2026-11-29' };

test('the first run makes the table, under what the page says', () => {
  expect(recorded('# Benchmarks\n\nWords.\n', run)).toBe(
    `# Benchmarks

Words.

| benchmark | claim | at most | seen, last two runs | day | |
|---|---|---|---|---|---|
| \`plan\` | a plan, against a synth | 0.5 | 0.41 | 2026-11-29 |  |
`,
  );
});

test('the last two runs stay, and notes, other rows and what stands below', () => {
  const other = { ...run, name: 'ha', ratio: '1.2' };
  let page = recorded(recorded('# Benchmarks\n', run), other);
  page = `${page.replace('2026-11-29 |  |', '2026-11-29 | two cores |')}\n## More\n`;
  for (const ratio of ['0.42', '0.43']) page = recorded(page, { ...run, ratio, day: '2026-11-30' });
  expect(rowsOf(page)).toEqual([
    { ...{ name: 'ha', claim: other.claim, atMost: 0.5, seen: ['1.2'] }, day: '2026-11-29', note: 'two cores' },
    { ...{ name: 'plan', claim: run.claim, atMost: 0.5, seen: ['0.42', '0.43'] }, day: '2026-11-30', note: '' },
  ]);
  expect(page.endsWith('|\n\n## More\n')).toBe(true);
});
