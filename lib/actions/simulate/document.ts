import type { Outcome } from '../../simulate/fit/task.ts';
import type { Gap } from '../../simulate/record/recording.ts';
import type { Report } from '../../simulate/report/report.ts';
import type { FitResult, FitSide } from './fit.ts';
import type { RecordResult } from './record.ts';

/** Whatever `tandem simulate` gives. */
export type SimulateResult = Report | FitResult | RecordResult;

export function simulateDocument(result: SimulateResult): object {
  if (!('kind' in result)) return runDocument(result);
  return result.kind === 'fit' ? fitDocument(result) : recordDocument(result);
}

/** The result without its series, which are long. */
export function runDocument({ environment, seed, goalSeconds, workloads }: Report) {
  return {
    ...{ kind: 'run' as const, environment, seed, goalSeconds: goalSeconds ?? null },
    workloads: workloads.map(({ workload: { name, at, span, seconds }, best, policies }) => ({
      ...{ name, jobs: at.length, spanSeconds: span, workHours: sum(seconds) / 3600 },
      best: { instanceHours: best.instanceHours, usd: best.usd ?? null, launches: best.optimum.launches },
      policies: policies.map((each) => {
        const { waits, instanceHours, onDemandHours, spotHours, usd, launches, lostSeconds, undone } = each;
        const { mean, p50, p95, p99, longest, slowdown, late } = waits;
        return {
          ...{ policy: each.policy, isConfigured: each.isConfigured, waitSeconds: { mean, p50, p95, p99, longest } },
          ...{ slowdown, lateJobs: late, instanceHours, onDemandHours, spotHours, usd: usd ?? null },
          losses: each.recoveries.map(({ at: lostAt, instances, jobs, seconds: recovered }) => ({
            ...{ at: new Date(lostAt).toISOString(), instances, jobs, backlogSeconds: recovered ?? null },
          })),
          ...{ launches, lostSeconds, undoneJobs: undone, regret: each.regret ?? null, elasticity: each.elasticity },
        };
      }),
    })),
  };
}

const sum = (all: Float64Array): number => all.reduce((total, each) => total + each, 0);

function fitDocument({ before, after, ...rest }: FitResult) {
  return { ...rest, before: sideDocument(before), after: sideDocument(after) };
}

function sideDocument({ settings, outcome, check }: FitSide) {
  return { settings, outcome: outcomeDocument(outcome), check: check === undefined ? null : outcomeDocument(check) };
}

function outcomeDocument({ p50, p95, p99, instanceHours, usd, lostSeconds, undone }: Outcome) {
  return { waitSeconds: { p50, p95, p99 }, instanceHours, usd: usd ?? null, lostSeconds, undoneJobs: undone };
}

function recordDocument({ period, gaps, waits, ...rest }: RecordResult) {
  return {
    ...{ ...rest, period: spanDocument(period), gaps: gaps.map(spanDocument) },
    waits: waits.map(({ from, ...each }) => ({ from: date(from), ...each })),
  };
}

const date = (seconds: number): string => new Date(seconds * 1000).toISOString();
const spanDocument = ({ from, to }: Gap) => ({ from: date(from), to: date(to) });
