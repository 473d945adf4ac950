import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { onFile, systemFault } from './fault.ts';

/**
 * Runs an action that no other process runs at the same time on this folder. SQLite's own lock is the kernel's: it ends with its
 * process, however that ends, which a lock file made by hand cannot guarantee.
 *
 * @throws TandemError where the folder cannot be written, as `systemFault` has them
 * @param patience - How long to wait for the others, in milliseconds; by default for what takes a moment only.
 */
export async function guarded<T>(folder: string, action: () => T | Promise<T>, patience = 30_000): Promise<T> {
  const file = join(folder, 'guard.sqlite');
  const guard = onFile(file, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // SQLite says only that it cannot open a file; this says why.
    closeSync(openSync(file, 'a', 0o600));
    return new DatabaseSync(file, { timeout: 0 });
  });
  try {
    await begin(guard, file, performance.now() + patience);
    return await action();
  } finally {
    guard.close();
  }
}

/** Waits without blocking: the one who is in may be another part of this very process. */
async function begin(guard: DatabaseSync, file: string, deadline: number): Promise<void> {
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    try {
      guard.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      const busy = error instanceof Error && /locked|busy/i.test(error.message);
      if (!busy || performance.now() > deadline) throw systemFault(error, file);
    }
    await sleep(pause);
  }
}
