import type { MetricDataQuery, MetricDataResult } from '../../../lib/aws-model/cloudwatch-types.ts';
import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { callModel } from '../model/call.ts';
import type { Realm } from '../world.ts';
import { usageResult } from './usage.ts';

/** CloudWatch's metrics and alarms: the realm's model answers, but for what is used of quotas, which the model does not know. */
export const monitoring = modelledService(
  { name: 'monitoring', prefix: 'cloudwatch', model: MODELS.cloudwatch, protocol: 'json' },
  (name, input, { realm }) =>
    name === 'GetMetricData' ? metricData(realm, input) : callModel(realm, 'cloudwatch', name, input),
);

async function metricData(realm: Realm, input: object) {
  const { MetricDataQueries: queries = [], ...rest } = input as { MetricDataQueries?: readonly MetricDataQuery[] };
  const usage = queries.flatMap((query) => usageResult(realm, query, queries) ?? []);
  const others = queries.filter(({ Id }) => !usage.some((each) => each.Id === Id));
  if (others.length === 0 && usage.length > 0) return { MetricDataResults: usage };
  const answer = await callModel(realm, 'cloudwatch', 'GetMetricData', { ...rest, MetricDataQueries: others });
  const { MetricDataResults, ...pages } = answer as { MetricDataResults: readonly MetricDataResult[] };
  return { ...pages, MetricDataResults: [...MetricDataResults, ...usage] };
}
