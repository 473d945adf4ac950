import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TandemError } from '../errors/tandem-error.ts';
import type { Place } from './errors.ts';
import * as faults from './errors.ts';

const byCode: Readonly<Record<string, (place: Place) => TandemError>> = {
  ENOSPC: faults.diskFull,
  EDQUOT: faults.quotaExceeded,
  EROFS: faults.readOnlyFileSystem,
  EMFILE: faults.tooManyOpenFiles,
  ENFILE: faults.tooManyOpenFiles,
  EACCES: faults.notPermitted,
  EPERM: faults.notPermitted,
  EIO: faults.diskFailed,
};

/** SQLite's primary result codes, as the system's. */
const bySqlite: Readonly<Record<number, string>> = { 3: 'EACCES', 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC' };

/**
 * The expected error that a fault of disk, quota, permission or descriptors is; any other error as it is. A write's own error does not
 * say which file it was about: who writes passes the path.
 */
export function systemFault(error: unknown, path?: string): unknown {
  const code = codeOf(error);
  const toError = code === undefined ? undefined : byCode[code];
  if (toError === undefined) return error;
  const told = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  const fault = toError(placeOf(path ?? told));
  fault.cause = error;
  return fault;
}

/** Runs what touches a file; a fault of the system names it. */
export function onFile<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw systemFault(error, path);
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'ERR_SQLITE_ERROR' && 'errcode' in error) return bySqlite[Number(error.errcode) & 0xff];
  return String(error.code);
}

function placeOf(path: string | undefined): Place {
  if (path === undefined) return { text: 'a file' };
  const mount = mountOf(path);
  return mount === undefined ? { text: path, path } : { text: `${path} (on ${mount})`, path, mount };
}

/** The mount point that a path is below; undefined where the system does not say. */
function mountOf(path: string): string | undefined {
  let mounts: string[];
  try {
    mounts = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '));
  } catch {
    return undefined;
  }
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (mounts.includes(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
