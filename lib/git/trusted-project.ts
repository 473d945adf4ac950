import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requireOwnFolder } from '../fs/trusted.ts';
import { gitReading } from '../processes/git.ts';
import { workingFolderCommitted } from './errors.ts';

/**
 * Requires that what a project's `.tandem` holds was put there by this user, not by a commit, a link or somebody else on this machine.
 * @throws TandemError `folder-not-trusted`, `link-not-followed`, `working-folder-committed`
 */
export function requireTrustedProject(root: string): void {
  const folder = join(root, '.tandem');
  if (!existsSync(folder)) return;
  requireOwnFolder(folder);
  const committed = trackedBelow(root);
  if (committed.length > 0) throw workingFolderCommitted(committed);
}

/** Files of `.tandem`, in whatever case, that git tracks; none outside a repository or without git. */
function trackedBelow(root: string): string[] {
  // A file system that ignores case gives `.Tandem` of a commit for `.tandem`.
  const { args, env } = gitReading(['ls-files', '-z', '--cached', '--', ':(icase).tandem']);
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const output = execFileSync('git', args, { cwd: root, env, stdio: [...stdio], maxBuffer: 64 << 20 });
    return output.toString().split('\0').filter(Boolean);
  } catch {
    return [];
  }
}
