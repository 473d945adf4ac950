import { hash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { create } from 'tar';
import { onFile } from '../fs/fault.ts';
import { emptyProgram, noProgram, strangeEntry } from './errors.ts';

/** A program as workers fetch it. */
export interface PackedProgram {
  /** The archive. */
  readonly file: string;
  /** Of the archive, in hexadecimal digits: what the configuration names. */
  readonly sha256: string;
  readonly bytes: number;
  readonly files: number;
}

/** Never of a program: what version control keeps beside it. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.DS_Store']);

/** Where archives are kept, by their digest. */
export function archiveOf(root: string, sha256: string): string {
  return join(root, '.tandem', 'programs', `${sha256}.tar`);
}

/**
 * Packs a folder as a tar, into `.tandem/programs` of the project: the same bytes for the same names, contents and executable bits, on any
 * machine. So there is no time and no owner in it, and no compression, whose bytes depend on the library's build. Links stay links; empty
 * folders are left out.
 * @param path relative to the project
 * @throws TandemError `no-program`, `empty-program`, `strange-entry`, and the faults of `systemFault`
 */
export function packProgram(root: string, path: string): PackedProgram {
  const folder = join(root, path);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw noProgram(path);
  const names = onFile(folder, () => filesIn(folder, path, ''));
  if (names.length === 0) throw emptyProgram(path);
  const programs = dirname(archiveOf(root, ''));
  return onFile(programs, () => {
    mkdirSync(programs, { recursive: true, mode: 0o700 });
    const draft = mkdtempSync(join(programs, 'draft-'));
    try {
      const archive = join(draft, 'program.tar');
      const options = {
        file: archive,
        cwd: folder,
        portable: true,
        mtime: new Date(0),
        noDirRecurse: true,
        sync: true,
      } as const;
      create(
        {
          ...options,
          filter: (_name, stat) => {
            // A second name of a file would be a link to the first, or not, as the file system has it.
            Object.assign(stat, { nlink: 1, mode: modeOf(stat.mode ?? 0) });
            return true;
          },
        },
        // A name that begins with @ would be read as another archive.
        names.map((name) => `./${name}`),
      );
      const content = readFileSync(archive);
      const sha256 = hash('sha256', content);
      const file = archiveOf(root, sha256);
      chmodSync(archive, 0o600);
      renameSync(archive, file);
      return { file, sha256, bytes: content.length, files: names.length };
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}

/** Whether it may be run is all that counts of a file's mode. */
function modeOf(mode: number): number {
  return (mode & ~0o777) | ((mode & 0o100) === 0 ? 0o644 : 0o755);
}

/** Names of files and links, sorted by their bytes. */
function filesIn(root: string, path: string, below: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const name = posix.join(below, entry.name);
    if (LEFT_OUT.has(entry.name)) continue;
    if (entry.isDirectory()) found.push(...filesIn(root, path, name));
    else if (entry.isFile()) found.push(name);
    else if (entry.isSymbolicLink()) {
      const target = readlinkSync(join(root, name));
      if (leaves(name, target)) throw strangeEntry(path, name, `a link out of the folder, to ${target}`);
      found.push(name);
    } else throw strangeEntry(path, name, 'neither a file nor a link');
  }
  return below === '' ? found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))) : found;
}

function leaves(name: string, target: string): boolean {
  return posix.isAbsolute(target) || posix.join(posix.dirname(name), target).split('/')[0] === '..';
}
