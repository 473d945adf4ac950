import { open, stat } from 'node:fs/promises';
import type { ProcessEnd } from './ports.ts';

/** How much of a failed job's last words is logged. */
const LAST_WORDS = 2000;

/** Why a command did not do its job. */
export function whyNot(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exit':
      return `ended with ${end.code}`;
    case 'killed':
      return `killed by ${end.signal}`;
    case 'not-started':
      return `not started: ${end.why}`;
    default:
      return end.kind;
  }
}

/** Whether there is such a file. */
export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** The end of a file, empty where there is none. */
export async function tail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - LAST_WORDS);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
