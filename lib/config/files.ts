import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ownEntry } from './own-entry.ts';

/**
 * The configuration's files, wherever they are: a directory, a commit, or memory. Paths are relative to the project's root,
 * with `/`. The adapters pass one contract test: `test/lib/config/files.contract.ts`.
 */
export interface ConfigFiles {
  /** The folder that they are in; undefined for a commit's and for those in memory. */
  readonly root?: string;
  /**
   * Names directly in a folder, of files and folders, sorted; empty where there is no such folder.
   * @throws ConfigFileError where there is something, but no folder that can be listed.
   */
  list(folder: string): readonly string[];
  /**
   * The content of a file of at most `maximumBytes`; a larger one is not read.
   * @throws ConfigFileError where there is no such file, or it cannot or must not be read.
   */
  read(file: string, maximumBytes?: number): Uint8Array;
}

/** Why a file cannot be had: codes of Node's file system, and three of our own. */
export class ConfigFileError extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ConfigFileError';
    this.code = code;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'it is a loop of symbolic links',
  ENOENT: 'there is no such file',
  ENOTDIR: 'it is not a folder',
  EISDIR: 'it is a folder, not a file',
  ENOTFILE: 'it is not a regular file',
  EDANGLING: 'it is a broken symbolic link',
  EOUTSIDE: 'it is a symbolic link to outside the project',
};

export function fileError(code: string, cause?: unknown): ConfigFileError {
  return new ConfigFileError(code, REASONS[code] ?? (cause instanceof Error ? cause.message : code), cause);
}

export function tooLarge(bytes: number): ConfigFileError {
  const kib = bytes / 1024;
  return new ConfigFileError('EFBIG', kib < 1024 ? `${Math.ceil(kib)} KiB` : `${(kib / 1024).toFixed(1)} MiB`);
}

/** The working tree. Symbolic links may lead about inside the project, never out of it: reviews and commits see only what is inside. */
export function directoryFiles(root: string): ConfigFiles {
  return {
    root,
    list(folder) {
      const path = join(root, folder);
      return guarded(() => {
        if (!exists(path)) return [];
        return readdirSync(inside(root, path)).sort();
      });
    },
    read(file, maximumBytes = Number.POSITIVE_INFINITY) {
      return guarded(() => {
        const path = inside(root, join(root, file));
        // Asked before opening: opening a pipe would wait for a writer.
        const kind = statSync(path);
        if (kind.isDirectory()) throw fileError('EISDIR');
        if (!kind.isFile()) throw fileError('ENOTFILE');
        const descriptor = openSync(path, 'r');
        try {
          const { size } = fstatSync(descriptor);
          if (size > maximumBytes) throw tooLarge(size);
          return readFileSync(descriptor);
        } finally {
          closeSync(descriptor);
        }
      });
    },
  };
}

/** Files held in memory, for tests and for a change that is checked before it is written. */
export function memoryFiles(files: Readonly<Record<string, string | Uint8Array>>): ConfigFiles {
  const isFolder = (path: string) => Object.keys(files).some((file) => file.startsWith(`${path}/`));
  return {
    list(folder) {
      if (Object.hasOwn(files, folder)) throw fileError('ENOTDIR');
      return entriesIn(Object.keys(files), folder);
    },
    read(file, maximumBytes = Number.POSITIVE_INFINITY) {
      const content = ownEntry(files, file);
      if (content === undefined) throw fileError(isFolder(file) ? 'EISDIR' : 'ENOENT');
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      if (bytes.length > maximumBytes) throw tooLarge(bytes.length);
      return bytes;
    },
  };
}

/** The names directly in a folder, given the paths of all files. */
export function entriesIn(files: Iterable<string>, folder: string): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const names = new Set<string>();
  for (const file of files) {
    if (file.startsWith(prefix)) names.add(file.slice(prefix.length).split('/', 1)[0] ?? '');
  }
  return [...names].sort();
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The real path of a file of the project. */
function inside(root: string, path: string): string {
  const realRoot = realpathSync(root);
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && exists(path)) throw fileError('EDANGLING', error);
    throw error;
  }
  if (real !== realRoot && !real.startsWith(realRoot.endsWith(sep) ? realRoot : `${realRoot}${sep}`))
    throw fileError('EOUTSIDE');
  return real;
}

function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ConfigFileError) throw error;
    throw fileError(codeOf(error), error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
}
