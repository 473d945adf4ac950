import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Plans of what is shipped, each stack new. */
const reviewed = globSync('test/golden/*/plan.txt', { cwd: root }).map(read).join('\n');
const pages = ['README.md', 'docs/tour.md'].map(read).join('\n');

describe('what the pages show of stacks on clouds', () => {
  it('counts the resources of what is shipped', () => {
    const shown = [...pages.matchAll(/^ {2}new: .+$/gm)].map(([line]) => line);
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.filter((line) => !reviewed.includes(`${line}\n`))).toEqual([]);
  });

  it('counts what a first deploy applies', () => {
    const applied = [...pages.matchAll(/^(aws\/\S+) applied: (\d+) changes/gm)];
    expect(applied.length).toBeGreaterThan(1);
    for (const [, stack = '', changes] of applied) {
      const template = JSON.parse(read(`test/golden/${stack.split('/')[1]}/${stack.replaceAll('/', '-')}.json`)) as {
        readonly Resources: object;
      };
      expect(Object.keys(template.Resources), stack).toHaveLength(Number(changes));
    }
  });
});
