import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs an action that no other process runs at the same time on this folder. SQLite's own lock is the kernel's: it ends with its
 * process, however that ends, which a lock file made by hand cannot guarantee.
 *
 * @param patience - How long to wait for the others, in milliseconds; by default for what takes a moment only.
 */
export async function guarded<T>(folder: string, action: () => T | Promise<T>, patience = 30_000): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const guard = new DatabaseSync(join(folder, 'guard.sqlite'), { timeout: 0 });
  try {
    await begin(guard, performance.now() + patience);
    return await action();
  } finally {
    guard.close();
  }
}

/** Waits without blocking: the one who is in may be another part of this very process. */
async function begin(guard: DatabaseSync, deadline: number): Promise<void> {
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    try {
      guard.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      const busy = error instanceof Error && /locked|busy/i.test(error.message);
      if (!busy || performance.now() > deadline) throw error;
    }
    await sleep(pause);
  }
}
