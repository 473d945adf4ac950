import { open } from 'node:fs/promises';

/** How much of a failed job's standard error is logged. */
const MAXIMUM_BYTES = 2000;

/** The end of a job's standard error; empty where there is no such file. */
export async function stderrTail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - MAXIMUM_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
