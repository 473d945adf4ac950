import { readFile, statfs } from 'node:fs/promises';

export async function availableMib(): Promise<number> {
  const match = /^MemAvailable:\s+(\d+) kB/m.exec(await readFile('/proc/meminfo', 'utf8'));
  return Math.floor(Number(match?.[1] ?? 0) / 1024);
}

export async function freeMib(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return Math.floor((bavail * bsize) / 2 ** 20);
}
