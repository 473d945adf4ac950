import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { PutScalingPolicyInput, ScalingPolicy } from '../autoscaling-types.ts';
import { deleteAlarm, putAlarm } from '../cloudwatch/alarms.ts';
import type { Context, Handlers } from '../context.ts';
import { limitExceeded, scalingInProgress, validation } from '../faults.ts';
import { paginate } from '../pages.ts';
import { drawUuid } from '../random.ts';
import { coolsDown } from './groups.ts';
import { needGroup } from './lookup.ts';
import { scale } from './scaling.ts';
import type { GroupState, PolicyState } from './state.ts';
import { trackingAlarms } from './target-tracking.ts';

const MOST_POLICIES = 50;
const TYPES: readonly string[] = ['SimpleScaling', 'StepScaling', 'TargetTrackingScaling'];
const ADJUSTMENTS: readonly string[] = ['ChangeInCapacity', 'ExactCapacity', 'PercentChangeInCapacity'];

export const policyCalls = {
  putScalingPolicy(context, input) {
    const group = needGroup(context, input.AutoScalingGroupName);
    check(group, input);
    const known = group.policies.get(input.PolicyName);
    for (const alarm of known?.alarms ?? []) deleteAlarm(context, alarm);
    const PolicyARN =
      known?.policy.PolicyARN ??
      `${group.arn.replace(/:autoScalingGroup:[^:]*/, `:scalingPolicy:${drawUuid(context.state.random)}`)}:policyName/${input.PolicyName}`;
    const policy = { PolicyType: 'SimpleScaling', Enabled: true, ...input, PolicyARN };
    const made = trackingAlarms(context, group, policy);
    for (const alarm of made) putAlarm(context, alarm);
    const state: PolicyState = { policy, alarms: made.map(({ AlarmName }) => AlarmName) };
    group.policies.set(input.PolicyName, state);
    return { PolicyARN, Alarms: alarmsOf(context, state) };
  },

  deletePolicy(context, { AutoScalingGroupName, PolicyName }) {
    const { group, state } = needPolicy(context, AutoScalingGroupName, PolicyName);
    for (const alarm of state.alarms) deleteAlarm(context, alarm);
    group.policies.delete(state.policy.PolicyName);
    return {};
  },

  describePolicies(context, { AutoScalingGroupName, PolicyNames, PolicyTypes, MaxRecords, NextToken }) {
    const groups =
      AutoScalingGroupName === undefined
        ? [...context.state.autoscaling.groups.values()]
        : [needGroup(context, AutoScalingGroupName)];
    const chosen = groups
      .flatMap(({ policies }) => [...policies.values()])
      .filter(
        ({ policy }) =>
          (PolicyNames?.some((name) => name === policy.PolicyName || name === policy.PolicyARN) ?? true) &&
          (PolicyTypes?.includes(policy.PolicyType ?? '') ?? true),
      );
    const { items, ...page } = paginate(chosen, NextToken, MaxRecords ?? 50);
    const views = items.map((state): ScalingPolicy => ({ ...state.policy, Alarms: alarmsOf(context, state) }));
    return { ScalingPolicies: views, ...page };
  },

  executePolicy(context, { AutoScalingGroupName, PolicyName, HonorCooldown, MetricValue, BreachThreshold }) {
    const { group, state } = needPolicy(context, AutoScalingGroupName, PolicyName);
    const { policy } = state;
    if (policy.PolicyType === 'TargetTrackingScaling')
      throw validation('Execution of a target tracking scaling policy is not supported');
    if (policy.PolicyType === 'StepScaling' && (MetricValue === undefined || BreachThreshold === undefined))
      throw validation('MetricValue and BreachThreshold must be specified for a policy of type StepScaling');
    if (HonorCooldown === true && coolsDown(context, group, policy.Cooldown ?? group.settings.DefaultCooldown ?? 300))
      throw scalingInProgress([...context.state.autoscaling.activities.keys()].at(-1) ?? group.name);
    scale(context, group, policy, { value: MetricValue ?? 0, threshold: BreachThreshold ?? 0 });
    return {};
  },
} satisfies Handlers<AutoScaling>;

