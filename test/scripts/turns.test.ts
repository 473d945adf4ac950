import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it('CI’s turns name files that are there, each once a day', () => {
  const [, table = ''] = /^LONG='\n(.*?)'$/ms.exec(readFileSync(join(root, '.ci/run'), 'utf8')) ?? [];
  const turns = table.split('\n').map((line) => line.trim().split(/\s+/));
  expect(turns.length).toBeGreaterThan(5);
  for (const [tier, ...rest] of turns) {
    const days = rest.join(' ').split(' | ');
    expect(days).toHaveLength(3);
    for (const day of days) {
      const files = day.split(' ');
      expect(files).toHaveLength(new Set(files).size);
      for (const file of files) expect(existsSync(join(root, `test/real/${tier}/${file}.real.ts`)), file).toBe(true);
    }
  }
});
