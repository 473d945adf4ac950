import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackId } from '../../stack/id.ts';
import { workFolder } from '../terraform/work-folder.ts';

/** Steps of an interrupted run that are done already, so that the next one goes on behind them. */
export interface Progress {
  readonly done: ReadonlySet<string>;
  note(step: string): void;
  /** Everything is done. */
  clear(): void;
}

interface Written {
  readonly format: 'tandem.kolla-progress/1';
  readonly change: string;
  readonly done: readonly string[];
}

/** @param change what is being done: from which tree to which. Another change begins at the beginning. */
export function progressOf(root: string, stack: StackId, change: string): Progress {
  const file = join(workFolder(root, stack), 'progress.json');
  const done = new Set(read(file, change));
  return {
    done,
    note(step) {
      done.add(step);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const written: Written = { format: 'tandem.kolla-progress/1', change, done: [...done] };
      writeFileSync(`${file}.new`, JSON.stringify(written), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    clear: () => rmSync(file, { force: true }),
  };
}

function read(file: string, change: string): readonly string[] {
  try {
    const written = JSON.parse(readFileSync(file, 'utf8')) as Written;
    return written.change === change ? written.done : [];
  } catch {
    return [];
  }
}
