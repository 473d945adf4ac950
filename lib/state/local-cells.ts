import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { onFile } from '../fs/fault.ts';
import { isMissing, readIfThere, writeFileAtomic } from '../fs/files.ts';
import { guarded } from '../fs/guard.ts';
import type { Cells, Fence } from './cells.ts';

const ENDING = '.json';

/** Runs an action while nobody else changes a lock; false where one holds something else than the fences say. */
export async function whileHeld(root: string, fences: readonly Fence[], action: () => boolean): Promise<boolean> {
  const folder = lockFolder(root);
  return await guarded(
    folder,
    () => fences.every(({ stack, content }) => readText(join(folder, `${stack}${ENDING}`)) === content) && action(),
  );
}

export function lockFolder(root: string): string {
  return join(root, '.tandem', 'locks');
}

/** Texts as files `<folder>/<key>.json`. @param root - The project, whose locks are the fences */
export function localCells(root: string, folder: string): Cells {
  const fileOf = (key: string): string => join(folder, `${key}${ENDING}`);
  return {
    where: fileOf,
    keys: () => Promise.resolve(namesBelow(folder).map((file) => relative(folder, file).slice(0, -ENDING.length))),
    async get(key) {
      const text = readText(fileOf(key));
      return text === undefined ? undefined : { text, version: text };
    },
    async put(key, text, condition, fences = []) {
      const file = fileOf(key);
      if (condition === undefined && fences.length === 0) {
        writeFileAtomic(file, text);
        return true;
      }
      return await whileHeld(root, fences, () => {
        const there = readText(file);
        const expected = condition === undefined || 'onlyNew' in condition ? undefined : condition.instead;
        if (condition !== undefined && there !== expected) return false;
        writeFileAtomic(file, text);
        return true;
      });
    },
    async remove(key, fences = []) {
      const remove = (): true => {
        onFile(fileOf(key), () => {
          rmSync(fileOf(key), { force: true });
        });
        return true;
      };
      return fences.length === 0 ? remove() : await whileHeld(root, fences, remove);
    },
    setAside: async (key, to) => moveAside(fileOf(key), join(to, basename(folder), `${key}${ENDING}`)),
  };
}

/** Moves a file, or whatever is in its place. */
export function moveAside(from: string, to: string): string {
  return onFile(to, () => {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(from, to);
    return to;
  });
}

/** The text of a file; undefined where there is none. A link is not followed. */
export function readText(file: string): string | undefined {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw new Error('it is a symbolic link');
  return readIfThere(file);
}

/** Whatever has the ending below a folder, sorted: also folders and links, which nobody can read as a file. */
function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.name.endsWith(ENDING)) return [path];
        return entry.isDirectory() ? namesBelow(path) : [];
      })
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
