import { describe, expect, it } from 'vitest';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { formatProblem } from '../../../lib/config/diagnostic.ts';
import { memoryFiles } from '../../../lib/config/files.ts';
import { addresses } from './broken/addresses.ts';
import { blueprints } from './broken/blueprints.ts';
import { clouds } from './broken/clouds.ts';
import { counts } from './broken/counts.ts';
import { apply } from './broken/edit.ts';
import { reading } from './broken/reading.ts';
import { shape } from './broken/shape.ts';
import { values } from './broken/values.ts';
import { minimal, TODAY } from './minimal.ts';

const tables = { reading, shape, values, clouds, blueprints, addresses, counts };

function problemsOf(files: Readonly<Record<string, string>>): string[] {
  return loadAndCheck(memoryFiles(files), TODAY).problems.map(formatProblem);
}

describe('broken configurations', () => {
  it('start from one without a problem', () => {
    expect(problemsOf(minimal())).toEqual([]);
  });

  it('are at least 60', () => {
    expect(Object.values(tables).flat().length).toBeGreaterThanOrEqual(60);
  });

  it.each(Object.entries(tables))('%s: each row says something, and each row is another', (_table, rows) => {
    expect(rows.filter((row) => row.problems.length === 0)).toEqual([]);
    expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
  });

  describe.each(Object.entries(tables))('%s', (_table, rows) => {
    it.each(rows)('fails for $name', ({ edits, problems }) => {
      expect(problemsOf(apply(minimal(), edits))).toEqual(problems);
    });
  });
});
