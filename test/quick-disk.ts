import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

const MEMORY = '/dev/shm';
/** Unit tests hold some dozens of megabytes at a time. */
const LEAST_FREE = 1 << 30;

/**
 * Temporary folders of unit tests are in memory, where there is room: states, journals and repositories are synced to disk thousands of times,
 * and each sync of a real disk takes some milliseconds that nothing here depends on.
 */
export function setup({ config }: TestProject): (() => void) | undefined {
  const folder = inMemory();
  if (folder === undefined) return undefined;
  config.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A new folder in memory; undefined where there is no such place, it is small, or it runs no programs, as in a container. */
function inMemory(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < LEAST_FREE) return undefined;
    const folder = mkdtempSync(join(MEMORY, 'tandem-'));
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
    if (spawnSync(program).status === 0) return folder;
    rmSync(folder, { recursive: true });
  } catch {
    // No memory to write to.
  }
  return undefined;
}
