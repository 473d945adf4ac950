import type { MetricDataQuery, MetricDataResult } from '../../../lib/aws-model/cloudwatch-types.ts';
import { vcpusBySize } from '../../../lib/aws-model/ec2/type-names.ts';
import { modelOf } from '../model/model.ts';
import { quotasOf } from '../quotas/store.ts';
import type { Realm } from '../world.ts';

/** The quotas of running vCPUs by the class of their usage metric: AWSEC2/latest/UserGuide/ec2-instance-quotas.html */
const CLASSES: Readonly<Record<string, { readonly purchase: string; readonly code: string }>> = {
  'Standard/OnDemand': { purchase: 'on-demand', code: 'L-1216C47A' },
  'Standard/Spot': { purchase: 'spot', code: 'L-34B43A08' },
};

/**
 * What is used of the vCPU quotas, and with SERVICE_QUOTA how much they are; undefined for any other query.
 * AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html
 */
export function usageResult(
  realm: Realm,
  query: MetricDataQuery,
  all: readonly MetricDataQuery[],
): MetricDataResult | undefined {
  const of = /^\s*SERVICE_QUOTA\(\s*(\w+)\s*\)\s*$/i.exec(query.Expression ?? '')?.[1];
  const metric = (of === undefined ? query : all.find(({ Id }) => Id === of))?.MetricStat?.Metric;
  if (metric?.Namespace !== 'AWS/Usage' || metric.MetricName !== 'ResourceCount') return undefined;
  const kind = CLASSES[metric.Dimensions?.find(({ Name }) => Name === 'Class')?.Value ?? ''];
  const value =
    kind === undefined ? undefined : of === undefined ? vcpusIn(realm, kind.purchase) : quota(realm, kind.code);
  const { now } = modelOf(realm);
  return {
    ...{ Id: query.Id, Label: query.Label ?? query.Id, StatusCode: 'Complete' },
    Timestamps: value === undefined ? [] : [now],
    Values: value === undefined ? [] : [value],
  };
}

function vcpusIn(realm: Realm, purchase: string): number {
  const running = modelOf(realm).ec2.describeInstances({
    Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }],
  });
  const instances = running.Reservations.flatMap(({ Instances }) => Instances);
  return instances
    .filter(({ InstanceLifecycle = 'on-demand' }) => InstanceLifecycle === purchase)
    .reduce((sum, { InstanceType }) => sum + vcpusBySize(InstanceType), 0);
}

function quota(realm: Realm, code: string): number | undefined {
  return quotasOf(realm).find(({ QuotaCode }) => QuotaCode === code)?.Value;
}
