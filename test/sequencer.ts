import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const TEST = import.meta.dirname;

/**
 * Files that start processes go first, while their workers are small: to start one, the kernel copies the worker's page tables. Seen: of
 * the processor's time 1 ms in a new process, 13 ms in one of 500 MB, 24 ms in one of 1 GB; the tier starts thousands.
 */
export class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isFirst = startsProcesses();
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project);
    return [...byProject.values()].flatMap((own) => [
      ...own.filter(({ moduleId }) => isFirst(moduleId)),
      ...own.filter(({ moduleId }) => !isFirst(moduleId)),
    ]);
  }
}

/** Whether a file of tests imports what starts processes, itself or by what it shares with other tests. */
export function startsProcesses(): (file: string) => boolean {
  const known = new Map<string, boolean>();
  const isFirst = (file: string): boolean => {
    const before = known.get(file);
    if (before !== undefined) return before;
    known.set(file, false);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const imports = [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, path = '']) => resolve(dirname(file), path));
    const found =
      text.includes("'node:child_process'") ||
      imports.some((path) => path.startsWith(join(TEST, '/')) && isFirst(path));
    known.set(file, found);
    return found;
  };
  return isFirst;
}
