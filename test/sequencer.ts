import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { whatReaches } from '../scripts/reach.ts';

/** What a file holds that starts processes, itself or by what it shares with other tests. */
export const STARTS_PROCESSES = "'node:child_process'";

/**
 * Files that start processes go first, while their workers are small: to start one, the kernel copies the worker's page tables. Seen: of
 * the processor's time 1 ms in a new process, 13 ms in one of 500 MB, 24 ms in one of 1 GB; the tier starts thousands.
 */
export class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isFirst = whatReaches(STARTS_PROCESSES);
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project);
    return [...byProject.values()].flatMap((own) => [
      ...own.filter(({ moduleId }) => isFirst(moduleId)),
      ...own.filter(({ moduleId }) => !isFirst(moduleId)),
    ]);
  }
}
