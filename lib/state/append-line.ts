import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeFileSync } from 'node:fs';
import { onFile } from '../fs/fault.ts';

const NEWLINE = 0x0a;

/** Appends a line and returns once it is on disk. A last line that a crash cut off is cut away first. */
export function appendLine(file: string, line: string): void {
  onFile(file, () => {
    const handle = openSync(file, 'a+', 0o600);
    try {
      cutTornLine(handle);
      // All of it: a single write may stop in the middle of the line on a disk that is nearly full, without an error.
      writeFileSync(handle, `${line}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}

function cutTornLine(handle: number): void {
  const { size } = fstatSync(handle);
  const last = Buffer.alloc(1);
  if (size === 0 || (readSync(handle, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE)) return;
  const bytes = Buffer.alloc(size);
  readSync(handle, bytes, 0, size, 0);
  ftruncateSync(handle, bytes.lastIndexOf(NEWLINE) + 1);
}
