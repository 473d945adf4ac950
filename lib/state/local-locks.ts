import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, isMissing, writeFileAtomic } from '../fs/files.ts';
import { guarded } from '../fs/guard.ts';
import { brokenStateFile } from './errors.ts';
import {
  type Attempt,
  acquireByTrying,
  isDeadHere,
  type Lock,
  type LockRequest,
  type LockStore,
  lockSchema,
} from './lock.ts';

/** Locks as files in `.tandem/locks/<stack>.json`. */
export function localLocks(root: string): LockStore {
  const folder = join(root, '.tandem', 'locks');
  const fileOf = (stack: string): string => join(folder, `${stack}.json`);

  const take = (request: LockRequest): Promise<Attempt> =>
    guarded(folder, () => {
      const holder = readLock(fileOf(request.stack));
      if (holder !== undefined && !isDeadHere(holder, request.host)) return { held: false, holder };
      const lock: Lock = { format: 'tandem.lock/1', ...request, since: new Date().toISOString() };
      writeFileAtomic(fileOf(request.stack), `${JSON.stringify(lock, null, 2)}\n`);
      return { held: true, tookOver: holder };
    });

  const drop = (stack: string, operation?: string): Promise<Lock | undefined> =>
    guarded(folder, () => {
      const lock = readLock(fileOf(stack));
      // Whoever broke our lock may have given it to another by now.
      if (lock === undefined || (operation !== undefined && lock.operation !== operation)) return undefined;
      rmSync(fileOf(stack), { force: true });
      return lock;
    });

  return {
    async acquire(request, options) {
      const { tookOver } = await acquireByTrying(() => take(request), options);
      return {
        tookOver,
        release: async () => {
          await drop(request.stack, request.operation);
        },
      };
    },
    read: (stack) => Promise.resolve(readLock(fileOf(stack))),
    list: () => Promise.resolve(filesBelow(folder, '.json').flatMap((file) => readLock(file) ?? [])),
    break: (stack) => drop(stack),
  };
}

function readLock(file: string): Lock | undefined {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw brokenStateFile(file, error instanceof Error ? error.message : String(error));
  }
}
