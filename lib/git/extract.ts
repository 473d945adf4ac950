import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** Writes a folder of the repository, as a commit has it, to a folder that appears whole or not at all. */
async function extractCommit(root: string, commit: string, folder: string): Promise<void> {
  const aside = `${folder}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  try {
    const archive = join(aside, '.archive.tar');
    await exec('git', ['archive', '--format=tar', `--output=${archive}`, commit], { cwd: root });
    await exec('tar', ['-xf', archive, '-C', aside]);
    rmSync(archive);
    mkdirSync(dirname(folder), { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Unpacks a commit for as long as `work` takes. */
export async function withCommit<T>(
  root: string,
  commit: string,
  folder: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  try {
    await extractCommit(root, commit, folder);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
