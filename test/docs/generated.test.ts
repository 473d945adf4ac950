import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decisionFiles } from '../../scripts/docs/decisions.ts';
import { errorFiles } from '../../scripts/docs/errors.ts';

const root = join(import.meta.dirname, '../..');

describe('the generated pages', () => {
  it.each([...decisionFiles(root), ...errorFiles(root)])('%s is up to date (else: npm run docs)', (file, text) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(text);
  });
});
