import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { after, type BareEvent, type Context, type Handlers, type TimerHandlers } from '../context.ts';
import { validation } from '../faults.ts';
import { BATCH } from '../limits.ts';
import { paginate } from '../pages.ts';
import { checkPage, groupCalls, MOST_GROUPS } from './groups.ts';
import { checkGroup, HEALTH_MS } from './health.ts';
import { finish, hookCalls } from './hook-calls.ts';
import { findMember, needGroup } from './lookup.ts';
import { memberCalls, settle } from './member-calls.ts';
import { arrived, isLeaving, pooled, removeMember, touch } from './members.ts';
import { METRICS, metricCalls, publishMetrics } from './metrics.ts';
import { policyCalls } from './policies.ts';
import { launchAhead, reconcile } from './reconcile.ts';
import { rootRenewed } from './refresh/batch.ts';
import { refreshCalls } from './refresh/calls.ts';
import { act, scheduleCalls } from './schedules.ts';
import type { AutoScalingTimer } from './state.ts';
import { tagCalls } from './tags.ts';
import { warmPoolCalls } from './warm-pool.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
const PROCESSES = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
] as const;

export const autoScalingCalls = {
  ...groupCalls,
  ...memberCalls,
  ...hookCalls,
  ...warmPoolCalls,
  ...refreshCalls,
  ...scheduleCalls,
  ...policyCalls,
  ...metricCalls,
  ...tagCalls,

  suspendProcesses(context, { AutoScalingGroupName, ScalingProcesses }) {
    const group = needGroup(context, AutoScalingGroupName);
    for (const name of processes(ScalingProcesses))
      group.suspended.set(name, 'User suspended at ' + new Date(context.state.now).toISOString());
    return {};
  },

  resumeProcesses(context, { AutoScalingGroupName, ScalingProcesses }) {
    const group = needGroup(context, AutoScalingGroupName);
    for (const name of processes(ScalingProcesses)) group.suspended.delete(name);
    touch(context, group);
    return {};
  },

  describeScalingActivities(
    context,
    { AutoScalingGroupName, ActivityIds, IncludeDeletedGroups, MaxRecords, NextToken },
  ) {
    const { activities, groups } = context.state.autoscaling;
    if (AutoScalingGroupName !== undefined && IncludeDeletedGroups !== true) needGroup(context, AutoScalingGroupName);
    checkPage(MaxRecords, BATCH.describeScalingActivities);
    const chosen = [...activities.values()]
      .filter(
        (activity) =>
          (AutoScalingGroupName === undefined || activity.AutoScalingGroupName === AutoScalingGroupName) &&
          (ActivityIds?.includes(activity.ActivityId) ?? true) &&
          (IncludeDeletedGroups === true || groups.has(activity.AutoScalingGroupName)),
      )
      .toReversed();
    const { items, ...page } = paginate(chosen, NextToken, MaxRecords ?? BATCH.describeScalingActivities);
    return { Activities: items, ...page };
  },

  describeAccountLimits: ({ state }) => ({
    MaxNumberOfAutoScalingGroups: MOST_GROUPS,
    MaxNumberOfLaunchConfigurations: 200,
    NumberOfAutoScalingGroups: state.autoscaling.groups.size,
    NumberOfLaunchConfigurations: 0,
  }),
} satisfies Handlers<AutoScaling>;

function processes(names: readonly string[] | undefined): readonly string[] {
  if (names === undefined || names.length === 0) return PROCESSES;
  const unknown = names.find((name) => !PROCESSES.some((process) => process === name));
  if (unknown !== undefined)
    throw validation(`The process ${unknown} is not valid: it must be one of ${PROCESSES.join(', ')}`);
  return names;
}

export const autoScalingTimers: TimerHandlers<AutoScalingTimer> = {
  'autoscaling.reconcile': (context, { group: name, at }) => {
    const group = context.state.autoscaling.groups.get(name);
    if (group?.reconcileAt !== at) return;
    group.reconcileAt = undefined;
    reconcile(context, group);
  },
  'autoscaling.health': (context, timer) => {
    const group = context.state.autoscaling.groups.get(timer.group);
    if (group?.createdAt !== timer.createdAt) return;
    checkGroup(context, group);
    after(context, HEALTH_MS, timer);
  },
  'autoscaling.hook': (context, { group: name, id, token }) => {
    const group = context.state.autoscaling.groups.get(name);
    const member = group?.members.get(id);
    const wait = member?.waits.find((each) => each.token === token);
    if (group === undefined || member === undefined || wait === undefined || wait.deadline > context.state.now) return;
    finish(context, group, member, wait, wait.defaultResult);
  },
  'autoscaling.settle': (context, { group: name, id, state }) => {
    const group = context.state.autoscaling.groups.get(name);
    const member = group?.members.get(id);
    if (group !== undefined && member?.state === state) settle(context, group, member);
  },
  'autoscaling.metrics': (context, timer) => {
    publishMetrics(context);
    after(context, METRICS.everyMs, timer);
  },
  'autoscaling.schedule': act,
};

/** What Auto Scaling makes of what happens in EC2. */
export function onEc2Event(context: Context, event: BareEvent): void {
  if (event.type !== 'instance-state' && event.type !== 'instance-booted' && event.type !== 'rebalance-recommendation')
    return;
  const found = findMember(context, event.instanceId);
  if (found === undefined) return;
  const { group, member } = found;
  if (event.type === 'rebalance-recommendation') {
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-capacity-rebalancing.html
    if (group.settings.CapacityRebalance === true && member.state === 'InService')
      launchAhead(context, group, [member.id], 'an instance was launched in response to a rebalance recommendation.');
  } else if (event.type === 'instance-booted') {
    if (member.state === 'ReplacingRootVolume') rootRenewed(context, group, member);
  } else if (event.state === 'running') {
    if (member.state === 'Pending' || member.state === 'Warmed:Pending') arrived(context, group, member);
  } else if (event.state === 'stopped') {
    if (member.state === 'Warmed:Pending' || member.state === 'Warmed:Pending:Proceed') pooled(context, group, member);
  } else if (event.state === 'terminated' && (isLeaving(member) || !member.healthy))
    removeMember(context, group, member);
  else if (event.state === 'terminated' && member.state !== 'InService') {
    // What never came into service is launched anew.
    member.healthy = false;
    touch(context, group);
  }
}
