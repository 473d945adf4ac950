import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { putPoint } from '../cloudwatch/store.ts';
import type { Context, Handlers } from '../context.ts';
import { validation } from '../faults.ts';
import { needGroup } from './lookup.ts';
import { isLeaving, isWarm } from './members.ts';
import type { GroupState } from './state.ts';
import { poolSize } from './warm-pool.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html */
const NAMES = [
  'GroupMinSize',
  'GroupMaxSize',
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupStandbyInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
  'WarmPoolMinSize',
  'WarmPoolDesiredCapacity',
  'WarmPoolPendingCapacity',
  'WarmPoolTerminatingCapacity',
  'WarmPoolWarmedCapacity',
  'WarmPoolTotalCapacity',
  'GroupAndWarmPoolDesiredCapacity',
  'GroupAndWarmPoolTotalCapacity',
] as const;

type Name = (typeof NAMES)[number];

export const METRICS = { everyMs: 60_000, namespace: 'AWS/AutoScaling', dimension: 'AutoScalingGroupName' } as const;

export const metricCalls = {
  enableMetricsCollection(context, { AutoScalingGroupName, Granularity, Metrics }) {
    const group = needGroup(context, AutoScalingGroupName);
    if (Granularity !== '1Minute') throw validation(`The granularity ${Granularity} is not valid: it must be 1Minute`);
    group.metrics = [...new Set([...group.metrics, ...named(Metrics)])];
    return {};
  },
  disableMetricsCollection(context, { AutoScalingGroupName, Metrics }) {
    const group = needGroup(context, AutoScalingGroupName);
    const off: readonly string[] = named(Metrics);
    group.metrics = group.metrics.filter((name) => !off.includes(name));
    return {};
  },
} satisfies Handlers<AutoScaling>;

function named(names: readonly string[] | undefined): readonly string[] {
  if (names === undefined || names.length === 0) return NAMES;
  const unknown = names.find((name) => !isName(name));
  if (unknown !== undefined) throw validation(`The metric ${unknown} is not valid`);
  return names;
}

const isName = (name: string): name is Name => NAMES.some((each) => each === name);

/** The minute's figures of all groups that collect metrics. */
export function publishMetrics(context: Context): void {
  for (const group of context.state.autoscaling.groups.values()) {
    if (group.metrics.length === 0) continue;
    const figures = figuresOf(group);
    for (const name of group.metrics)
      if (isName(name))
        putPoint(
          context,
          METRICS.namespace,
          name,
          [{ Name: METRICS.dimension, Value: group.name }],
          context.state.now - METRICS.everyMs,
          figures[name],
        );
  }
}

function figuresOf(group: GroupState): Record<Name, number> {
  const count = { inService: 0, pending: 0, standby: 0, terminating: 0, warmPending: 0, warmTerminating: 0, warmed: 0 };
  for (const member of group.members.values()) {
    const warm = isWarm(member);
    if (isLeaving(member)) count[warm ? 'warmTerminating' : 'terminating'] += 1;
    else if (warm) count[member.state.startsWith('Warmed:Pending') ? 'warmPending' : 'warmed'] += 1;
    else if (member.state.startsWith('Pending')) count.pending += 1;
    else if (member.state === 'Standby' || member.state === 'EnteringStandby') count.standby += 1;
    else count.inService += 1;
  }
  const total = count.inService + count.pending + count.standby + count.terminating;
  const pool = count.warmPending + count.warmTerminating + count.warmed;
  const wanted = poolSize(group);
  return {
    GroupMinSize: group.min,
    GroupMaxSize: group.max,
    GroupDesiredCapacity: group.desired,
    GroupInServiceInstances: count.inService,
    GroupPendingInstances: count.pending,
    GroupStandbyInstances: count.standby,
    GroupTerminatingInstances: count.terminating,
    GroupTotalInstances: total,
    WarmPoolMinSize: group.warmPool?.MinSize ?? 0,
    WarmPoolDesiredCapacity: wanted,
    WarmPoolPendingCapacity: count.warmPending,
    WarmPoolTerminatingCapacity: count.warmTerminating,
    WarmPoolWarmedCapacity: count.warmed,
    WarmPoolTotalCapacity: pool,
    GroupAndWarmPoolDesiredCapacity: group.desired + wanted,
    GroupAndWarmPoolTotalCapacity: total + pool,
  };
}
