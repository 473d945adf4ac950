import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that tests fill up or make read-only. Needs the right to mount. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it up, except for so many bytes. */
  fill(left?: number): void;
  /** Frees what `fill` took. */
  free(): void;
  readOnly(is: boolean): void;
  close(): void;
}

/** Whether this machine lets tests mount file systems. */
export const canMount: boolean =
  process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

export function smallDisk(kibibytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-disk-'));
  const mount = (...args: string[]) => execFileSync('mount', args);
  mount('-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none', folder);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill(left = 0) {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
    },
    free: () => rmSync(filler, { force: true }),
    readOnly: (is) => void mount('-o', `remount,${is ? 'ro' : 'rw'}`, folder),
    close() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
