import type { StoreOptions } from './broken.ts';
import { localCells, lockFolder } from './local-cells.ts';
import type { LockStore } from './lock.ts';
import { locksIn } from './locks.ts';

/** Locks as files in `.tandem/locks/<stack>.json`. */
export function localLocks(root: string, options: StoreOptions = {}): LockStore {
  return locksIn(localCells(root, lockFolder(root)), options);
}
