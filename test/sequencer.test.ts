import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whatReaches } from '../scripts/reach.ts';
import { STARTS_PROCESSES } from './sequencer.ts';

const isFirst = whatReaches(STARTS_PROCESSES);
const at = (file: string) => isFirst(join(import.meta.dirname, file));

describe('files of tests that start processes', () => {
  it.each(['lib/git/git.contract.test.ts', 'lib/dev/lease-repository.contract.test.ts', 'golden/golden.test.ts'])(
    'are known by what they import, or what that imports: %s',
    (file) => {
      expect(at(file)).toBe(true);
    },
  );

  it.each(['lib/text/plural.test.ts', 'lib/plan/leaving.test.ts'])('are not all: %s', (file) => {
    expect(at(file)).toBe(false);
  });
});
