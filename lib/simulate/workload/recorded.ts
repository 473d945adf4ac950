import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the recorded workload of an environment is, in the project's folder; undefined where none was recorded. */
export function recordedWorkload(root: string, environment: string): string | undefined {
  const file = join(root, 'config', 'workloads', `${environment}.csv`);
  return existsSync(file) ? file : undefined;
}
