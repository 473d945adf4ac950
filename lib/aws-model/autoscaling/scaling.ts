import type { ScalingPolicy, StepAdjustment } from '../autoscaling-types.ts';
import type { Context } from '../context.ts';
import { coolsDown } from './groups.ts';
import { isActive, touch } from './members.ts';
import type { GroupState, Member } from './state.ts';
import { SCALE_IN_SHARE } from './target-tracking.ts';

type Policy = Omit<ScalingPolicy, 'Alarms'>;

/** What an alarm saw: the metric's last value, and what it was compared with. */
export interface Breach {
  readonly value: number;
  readonly threshold: number;
}

/** A policy acts on its alarm. */
export function onAlarm(context: Context, group: GroupState, policy: Policy, breach: Breach): void {
  if (group.suspended.has('AlarmNotification') || policy.Enabled === false) return;
  if (policy.PolicyType === 'TargetTrackingScaling') track(context, group, policy, breach);
  else if (
    policy.PolicyType === 'StepScaling' ||
    !coolsDown(context, group, policy.Cooldown ?? group.settings.DefaultCooldown ?? 300)
  )
    scale(context, group, policy, breach);
}

/** Simple and step scaling. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html */
export function scale(context: Context, group: GroupState, policy: Policy, breach: Breach): void {
  const adjustment =
    policy.PolicyType === 'StepScaling' ? stepOf(policy.StepAdjustments ?? [], breach) : policy.ScalingAdjustment;
  if (adjustment === undefined) return;
  if (policy.PolicyType === 'SimpleScaling') {
    setDesired(context, group, adjusted(policy, adjustment, group.desired));
    group.scaledAt = context.state.now;
    return;
  }
  // Instances that still warm up count as what was asked for already: a step adds only what is beyond them.
  const warm = warmCapacity(context, group, policy);
  const wanted = adjusted(
    policy,
    adjustment,
    adjustment > 0 && policy.AdjustmentType !== 'ExactCapacity' ? warm : group.desired,
  );
  if (policy.AdjustmentType === 'ExactCapacity') setDesired(context, group, wanted);
  else if (adjustment > 0) setDesired(context, group, Math.max(group.desired, wanted));
  else if (adjustment < 0) setDesired(context, group, Math.min(group.desired, wanted));
}

/** Capacity in proportion to the metric; out as soon as the target is exceeded, in with care. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html */
function track(context: Context, group: GroupState, policy: Policy, { value }: Breach): void {
  const { TargetValue: target, DisableScaleIn } = policy.TargetTrackingConfiguration ?? { TargetValue: 1 };
  if (value > target) {
    const capacity = Math.max(1, warmCapacity(context, group, policy));
    setDesired(context, group, Math.max(group.desired, Math.ceil((capacity * value) / target)));
  } else if (value < SCALE_IN_SHARE * target && DisableScaleIn !== true) {
    // Nothing is scaled in while instances warm up.
    if (warmCapacity(context, group, policy) < group.desired) return;
    setDesired(context, group, Math.min(group.desired, Math.ceil((group.desired * value) / target)));
  }
}

function setDesired(context: Context, group: GroupState, wanted: number): void {
  const desired = Math.min(group.max, Math.max(group.min, wanted));
  if (desired === group.desired) return;
  group.desired = desired;
  touch(context, group);
}

/** Instances in service past their warm-up. */
function warmCapacity({ state }: Context, group: GroupState, policy: Policy): number {
  const { DefaultInstanceWarmup, DefaultCooldown } = group.settings;
  const warmUp = (policy.EstimatedInstanceWarmup ?? DefaultInstanceWarmup ?? DefaultCooldown ?? 300) * 1000;
  const isWarm = (member: Member) =>
    isActive(member) && member.inServiceAt !== undefined && state.now >= member.inServiceAt + warmUp;
  return [...group.members.values()].filter(isWarm).length;
}

/** The step whose interval holds the breach, counted from the threshold. */
function stepOf(steps: readonly StepAdjustment[], { value, threshold }: Breach): number | undefined {
  const beyond = value - threshold;
  const step = steps.find(
    ({ MetricIntervalLowerBound: lower = -Infinity, MetricIntervalUpperBound: upper = Infinity }) =>
      // Above the threshold the lower bound belongs to the step, below it the upper one; at the threshold, a step of either side.
      (beyond >= 0 && beyond >= lower && beyond < upper) || (beyond <= 0 && beyond > lower && beyond <= upper),
  );
  return step?.ScalingAdjustment;
}

function adjusted(policy: Policy, adjustment: number, from: number): number {
  if (policy.AdjustmentType === 'ExactCapacity') return adjustment;
  if (policy.AdjustmentType === 'ChangeInCapacity') return from + adjustment;
  const exact = (from * adjustment) / 100;
  // Above 1 it is rounded down, between 0 and 1 up to 1; below 0 the other way round.
  const rounded = Math.abs(exact) >= 1 ? Math.trunc(exact) : Math.sign(exact);
  const least = policy.MinAdjustmentMagnitude ?? 0;
  return from + (Math.abs(rounded) < least ? Math.sign(adjustment) * least : rounded);
}
