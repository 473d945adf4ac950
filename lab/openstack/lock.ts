import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { labBusy } from '../errors.ts';
import type { LabLayout } from './layout.ts';
import { identify, isAlive, type ProcessId } from './process-id.ts';

/** Who holds the lock, unless that process is gone (killed, or of an earlier boot). */
export async function lockOwner(layout: Pick<LabLayout, 'run' | 'lock' | 'directory'>): Promise<ProcessId | undefined> {
  const text = await readFile(layout.lock, 'utf8').catch(() => '');
  try {
    const id = JSON.parse(text) as ProcessId;
    return isAlive(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** One `up` or `down` at a time on a directory. Resolves with what gives the lock back. */
export async function takeLock(layout: Pick<LabLayout, 'run' | 'lock' | 'directory'>): Promise<() => Promise<void>> {
  await mkdir(layout.run, { recursive: true });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const file = await open(layout.lock, 'wx', 0o600);
      await file.writeFile(JSON.stringify(identify(process.pid)));
      await file.close();
      return async () => {
        await rm(layout.lock, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = await lockOwner(layout);
      if (owner !== undefined) throw labBusy({ directory: layout.directory, pid: owner.pid });
      await rm(layout.lock, { force: true });
    }
  }
  throw labBusy({ directory: layout.directory, pid: 0 });
}
