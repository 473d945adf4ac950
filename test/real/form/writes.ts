import { setTimeout as sleep } from 'node:timers/promises';

/** What clients were told, while something went on. */
export interface Written {
  /** Numbers whose write was acknowledged. */
  readonly acknowledged: readonly number[];
  /** Writes that ended with an error: nobody was told that they are kept. */
  readonly refused: number;
  /** Between two acknowledgements, at most, in milliseconds. */
  readonly longestGapMs: number;
  /** Why writes were refused: how often each. */
  readonly why: ReadonlyMap<string, number>;
  /** How late a timer of this process was, at most: what the machine itself stood still, in milliseconds. */
  readonly machineLateMs: number;
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
  const why = new Map<string, number>();
  let machineLateMs = 0;
  let ticked = started;
  const ticks = setInterval(() => {
    const now = performance.now();
    machineLateMs = Math.max(machineLateMs, now - ticked - 50);
    ticked = now;
  }, 50);
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
      } catch (error) {
        refused += 1;
        const reason = error instanceof Error ? `${error.name}: ${error.message.slice(0, 160)}` : String(error);
        why.set(reason, (why.get(reason) ?? 0) + 1);
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
    clearInterval(ticks);
  }
  await Promise.all(clients);
  return {
    acknowledged,
    refused,
    why,
    machineLateMs: Math.round(machineLateMs),
    longestGapMs: Math.round(longestGapMs),
    tookMs: Math.round(performance.now() - started),
  };
}

/** In a line for people, and one for each reason of a refusal. */
export function saysWritten(what: string, written: Written): string {
  const { acknowledged, refused, longestGapMs, machineLateMs, tookMs, why } = written;
  const head = `${what}: longest gap ${longestGapMs} ms (this machine was late by up to ${machineLateMs} ms), ${acknowledged.length} writes acknowledged, ${refused} refused, in ${Math.round(tookMs / 1000)} s\n`;
  return head + [...why].map(([reason, times]) => `  ${times} times ${reason}\n`).join('');
}
