import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeFileAtomic } from '../../fs/files.ts';
import type { StackId } from '../../stack/id.ts';
import { jsonIn } from '../../text/json.ts';
import { workFolder } from '../work-folder.ts';

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
      const written: Written = { format: 'tandem.kolla-progress/1', change, done: [...done] };
      writeFileAtomic(file, JSON.stringify(written));
    },
    clear: () => rmSync(file, { force: true }),
  };
}

function read(file: string, change: string): readonly string[] {
  const written = jsonIn(readIfThere(file)) as Written | undefined;
  return written?.change === change ? written.done : [];
}
