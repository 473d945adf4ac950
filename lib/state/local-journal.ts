import { copyFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onFile } from '../fs/fault.ts';
import { namesIn, syncFolder, writeFileAtomic } from '../fs/files.ts';
import { appendLine } from './append-line.ts';
import type { StoreOptions } from './broken.ts';
import type { Journal } from './journal.ts';
import { type JournalPlace, journalIn, type Line } from './journal-in.ts';
import { moveAside, readText, whileHeld } from './local-cells.ts';

const ENDING = '.jsonl';

/** The journal as files, `.tandem/journal/<operation>.jsonl`. */
export function localJournal(root: string, options: StoreOptions = {}): Journal {
  return journalIn(filesOf(root), options);
}

/**
 * One file an operation, moved to `ended/` after its end, so that looking for unfinished ones stays quick. Operations that run at once
 * never write to the same file.
 */
function filesOf(root: string): JournalPlace {
  const folder = join(root, '.tandem', 'journal');
  const ended = join(folder, 'ended');
  const fileOf = (operation: string): string => join(folder, `${operation}${ENDING}`);
  const linesOf = (operation: string): Line[] => {
    const text = readText(fileOf(operation)) ?? readText(join(ended, `${operation}${ENDING}`)) ?? '';
    const whole = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    return whole.map((line, index) => ({ at: `line ${index + 1}`, text: line }));
  };
  return {
    where: fileOf,
    async append(operation, kind, text, fences) {
      const file = fileOf(operation);
      const append = (): true => {
        if (kind === 'begin') onFile(ended, () => mkdirSync(ended, { recursive: true, mode: 0o700 }));
        appendLine(file, text);
        if (kind === 'begin') syncFolder(folder);
        return true;
      };
      return fences.length === 0 ? append() : await whileHeld(root, fences, append);
    },
    lines: async (operation) => linesOf(operation),
    unfinished: async () => operationsIn(folder),
    async ended(limit) {
      return operationsIn(ended).toReversed().slice(0, limit);
    },
    async finish(operation) {
      onFile(fileOf(operation), () => {
        mkdirSync(ended, { recursive: true, mode: 0o700 });
        renameSync(fileOf(operation), join(ended, `${operation}${ENDING}`));
      });
    },
    async drop(operation, lines, to) {
      const file = fileOf(operation);
      const copy = join(to, 'journal', `${operation}${ENDING}`);
      const kept = statSync(file).isFile() ? linesOf(operation).filter((line) => !lines.includes(line.at)) : [];
      if (kept.length === 0) return moveAside(file, copy);
      onFile(copy, () => {
        mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
        copyFileSync(file, copy);
      });
      writeFileAtomic(file, kept.map((line) => `${line.text}\n`).join(''));
      return copy;
    },
  };
}

function operationsIn(folder: string): string[] {
  const names = namesIn(folder).filter((name) => name.endsWith(ENDING));
  return names.map((name) => name.slice(0, -ENDING.length));
}
