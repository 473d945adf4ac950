import { constants, lstatSync, mkdirSync, openSync, type Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { folderNotTrusted, linkNotFollowed } from './errors.ts';

/**
 * Requires that nobody but this user can have put anything into a folder; one that is not there passes. Where the system has no owners
 * (Windows), only links are refused.
 * @throws TandemError `folder-not-trusted`, `link-not-followed`
 */
export function requireOwnFolder(folder: string): void {
  const stat = statOf(folder);
  if (stat === undefined) return;
  if (stat.isSymbolicLink()) throw linkNotFollowed(folder);
  if (!stat.isDirectory()) throw folderNotTrusted(folder, 'is no folder', 'move that file away');
  const user = process.getuid?.();
  if (user === undefined) return;
  if (stat.uid !== user)
    throw folderNotTrusted(
      folder,
      `belongs to user ${stat.uid}, and this is user ${user}`,
      `run as the user who owns it, or look at what it holds and \`chown -R ${user} ${folder}\``,
    );
  if ((stat.mode & 0o022) !== 0)
    throw folderNotTrusted(
      folder,
      `can be written by others (mode ${(stat.mode & 0o777).toString(8).padStart(4, '0')})`,
      `look at what it holds, then \`chmod -R go-w ${folder}\``,
    );
}

/** A folder of this user alone, made where it is not there. @throws TandemError `folder-not-trusted`, `link-not-followed` */
export function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requireOwnFolder(folder);
}

/**
 * Requires that no part of a path below `root` is a symbolic link, so that what is written there stays there. Parts that are not there
 * pass.
 * @throws TandemError `link-not-followed`
 */
export function requireNoLinks(root: string, path: string): void {
  let at = root;
  for (const part of relative(root, path).split(sep)) {
    at = join(at, part);
    const stat = statOf(at);
    if (stat === undefined) return;
    if (stat.isSymbolicLink()) throw linkNotFollowed(at);
  }
}

/**
 * Opens a file, never what a link in its place leads to. Only the last part of the path is looked at: `requireNoLinks` looks at the others.
 * @param flags of node:fs, e.g. `constants.O_RDONLY` @throws TandemError `link-not-followed`
 */
export function openNoFollow(file: string, flags: number): number {
  try {
    // Windows has no such flag, and needs a privilege to make a link.
    return openSync(file, flags | ((constants as { readonly O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ELOOP' || code === 'EMLINK') throw linkNotFollowed(file);
    throw error;
  }
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