/** What an alarm means by an ARN among its actions; undefined where it is no policy. */
export function policyByArn({ state }: Context, arn: string): { group: GroupState; state: PolicyState } | undefined {
  for (const group of state.autoscaling.groups.values())
    for (const policy of group.policies.values()) if (policy.policy.PolicyARN === arn) return { group, state: policy };
  return undefined;
}

function needPolicy(
  context: Context,
  groupName: string | undefined,
  name: string,
): { group: GroupState; state: PolicyState } {
  const byArn = policyByArn(context, name);
  if (byArn !== undefined) return byArn;
  if (groupName === undefined) throw validation('The Auto Scaling group of the policy must be specified.');
  const group = needGroup(context, groupName);
  const state = group.policies.get(name);
  if (state === undefined) throw validation(`PolicyARN does not reference a valid policy: ${name}`);
  return { group, state };
}

function check(group: GroupState, input: PutScalingPolicyInput): void {
  const {
    PolicyType = 'SimpleScaling',
    AdjustmentType,
    StepAdjustments = [],
    TargetTrackingConfiguration: target,
  } = input;
  if (!TYPES.includes(PolicyType))
    throw validation(`Policies of type ${PolicyType} are not modelled: ${TYPES.join(', ')} are`);
  if (!group.policies.has(input.PolicyName) && group.policies.size >= MOST_POLICIES)
    throw limitExceeded(`There are already ${MOST_POLICIES} scaling policies of ${group.name}`);
  if (PolicyType === 'TargetTrackingScaling') {
    const specified = [target?.CustomizedMetricSpecification, target?.PredefinedMetricSpecification].filter(
      (each) => each !== undefined,
    );
    if (target === undefined || specified.length !== 1)
      throw validation(
        'A target tracking policy needs either a PredefinedMetricSpecification or a CustomizedMetricSpecification',
      );
    return;
  }
  if (AdjustmentType === undefined || !ADJUSTMENTS.includes(AdjustmentType))
    throw validation(
      `The adjustment type ${AdjustmentType ?? ''} is not valid: it must be one of ${ADJUSTMENTS.join(', ')}`,
    );
  if (PolicyType === 'SimpleScaling' && input.ScalingAdjustment === undefined)
    throw validation('A ScalingAdjustment must be specified for a policy of type SimpleScaling');
  if (PolicyType === 'StepScaling' && StepAdjustments.length === 0)
    throw validation('At least one StepAdjustment must be specified for a policy of type StepScaling');
  const ordered = StepAdjustments.toSorted(
    (a, b) => (a.MetricIntervalLowerBound ?? -Infinity) - (b.MetricIntervalLowerBound ?? -Infinity),
  );
  for (const [at, step] of ordered.entries()) {
    const next = ordered[at + 1];
    if (
      next !== undefined &&
      (step.MetricIntervalUpperBound ?? Infinity) > (next.MetricIntervalLowerBound ?? -Infinity)
    )
      throw validation('StepAdjustment intervals can not overlap');
    if (next !== undefined && step.MetricIntervalUpperBound !== next.MetricIntervalLowerBound)
      throw validation('There is a gap between step adjustment intervals');
  }
}

function alarmsOf({ state }: Context, { policy, alarms }: PolicyState): { AlarmName: string; AlarmARN: string }[] {
  return [...state.cloudwatch.alarms.values()]
    .map(({ alarm }) => alarm)
    .filter((alarm) => alarms.includes(alarm.AlarmName) || alarm.AlarmActions?.includes(policy.PolicyARN) === true)
    .map(({ AlarmName, AlarmArn }) => ({ AlarmName, AlarmARN: AlarmArn }));
}
