import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** A file that another process writes. */
export interface GrowingFile {
  /** Whole lines that came since the last look; none while the file is not there. */
  lines(): Generator<string>;
  close(): void;
}

export function growingFile(file: string): GrowingFile {
  let handle: number | undefined;
  const chunk = Buffer.alloc(64 * 1024);
  const decoder = new TextDecoder();
  let rest = '';
  return {
    *lines() {
      if (handle === undefined && existsSync(file)) handle = openSync(file, 'r');
      if (handle === undefined) return;
      for (let size = readSync(handle, chunk); size > 0; size = readSync(handle, chunk)) {
        const parts = (rest + decoder.decode(chunk.subarray(0, size), { stream: true })).split('\n');
        rest = parts.pop() ?? '';
        yield* parts;
      }
    },
    close() {
      if (handle !== undefined) closeSync(handle);
    },
  };
}
