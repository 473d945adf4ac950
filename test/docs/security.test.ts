import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../stacks/folders.ts';

/** Rows of the table of threats: the last cell names a file, and the words that a test's name begins with or has. */
function testsIn(page: string): { readonly file: string; readonly name: string }[] {
  const [, table = ''] = page.split('## Threats');
  const rows = table.split('\n').filter((line) => /^\| (?!threat|---)/.test(line));
  return rows.map((row) => {
    const [, file = '', name = ''] = /\| `([^`]+)`: ([^|]+) \|$/.exec(row) ?? [];
    return { file, name };
  });
}

const tests = testsIn(readFileSync(join(root, 'SECURITY.md'), 'utf8'));

describe('the table of threats', () => {
  it('has rows', () => {
    expect(tests.length).toBeGreaterThan(10);
  });

  it.each(tests)('names a test that exists: $file: $name', ({ file, name }) => {
    expect(existsSync(join(root, file)), file).toBe(true);
    // As it is written, with its quotes escaped or not.
    expect(readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'")).toContain(name);
  });
});
