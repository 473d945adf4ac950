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

/**
 * By how much the time of some work grows when its input grows fourfold: about 4 where it is linear, 16 where it is quadratic. A ratio of
 * one run, so that the machine's speed decides nothing; 0 where the work is soon done at the full size.
 */
export function growth(prepare: (size: number) => () => void, size: number): number {
  const whole = prepare(size);
  const started = performance.now();
  whole();
  // By the clock it took no less than of the processor, and more where others had their turn.
  if (performance.now() - started < SOON_MS) return 0;
  const spentOnWhole = fastest(whole);
  return spentOnWhole < SOON_MS ? 0 : spentOnWhole / fastest(prepare(size / 4));
}

/** Between linear and quadratic. */
export const LINEAR = 8;
