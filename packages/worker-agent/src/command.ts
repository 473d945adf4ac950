import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Whether a program can be started here. Asked once, before the first heartbeat: an instance that lacks it would otherwise fail
 * one job after the other, and fill the dead-letter queue with jobs that nothing is wrong with.
 */
export function canStart(program: string, path: string): boolean {
  const candidates = program.includes('/') ? [program] : path.split(delimiter).map((folder) => join(folder, program));
  return candidates.some((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}
