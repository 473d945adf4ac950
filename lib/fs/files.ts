import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { onFile } from './fault.ts';

export interface AtomicWrite {
  /** Returns once the file survives a loss of power; false for what can be made again. @default true */
  readonly durable?: boolean;
  /** Before the umask. @default 0o600 */
  readonly mode?: number;
}

/** What a killed process left of a write; nobody reads it. */
export const ABANDONED_DRAFT: RegExp = /\.\d+-[0-9a-f]{8}$/;

/**
 * Writes a whole file so that a reader, or a crash at any moment, sees the old content or the new, never a part. Mode 0600, and 0700 for
 * folders that it makes.
 * @throws TandemError `disk-full` and the other faults of `systemFault`, naming the file
 */
export function writeFileAtomic(file: string, content: string | Uint8Array, options: AtomicWrite = {}): void {
  onFile(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    replaceFile(file, content, options);
  });
}

/** The same in a folder that is there, with the faults of the system as they are. */
export function replaceFile(
  file: string,
  content: string | Uint8Array,
  { durable = true, mode = 0o600 }: AtomicWrite,
): void {
  // Threads of one process write as well: its number alone does not tell writers apart.
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    const handle = openSync(draft, 'wx', mode);
    try {
      writeFileSync(handle, content);
      if (durable) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    discard(draft);
    throw error;
  }
  if (durable) syncFolder(dirname(file));
}

/** What cannot be removed either is left: why the write failed is what people need to know. */
function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // `ABANDONED_DRAFT` tells that nobody reads it.
  }
}

/** Makes a new name in a folder survive a loss of power. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * The text of a file; undefined where there is none.
 * @throws Error where it is no regular file: a pipe would hold up its reader until somebody writes
 */
export function readIfThere(file: string): string | undefined {
  try {
    const kind = statSync(file);
    if (!kind.isFile() && !kind.isDirectory()) throw new Error('it is not a regular file');
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Names in a folder, sorted; none where there is no folder. */
export function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return onFile(folder, () => readdirSync(folder).sort());
}

/** Files with this ending below a folder, sorted; none where there is no folder. */
export function filesBelow(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Whether an error says that a file does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
