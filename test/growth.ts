const RUNS = 3;
/** What is done sooner is not looked at any further: nobody waits for it, and noise is larger. */
const SOON_MS = 100;

/** Milliseconds of the processor, whatever else the machine does. */
function spent(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The slowest of a few runs is noise of the collector; the fastest is the work's. */
function fastest(work: () => void): number {
  return Math.min(...Array.from({ length: RUNS }, () => spent(work)));
}

/** Between linear and quadratic. */
export const LINEAR = 8;

/**
 * By how much the time of some work grows when its input grows fourfold: about 4 where it is linear, 16 where it is quadratic. A ratio of
 * one run, so that the machine's speed decides nothing; 0 where the work is soon done at the full size. What one run shows to be below
 * `LINEAR` is not repeated: the fastest of more would be no larger.
 */
export function growth(prepare: (size: number) => () => void, size: number): number {
  const whole = prepare(size);
  let least = spent(whole);
  if (least < SOON_MS) return 0;
  const quarter = fastest(prepare(size / 4));
  for (let run = 1; run < RUNS && least / quarter >= LINEAR; run += 1) least = Math.min(least, spent(whole));
  return least < SOON_MS ? 0 : least / quarter;
}
