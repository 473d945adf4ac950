import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesBelow, isMissing, syncFolder } from '../fs/files.ts';
import { appendLine } from './append-line.ts';
import { brokenStateFile } from './errors.ts';
import {
  beginEntry,
  entryOf,
  isFinished,
  type Journal,
  type JournalEntry,
  journalEntrySchema,
  newOperationId,
  replay,
  type UnfinishedOperation,
} from './journal.ts';

/**
 * The journal as one file an operation: `.tandem/journal/<operation>.jsonl`, moved to `ended/` after its end, so that looking for
 * unfinished ones stays quick. Operations that run at once never write to the same file.
 */
export function localJournal(root: string): Journal {
  const folder = join(root, '.tandem', 'journal');
  const ended = join(folder, 'ended');
  const fileOf = (operation: string): string => join(folder, `${operation}.jsonl`);
  const append = (operation: string, entry: JournalEntry): void => appendLine(fileOf(operation), JSON.stringify(entry));

  return {
    async begin(operation, id = newOperationId()) {
      mkdirSync(ended, { recursive: true, mode: 0o700 });
      append(id, beginEntry(operation, id));
      syncFolder(folder);
      return id;
    },
    async intend({ operation, key, detail }) {
      append(operation, entryOf({ entry: 'intend' as const, operation, key, detail: { ...detail } }));
    },
    async done({ operation, key }, result) {
      append(operation, entryOf({ entry: 'done' as const, operation, key, result: result ?? null }));
    },
    async end(operation, outcome, reason = '') {
      append(operation, entryOf({ entry: 'end' as const, operation, outcome, reason }));
      renameSync(fileOf(operation), join(ended, `${operation}.jsonl`));
    },
    async open() {
      const files = filesBelow(folder, '.jsonl').filter((file) => !file.startsWith(ended));
      return files.flatMap((file) => {
        const operation = replay(readEntries(file));
        return operation === undefined || isFinished(operation) ? [] : [operation];
      });
    },
    async entries(operation) {
      const files = [fileOf(operation), join(ended, `${operation}.jsonl`)];
      return files.map(readEntries).find((entries) => entries.length > 0) ?? [];
    },
    async history(limit) {
      const files = filesBelow(folder, '.jsonl').sort((a, b) => (basename(a) < basename(b) ? 1 : -1));
      const operations: UnfinishedOperation[] = [];
      for (const file of files) {
        if (operations.length === limit) break;
        const operation = replay(readEntries(file));
        if (operation !== undefined && isFinished(operation)) operations.push(operation);
      }
      return operations.filter(isFinished);
    },
  };
}

/** Entries of a file. A last line that a crash cut off was never acknowledged: it did not happen. */
function readEntries(file: string): JournalEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseEntry(file, line));
}

function parseEntry(file: string, line: string): JournalEntry {
  try {
    return journalEntrySchema.parse(JSON.parse(line));
  } catch (error) {
    throw brokenStateFile(file, error instanceof Error ? error.message : String(error));
  }
}
