import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { StackId } from '../../stack/id.ts';
import { workFolder } from '../work-folder.ts';

/** Where runs of kolla-ansible for a cloud write, each in a folder of its own. */
export function runsFolder(root: string, stack: StackId): string {
  return join(workFolder(root, stack), 'run');
}

/** Keys name hosts and hold spaces, and may be long. */
export function folderName(key: string): string {
  const readable = key.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 40);
  return `${readable}-${hash('sha256', key).slice(0, 12)}`;
}
