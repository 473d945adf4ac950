import { expect, test } from 'vitest';
import { bareFleet } from '../../../lib/simulate/baselines/bare-fleet.ts';
import { waitsOf } from '../../../lib/simulate/measure/waits.ts';
import { simulate } from '../../../lib/simulate/run/simulation.ts';
import { Random } from '../../../lib/simulate/workload/random.ts';
import { type TracedJob, workloadOf } from '../../../lib/simulate/workload/workload.ts';

/** Erlang's second formula: the chance that a job of M/M/c waits. */
function waits(servers: number, load: number): number {
  let blocked = 1;
  for (let each = 1; each <= servers; each += 1) blocked = (load * blocked) / (each + load * blocked);
  return (servers * blocked) / (servers - load * (1 - blocked));
}

function poisson(perSecond: number, meanSeconds: number, count: number, seed: number): TracedJob[] {
  const random = new Random(seed);
  let at = 3600;
  return Array.from({ length: count }, () => {
    at += random.exponential(1 / perSecond);
    return { at, seconds: random.exponential(meanSeconds) };
  });
}

test.each([
  { servers: 1, load: 0.6 },
  { servers: 5, load: 4 },
  { servers: 20, load: 18 },
])('$servers instances under a load of $load wait as M/M/c does, and obey Little', ({ servers, load }) => {
  const mean = 60;
  const traced = poisson(load / mean, mean, 30_000, 7);
  const workload = workloadOf('m/m/c', traced, Math.ceil(traced.at(-1)?.at ?? 0));
  const result = simulate({ workload, fleet: bareFleet({ minimum: servers, maximum: servers }), seed: 3 });
  const { mean: wait } = waitsOf(result);
  const expected = (waits(servers, load) * mean) / (servers - load);
  expect(wait / expected).toBeGreaterThan(0.9);
  expect(wait / expected).toBeLessThan(1.1);
  // Little: jobs in the queue are the rate of arrivals times the wait.
  const { waiting } = result.minutes;
  const length = waiting.reduce((sum, each) => sum + each, 0) / waiting.length;
  const rate = workload.at.length / workload.span;
  expect(length / (rate * wait)).toBeGreaterThan(0.9);
  expect(length / (rate * wait)).toBeLessThan(1.1);
});
