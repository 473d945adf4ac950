import { quantile, waitsIn } from '../measure/waits.ts';
import type { WorkloadReport } from './report.ts';

/** Instances at a time: what was needed for nobody to wait, and what was charged. */
export interface CapacityPoint {
  readonly policy: string;
  /** Hours since the beginning. */
  readonly hour: number;
  readonly needed: number;
  readonly charged: number;
}

/** What the best schedule is called beside policies. */
export const BEST = 'best possible';

/** Points of a line: more would not be seen. */
const POINTS = 300;

/** Of each policy and of the best schedule: the most within each of at most 300 parts of the time. */
export function capacitySeries({ best, policies, workload }: WorkloadReport): CapacityPoint[] {
  const { demand, optimum } = best;
  const hours = Math.max(
    ...[workload.span / 3600, (demand.instances.length * demand.slotSeconds) / 3600],
    ...policies.map(({ simulated }) => simulated.minutes.charged.length / 60),
  );
  const step = Math.max(1 / 60, hours / POINTS);
  const needed = steps(demand.instances, demand.slotSeconds / 3600, step);
  const lines: [string, number[]][] = [
    ...policies.map(({ policy, simulated }): [string, number[]] => [
      policy,
      steps(simulated.minutes.charged, 1 / 60, step),
    ]),
    [BEST, steps(optimum.capacity, demand.slotSeconds / 3600, step)],
  ];
  return lines.flatMap(([policy, charged]) =>
    Array.from({ length: Math.ceil(hours / step) }, (_, index) => ({
      ...{ policy, hour: round(index * step), needed: needed[index] ?? 0, charged: charged[index] ?? 0 },
    })),
  );
}

function steps(values: readonly number[], width: number, step: number): number[] {
  const all: number[] = [];
  for (const [index, value] of values.entries()) {
    const at = Math.floor((index * width + 1e-9) / step);
    all[at] = Math.max(all[at] ?? 0, value);
  }
  return all;
}

export interface WaitPoint {
  readonly policy: string;
  /** Seconds, of which the logarithm is drawn: 1 stands for all up to it. */
  readonly wait: number;
  /** Percent of the jobs that waited no longer. */
  readonly percent: number;
}

/** Percents of the jobs: close to each other where few wait long. */
const PERCENTS = [...Array.from({ length: 98 }, (_, index) => index + 1), 98.5, 99, 99.3, 99.6, 99.8, 99.9, 100];

export function waitSeries({ policies }: WorkloadReport): WaitPoint[] {
  return policies.flatMap(({ policy, simulated }) => {
    const waits = waitsIn(simulated).sort();
    return PERCENTS.map((percent) => ({
      ...{ policy, percent },
      wait: round(Math.max(1, quantile(waits, percent / 100))),
    }));
  });
}

export interface CostPoint {
  readonly policy: string;
  /** Wait in seconds that 95 of 100 jobs do not exceed. */
  readonly wait: number;
  /** US dollars, or instance-hours where there is no price. */
  readonly cost: number;
  /** No other policy is better in one and no worse in the other. */
  readonly isFront: boolean;
}

export function costSeries({ policies }: WorkloadReport): CostPoint[] {
  const hasMoney = policies.every(({ usd }) => usd !== undefined);
  const points = policies.map(({ policy, waits, usd, instanceHours }) => ({
    ...{ policy, wait: round(waits.p95), cost: round(hasMoney ? (usd ?? 0) : instanceHours) },
  }));
  return points.map((point) => ({
    ...point,
    isFront: !points.some(
      ({ wait, cost }) => wait <= point.wait && cost <= point.cost && (wait < point.wait || cost < point.cost),
    ),
  }));
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
