import { chmodSync, lstatSync, mkdirSync, readdirSync, renameSync, type Stats } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { onFile } from '../../fs/fault.ts';
import { ABANDONED_DRAFT } from '../../fs/files.ts';
import type { Check, Finding } from './check.ts';

/** Folders of `.tandem` that nobody else may read. */
const PRIVATE = ['record', 'journal', 'locks', 'state', 'state-versions'];
const DAY = 24 * 3600 * 1000;

/** What killed runs left in `.tandem`, and what others can read there. */
export const filesCheck: Check = async ({ root }) => {
  const top = join(root, '.tandem');
  const found: Finding[] = [];
  for (const folder of PRIVATE) {
    for (const [path, stat] of entriesBelow(join(top, folder))) {
      if (stat.isFile() && ABANDONED_DRAFT.test(basename(path)) && Date.now() - stat.mtimeMs > DAY)
        found.push(abandoned(top, path));
      else if (!stat.isSymbolicLink() && (stat.mode & 0o077) !== 0) found.push(tooOpen(path, stat));
    }
  }
  return Promise.resolve(found);
};

function abandoned(top: string, path: string): Finding {
  return {
    check: 'abandoned-draft',
    text: `${path} is a write that never ended; nobody reads it`,
    next: 'run `tandem doctor --repair`, which moves it aside',
    async repair(copies) {
      const to = join(copies, relative(top, path));
      onFile(to, () => {
        mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
        renameSync(path, to);
      });
      return Promise.resolve(`moved to ${to}`);
    },
  };
}

function tooOpen(path: string, { mode }: Stats): Finding {
  const wanted = mode & 0o700;
  return {
    check: 'mode-too-open',
    text: `${path} can be read by others (mode ${(mode & 0o777).toString(8)})`,
    next: 'run `tandem doctor --repair`, which takes their rights away',
    async repair() {
      onFile(path, () => {
        chmodSync(path, wanted);
      });
      return Promise.resolve(`mode ${wanted.toString(8)}`);
    },
  };
}

function entriesBelow(folder: string): [string, Stats][] {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [[folder, stat]];
  return [[folder, stat], ...readdirSync(folder).flatMap((name) => entriesBelow(join(folder, name)))];
}
