import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../../stacks/folders.ts';
import { RULES } from './rules/rules.ts';

const page = readFileSync(join(root, 'docs/lab-aws-differences.md'), 'utf8');
const rules = Object.values(RULES).flat();

it('every rule has a sentence of its own, and is on the page with its source', () => {
  expect(new Set(rules.map(({ says }) => says)).size).toBe(rules.length);
  const missing = rules.filter(
    ({ says, source }) => !page.includes(`| ${says.replaceAll('|', '\\|')} | [`) || !page.includes(source),
  );
  expect(missing.map(({ says }) => says)).toEqual([]);
  expect(page).toContain(`${rules.length} rules of EC2`);
});
