import { bareFleet } from '../../../../lib/simulate/baselines/bare-fleet.ts';
import { targetTracking } from '../../../../lib/simulate/baselines/target-tracking.ts';
import { bestOf, type JudgeOptions, judge } from '../../../../lib/simulate/report/judge.ts';
import type { Report } from '../../../../lib/simulate/report/report.ts';
import { type Workload, workloadOf } from '../../../../lib/simulate/workload/workload.ts';

/** Twenty jobs of five minutes at once, after ten minutes of nothing, on a fleet that stays and on one that AWS scales. */
export function sampleReport(goalSeconds?: number, hasPrices = true, losses: Workload['losses'] = []): Report {
  const jobs = Array.from({ length: 20 }, () => ({ at: 600, seconds: 300 }));
  const workload = { ...workloadOf('twenty at once', jobs, 3600), losses };
  const sizes = { minimum: 5, maximum: 20 };
  const options: JudgeOptions = {
    ...{ seed: 1, slots: 1, goalSeconds },
    prices: hasPrices ? { instanceHour: { 'm7g.xlarge': 0.2 }, spotPercent: 40 } : undefined,
  };
  const contenders = [
    { name: 'configured', fleet: withType(bareFleet(sizes)), isConfigured: true },
    { name: 'target-tracking', fleet: withType(targetTracking(sizes, { target: 1 }).fleet) },
  ];
  const best = bestOf(contenders[0] as (typeof contenders)[0], workload, options);
  const policies = contenders.map((contender) => judge(contender, workload, best, options));
  return { environment: 'small', seed: 1, goalSeconds, slots: 1, workloads: [{ workload, best, policies }] };
}

function withType<T extends { readonly group: object }>(fleet: T): T {
  return {
    ...fleet,
    group: {
      ...fleet.group,
      MixedInstancesPolicy: {
        InstancesDistribution: { OnDemandBaseCapacity: 5, OnDemandPercentageAboveBaseCapacity: 0 },
        LaunchTemplate: { Overrides: [{ InstanceType: 'm7g.xlarge' }] },
      },
    },
  };
}
