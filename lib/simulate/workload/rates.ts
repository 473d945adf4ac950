import { Random } from './random.ts';
import { requireFew, type TracedJob, type Workload, workloadOf } from './workload.ts';

/** How many jobs came from a time on, until the next one. */
export interface Rate {
  /** Seconds. */
  readonly at: number;
  readonly jobs: number;
  /** Of jobs that ended then. @default - that of the line before; of the first, that of the next that has one */
  readonly meanSeconds?: number | undefined;
  /** @default - the durations are exponential */
  readonly p95Seconds?: number | undefined;
}

/** Where a log-normal distribution has its 95th percentile, in standard deviations of its logarithm. */
const P95 = 1.6449;

/**
 * Jobs by chance, as many as rates say, evenly within each interval. Durations are log-normal with the mean and the 95th percentile that
 * are given; exponential where there is no percentile, or one that no log-normal distribution has.
 */
export function workloadOfRates(name: string, rates: readonly Rate[], seed: number): Workload {
  requireFew(
    name,
    rates.reduce((sum, rate) => sum + rate.jobs, 0),
  );
  const random = new Random(seed);
  const gaps = rates.slice(1).map(({ at }, index) => at - (rates[index]?.at ?? 0));
  // Gaps of a record are not filled: no interval is longer than most are.
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 60;
  const begin = rates[0]?.at ?? 0;
  let mean = rates.find(({ meanSeconds }) => (meanSeconds ?? 0) > 0)?.meanSeconds ?? 1;
  let p95: number | undefined;
  const jobs: TracedJob[] = [];
  for (const [index, rate] of rates.entries()) {
    if ((rate.meanSeconds ?? 0) > 0) [mean, p95] = [rate.meanSeconds ?? mean, rate.p95Seconds];
    const width = Math.min(gaps[index] ?? usual, usual);
    for (let left = Math.round(rate.jobs); left > 0; left -= 1)
      jobs.push({
        at: rate.at - begin + width * random.next(),
        seconds: Math.max(0.001, durationOf(random, mean, p95)),
      });
  }
  return workloadOf(name, jobs, (rates.at(-1)?.at ?? 0) - begin + usual);
}

/** With the median m and the deviation s of its logarithm, the mean is m·exp(s²/2) and the percentile m·exp(1.64 s): a quadratic in s. */
function durationOf(random: Random, mean: number, p95: number | undefined): number {
  const ratio = p95 === undefined ? 0 : Math.log(p95 / mean);
  const root = P95 * P95 - 2 * ratio;
  if (p95 === undefined || ratio <= 0 || root < 0) return random.exponential(mean);
  const deviation = P95 - Math.sqrt(root);
  return random.logNormal(mean * Math.exp((-deviation * deviation) / 2), Math.exp(deviation));
}
