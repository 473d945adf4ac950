import { open } from 'node:fs/promises';
import { redact } from './redact.ts';

/** How much of a failed job's standard error is kept. */
const MOST_CHARACTERS = 2000;
/** Read before it, so that what is cut off at its start is known for what it is: a private key has some thousand bytes. */
const BEFORE = 16_384;

/** The end of a job's standard error, without what looks like a secret; empty where there is no such file. */
export async function stderrTail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - MOST_CHARACTERS - BEFORE);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return redact(buffer.toString('utf8', 0, bytesRead)).slice(-MOST_CHARACTERS);
  } finally {
    await handle.close();
  }
}
