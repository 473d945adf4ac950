import type { Report } from '../../simulate/report/report.ts';

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
          ...{ launches, lostSeconds, undoneJobs: undone, regret: each.regret ?? null },
        };
      }),
    })),
  };
}

const sum = (all: Float64Array): number => all.reduce((total, each) => total + each, 0);
