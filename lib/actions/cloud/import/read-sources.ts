import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeText } from '../../../config/text.ts';
import type { InventorySource } from '../../../private-cloud/import/inventory.ts';
import type { SourceFile } from '../../../private-cloud/import/source.ts';
import { importUnreadable } from './errors.ts';

/** Larger files are no variables that people write. */
const MAXIMUM_BYTES = 4 * 1024 * 1024;
/** What Ansible passes over in a folder of inventories, and in one of variables. */
const PASSED_OVER = /^\.|~$|\.(?:orig|cfg|retry|pyc|pyo|bak|swp|md|j2|csv)$/;

/** One text file. @throws TandemError `import-unreadable` for a folder, what is not there, what is too large, and what is no text */
export function readSource(path: string): SourceFile {
  let bytes: Buffer;
  try {
    const status = statSync(path);
    if (status.isDirectory()) throw importUnreadable(path, 1, 'it is a folder', 'name the file itself');
    if (status.size > MAXIMUM_BYTES) {
      const size = `it has ${(status.size / 1024 / 1024).toFixed(1)} MiB; variables that people write have less than 4`;
      throw importUnreadable(path, 1, size, 'name the file that people edit, not what a tool has written from it');
    }
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw importUnreadable(path, 1, 'there is no such file', 'name one that is there');
    if (code === 'EACCES') throw importUnreadable(path, 1, 'it may not be read by this user', 'make it readable');
    throw error;
  }
  const decoded = decodeText(bytes);
  if ('text' in decoded) return { path, text: decoded.text };
  throw importUnreadable(path, decoded.line, `${decoded.message}: it is no text of an inventory`, decoded.fix);
}

/** An inventory: a file, or a folder with several, with the folders of variables beside it. @throws TandemError `import-unreadable` */
export function readInventorySources(paths: readonly string[]): InventorySource {
  const sources = paths.map((path) => {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const folder = isFolder ? path : dirname(path);
    return {
      files: isFolder ? filesOf(path).map((name) => readSource(join(path, name))) : [readSource(path)],
      groupVariables: variableFiles(join(folder, 'group_vars')),
      hostVariables: variableFiles(join(folder, 'host_vars')),
    };
  });
  return {
    files: sources.flatMap((each) => each.files),
    groupVariables: sources.flatMap((each) => each.groupVariables),
    hostVariables: sources.flatMap((each) => each.hostVariables),
  };
}

/** Files by whom they are about: `NAME`, `NAME.yml`, or whatever is in the folder `NAME`. */
function variableFiles(folder: string): (SourceFile & { readonly name: string })[] {
  const entries = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? namesIn(folder) : [];
  return entries.flatMap((entry) => {
    const path = join(folder, entry);
    if (!statSync(path).isDirectory()) return [{ ...readSource(path), name: entry.replace(/\.(?:ya?ml|json)$/, '') }];
    return filesBelow(path).map((file) => ({ ...readSource(file), name: entry }));
  });
}

function filesBelow(folder: string): string[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

function filesOf(folder: string): string[] {
  return namesIn(folder).filter((name) => statSync(join(folder, name)).isFile() && !/\.(?:ini|sh|py)$/.test(name));
}

function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !PASSED_OVER.test(name) && statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined)
    .sort();
}
