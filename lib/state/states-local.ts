import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readIfThere, writeFileAtomic } from '../fs/files.ts';
import { guarded } from '../fs/guard.ts';
import type { StackId } from '../stack/id.ts';
import { stateInUse } from './errors.ts';
import type { RawStates } from './states.ts';

/** States as files, `.tandem/state/<stack>.tfstate`, as Terraform's `local` back end keeps them. */
export function localStates(root: string): RawStates {
  const fileOf = (stack: StackId): string => join(root, '.tandem', 'state', `${stack}.tfstate`);
  return {
    backend: 'local',
    read: (stack) => Promise.resolve(readIfThere(fileOf(stack))),
    replace: (stack, before, after) =>
      guarded(dirname(fileOf(stack)), () => {
        const file = fileOf(stack);
        if (readIfThere(file) !== before) return false;
        if (isLocked(file)) throw stateInUse(stack, `a Terraform that has ${file} open`);
        writeFileAtomic(file, after);
        return true;
      }),
    // The kernel's: they end with their process.
    breakLock: () => Promise.resolve(undefined),
  };
}

/** Whether a process holds the kernel's lock on a file, which is the one that Terraform takes. Known on Linux alone. */
function isLocked(file: string): boolean {
  const inode = statSync(file, { throwIfNoEntry: false })?.ino;
  try {
    const locks = readFileSync('/proc/locks', 'utf8').split('\n');
    return inode !== undefined && locks.some((line) => line.includes('POSIX') && line.includes(`:${inode} `));
  } catch {
    return false;
  }
}
