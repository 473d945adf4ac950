import { z } from 'zod';
import type {
  CreateGroupInput,
  PutScalingPolicyInput,
  ScheduledActionInput,
} from '../../aws-model/autoscaling-types.ts';
import type { PutMetricAlarmInput } from '../../aws-model/cloudwatch-types.ts';
import { noFleetInTemplate } from '../errors.ts';
import type { FleetDefinition } from './definition.ts';

const template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
/** CloudFormation's schema has them as text. */
const NUMBERS = new Set(['MinSize', 'MaxSize', 'DesiredCapacity', 'Cooldown', 'EstimatedInstanceWarmup']);

/**
 * The fleet of a synthesized template, with all that scales it: what is simulated is what is deployed. Names are logical ids where
 * the template leaves them to CloudFormation.
 * @throws TandemError `no-fleet-in-template`
 */
export function fleetOfTemplate(text: string): FleetDefinition {
  const resources = Object.entries(template.parse(JSON.parse(text)).Resources);
  const names = new Map(
    resources.map(([id, { Type, Properties }]) => [
      id,
      Type === GROUP ? (textOf(Properties['AutoScalingGroupName']) ?? id) : id,
    ]),
  );
  const all = (type: string) =>
    resources.flatMap(([id, { Type, Properties }]) =>
      Type === type ? [{ id, properties: plain(Properties, names) as Record<string, unknown> }] : [],
    );
  const [group, another] = all(GROUP);
  if (group === undefined || another !== undefined) throw noFleetInTemplate(group === undefined ? 0 : 2);
  const { Tags: _tags, VPCZoneIdentifier: _zones, MetricsCollection: _metrics, ...settings } = group.properties;
  const policies = all('AWS::AutoScaling::ScalingPolicy').map(
    ({ id, properties }) => ({ PolicyName: id, ...properties }) as unknown as PutScalingPolicyInput,
  );
  const scaling = new Set(policies.map(({ PolicyName }) => PolicyName));
  const alarms = all('AWS::CloudWatch::Alarm')
    .map(({ id, properties }): PutMetricAlarmInput => ({ AlarmName: id, ...properties }))
    .filter(({ AlarmActions = [] }) => AlarmActions.some((action) => scaling.has(action)));
  const [warmPool] = all('AWS::AutoScaling::WarmPool');
  return {
    group: { AutoScalingGroupName: names.get(group.id), ...settings } as unknown as CreateGroupInput,
    queue: dimensionOf(alarms, 'QueueName') ?? 'jobs',
    scaler: dimensionOf(alarms, 'FunctionName'),
    policies,
    alarms,
    schedules: all('AWS::AutoScaling::ScheduledAction').map(
      ({ id, properties }) => ({ ScheduledActionName: id, ...properties }) as unknown as ScheduledActionInput,
    ),
    warmPool: warmPool?.properties as FleetDefinition['warmPool'],
  };
}

/** The value with references as names, and numbers as numbers. */
function plain(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    const [key, of] = only as [string, unknown];
    const referred = textOf(
      key === 'Ref' ? of : key === 'Fn::GetAtt' && Array.isArray(of) ? (of as unknown[])[0] : undefined,
    );
    if (referred !== undefined) return names.get(referred) ?? referred;
    if (key.startsWith('Fn::')) return JSON.stringify(value);
  }
  return Object.fromEntries(
    entries.map(([name, each]) => [name, NUMBERS.has(name) ? Number(each) : plain(each, names)]),
  );
}

/** The queue, or the function, that the alarms look at: its first. */
function dimensionOf(alarms: readonly PutMetricAlarmInput[], name: string): string | undefined {
  for (const { Metrics = [] } of alarms)
    for (const { MetricStat } of Metrics)
      for (const { Name, Value } of MetricStat?.Metric.Dimensions ?? []) if (Name === name) return Value;
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
