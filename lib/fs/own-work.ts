import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onFile } from './fault.ts';
import { makeOwnFolder, requireNoLinks } from './trusted.ts';

/**
 * A folder below the project where a program runs on what Tandem wrote: on no link's other side, this user's alone, and with nothing in
 * it but the names that Tandem gives. Anything else, which the program might take for its own, is removed.
 * @param names entries of the folder that may stay, a folder's with a slash at its end; what is in them is the caller's to check
 * @throws TandemError `link-not-followed`, `folder-not-trusted` and the faults of a disk
 */
export function ownWorkFolder(root: string, folder: string, names: ReadonlySet<string>): string {
  requireNoLinks(root, folder);
  onFile(folder, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  });
  makeOwnFolder(folder);
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const isKnown = entry.isDirectory() ? names.has(`${entry.name}/`) : entry.isFile() && names.has(entry.name);
    if (!isKnown) rmSync(join(folder, entry.name), { recursive: true, force: true });
  }
  return folder;
}
