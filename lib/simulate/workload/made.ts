import { Random } from './random.ts';
import { type TracedJob, type Workload, workloadOf } from './workload.ts';

const [HOUR, DAY] = [3600, 86_400];

interface Shape {
  readonly span: number;
  /** Jobs a second, at a second. */
  readonly rate: (second: number) => number;
  readonly duration: (random: Random) => number;
  readonly losses?: Workload['losses'];
}

/** Seconds for which a rate is taken as it is at their beginning. */
const STEP = 10;

/** Jobs by chance at a rate that changes. */
function made(name: string, { span, rate, duration, losses = [] }: Shape, seed: number): Workload {
  const random = new Random(seed);
  const jobs: TracedJob[] = [];
  for (let step = 0; step < span; step += STEP)
    for (let left = random.poisson(STEP * rate(step)); left > 0; left -= 1)
      jobs.push({ at: step + STEP * random.next(), seconds: duration(random) });
  return { ...workloadOf(name, jobs, span), losses };
}

/** Higher by day than by night, from `low` to 1, highest at 18:00. */
const daily = (second: number, low: number): number =>
  low + ((1 - low) * (1 + Math.cos(2 * Math.PI * (second / DAY - 0.75)))) / 2;

/** Requests that one job stands for: a report is of many. */
const REQUESTS = 500;

/** A job stands for many requests or messages, which one instance answers one after another. */
export const MADE_WORKLOADS = {
  /** From 10,000 to 90,000 requests a minute at 18:00 within two weeks, fewer at other times. */
  'profile-growth': (seed: number): Workload =>
    made(
      'profile-growth',
      {
        span: 14 * DAY,
        rate: (at) => ((10_000 + (80_000 * at) / (14 * DAY)) * daily(at, 0.4)) / 60 / REQUESTS,
        duration: (random) => random.logNormal(40, 1.3),
      },
      seed,
    ),
  /** 700,000 requests within ten seconds, an hour without any before and after. */
  burst: (seed: number): Workload =>
    made(
      'burst',
      {
        span: 7200,
        rate: (at) => (at >= 3600 && at < 3610 ? 700_000 / 10 / REQUESTS : 0),
        duration: (random) => random.logNormal(120, 1.1),
      },
      seed,
    ),
  /** A week of messages, 50,000 a job, at the rate of 500 million a day at 18:00; nights and weekends are quieter, evenings have waves. */
  'social-week': (seed: number): Workload =>
    made(
      'social-week',
      {
        span: 7 * DAY,
        rate: (at) =>
          (500_000_000 / DAY / 50_000) *
          daily(at, 0.2) *
          (Math.floor(at / DAY) >= 5 ? 0.7 : 1) *
          (at % DAY > 70_000 && at % 3600 < 600 ? 2.5 : 1),
        duration: (random) => random.logNormal(300, 2),
      },
      seed,
    ),
  /** A working day that keeps about 400 lanes busy at its height, in which 300 instances have to be started anew at once. */
  'mass-restart': (seed: number): Workload =>
    made(
      'mass-restart',
      {
        span: DAY,
        rate: (at) => 1.05 * daily(at, 0.2),
        duration: (random) => random.logNormal(300, 2),
        losses: [{ at: 18 * HOUR, instances: 300 }],
      },
      seed,
    ),
} as const;
