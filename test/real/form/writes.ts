import { setTimeout as sleep } from 'node:timers/promises';

/** What clients were told, while something went on. */
export interface Written {
  /** Numbers whose write was acknowledged. */
  readonly acknowledged: readonly number[];
  /** Writes that ended with an error: nobody was told that they are kept. */
  readonly refused: number;
  /** Between two acknowledgements, at most, in milliseconds. */
  readonly longestGapMs: number;
  /** How long it went on, in milliseconds. */
  readonly tookMs: number;
}

/**
 * Four clients write numbers from `first` on, each the next when the last one's answer is there, while `during` runs. A gap is a time
 * without an acknowledgement to any of them, to the end of `during`.
 */
export async function writeWhile(
  write: (number: number) => Promise<void>,
  first: number,
  during: () => Promise<void>,
): Promise<Written> {
  const acknowledged: number[] = [];
  const started = performance.now();
  let last = started;
  let longestGapMs = 0;
  let refused = 0;
  let next = first;
  let going = true;
  const note = () => {
    const now = performance.now();
    longestGapMs = Math.max(longestGapMs, now - last);
    last = now;
  };
  const client = async () => {
    while (going) {
      const number = next++;
      try {
        await write(number);
        acknowledged.push(number);
        note();
      } catch {
        refused += 1;
        await sleep(20);
      }
    }
  };
  const clients = Array.from({ length: 4 }, client);
  try {
    await during();
  } finally {
    going = false;
    note();
  }
  await Promise.all(clients);
  return {
    acknowledged,
    refused,
    longestGapMs: Math.round(longestGapMs),
    tookMs: Math.round(performance.now() - started),
  };
}

/** In one line, for people: `longest gap 812 ms, 10311 writes acknowledged, 3 refused, in 40 s`. */
export function saysWritten(what: string, { acknowledged, refused, longestGapMs, tookMs }: Written): string {
  return `${what}: longest gap ${longestGapMs} ms, ${acknowledged.length} writes acknowledged, ${refused} refused, in ${Math.round(tookMs / 1000)} s\n`;
}
