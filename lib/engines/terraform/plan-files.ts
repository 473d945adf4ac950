import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../../state/process.ts';

const PREFIX = 'tandem-plan-';

/**
 * A folder for one plan file. Plan files hold secrets in clear: they live in memory where the system has a file system there, are
 * readable by their owner alone, and are removed as soon as Terraform has read them.
 */
export function planFolder(): string {
  return mkdtempSync(join(memory(), `${PREFIX}${process.pid}-`));
}

export function removePlanFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Removes what killed processes of this user left. */
export function sweepPlanFolders(): void {
  const home = memory();
  for (const name of readdirSync(home)) {
    const [, processId] = /^tandem-plan-(\d+)-/.exec(name) ?? [];
    if (processId === undefined || isRunning({ processId: Number(processId), processStarted: '' })) continue;
    const folder = join(home, name);
    if (statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.()) removePlanFolder(folder);
  }
}

function memory(): string {
  for (const folder of [process.env['XDG_RUNTIME_DIR'], '/dev/shm']) {
    if (folder === undefined || folder === '') continue;
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
      return folder;
    } catch {
      // The next one, then.
    }
  }
  return tmpdir();
}
