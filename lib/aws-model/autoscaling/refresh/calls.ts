import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { Context, Handlers } from '../../context.ts';
import { imageOf } from '../../ec2/run.ts';
import { irreversibleRefresh, noActiveRefresh, refreshInProgress, validation } from '../../faults.ts';
import { paginate } from '../../pages.ts';
import { drawUuid } from '../../random.ts';
import type { DesiredConfiguration, InstanceRefresh, RefreshPreferences } from '../../refresh-types.ts';
import { type Configuration, candidatesOf, matches, resolve } from '../configuration.ts';
import { needGroup } from '../lookup.ts';
import { isReady, terminateMember, touch } from '../members.ts';
import type { GroupState, Member, RefreshState } from '../state.ts';
import { percentages } from './batch.ts';
import { isRunning, rollBack, say } from './status.ts';
import { endStandby } from './tick.ts';

const PAGE = 50;

export const refreshCalls = {
  startInstanceRefresh(
    context,
    { AutoScalingGroupName, Strategy = 'Rolling', Preferences = {}, DesiredConfiguration },
  ) {
    const group = needGroup(context, AutoScalingGroupName);
    const active = activeOf(group);
    if (active !== undefined) throw refreshInProgress(active.InstanceRefreshId);
    if (Strategy !== 'Rolling' && Strategy !== 'ReplaceRootVolume')
      throw validation(`The strategy ${Strategy} is not valid`);
    checkPreferences(group, Preferences);
    checkConfiguration(context, group, Strategy, DesiredConfiguration);
    if (Preferences.AutoRollback === true) checkRollback(context, group, DesiredConfiguration, validation);
    const { now, random } = context.state;
    const candidates = candidatesOf(context, desiredOf(group, DesiredConfiguration));
    const stale = (member: Member) => Preferences.SkipMatching !== true || !matches(candidates, member, imageOf);
    const targets = [...group.members.values()].filter((member) => isTarget(member, Preferences) && stale(member));
    const refresh: RefreshState = {
      InstanceRefreshId: drawUuid(random),
      AutoScalingGroupName: group.name,
      Status: 'Pending',
      StartTime: now,
      PercentageComplete: 0,
      InstancesToUpdate: targets.length,
      Strategy,
      Preferences,
      ...(DesiredConfiguration !== undefined && { DesiredConfiguration }),
      targets: targets.map(({ id }) => id),
      total: targets.length,
      batch: [],
      checkpoints: 0,
      progressAt: now,
      rollback: false,
    };
    group.refreshes.push(refresh);
    if (Preferences.StandbyInstances === 'Terminate') endStandby(context, group, refresh);
    for (const member of [...group.members.values()].filter((each) => isReady(each) && stale(each)))
      terminateMember(context, group, member, { cause: 'an instance refresh replaces instances of the warm pool.' });
    touch(context, group);
    return { InstanceRefreshId: refresh.InstanceRefreshId };
  },

  cancelInstanceRefresh(context, { AutoScalingGroupName }) {
    const group = needGroup(context, AutoScalingGroupName);
    const refresh = activeOf(group);
    if (refresh === undefined) throw noActiveRefresh(group.name);
    say(context, group, refresh, { Status: 'Cancelling' });
    touch(context, group);
    return { InstanceRefreshId: refresh.InstanceRefreshId };
  },

  rollbackInstanceRefresh(context, { AutoScalingGroupName }) {
    const group = needGroup(context, AutoScalingGroupName);
    const refresh = activeOf(group);
    if (refresh === undefined || refresh.rollback) throw noActiveRefresh(group.name);
    checkRollback(context, group, refresh.DesiredConfiguration, irreversibleRefresh);
    rollBack(context, group, refresh, 'Rollback requested by user');
    return { InstanceRefreshId: refresh.InstanceRefreshId };
  },

  describeInstanceRefreshes(context, { AutoScalingGroupName, InstanceRefreshIds, MaxRecords, NextToken }) {
    const all = needGroup(context, AutoScalingGroupName).refreshes.toReversed();
    const chosen = all.filter(({ InstanceRefreshId }) => InstanceRefreshIds?.includes(InstanceRefreshId) ?? true);
    const { items, ...page } = paginate(chosen, NextToken, MaxRecords ?? PAGE);
    return { InstanceRefreshes: items.map(view), ...page };
  },
} satisfies Handlers<AutoScaling>;

function activeOf(group: GroupState): RefreshState | undefined {
  const last = group.refreshes.at(-1);
  return last !== undefined && isRunning(last) ? last : undefined;
}

function isTarget(
  member: Member,
  { ScaleInProtectedInstances: whenProtected, StandbyInstances }: RefreshPreferences,
): boolean {
  if (member.state === 'Standby') return StandbyInstances !== 'Ignore';
  return member.state === 'InService' && !(member.protected && whenProtected === 'Ignore');
}

function desiredOf(group: GroupState, desired: DesiredConfiguration | undefined): Configuration {
  if (desired === undefined) return group;
  const mixed = desired.MixedInstancesPolicy;
  return { launchTemplate: mixed === undefined ? desired.LaunchTemplate : undefined, mixedInstancesPolicy: mixed };
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html */
function checkPreferences(group: GroupState, preferences: RefreshPreferences): void {
  const { MinHealthyPercentage, MaxHealthyPercentage, CheckpointPercentages, CheckpointDelay } = preferences;
  const { min, max } = percentages(group, { Preferences: preferences });
  if (min < 0 || min > 100) throw validation(`MinHealthyPercentage ${min} is not valid: it must be between 0 and 100`);
  if (max < 100 || max > 200)
    throw validation(`MaxHealthyPercentage ${max} is not valid: it must be between 100 and 200`);
  if (MaxHealthyPercentage !== undefined && MinHealthyPercentage === undefined)
    throw validation('If you specify MaxHealthyPercentage, you must also specify MinHealthyPercentage');
  if (max - min > 100)
    throw validation('The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100');
  if (CheckpointDelay !== undefined && CheckpointPercentages === undefined)
    throw validation('If you specify CheckpointDelay, you must also specify CheckpointPercentages');
  const rising = CheckpointPercentages?.every((each, at, all) => each >= 1 && each <= 100 && each > (all[at - 1] ?? 0));
  if (rising === false) throw validation('CheckpointPercentages must be unique, ascending, and between 1 and 100');
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/replace-root-volume.html */
function checkConfiguration(
  context: Context,
  group: GroupState,
  strategy: RefreshState['Strategy'],
  desired: DesiredConfiguration | undefined,
): void {
  if (desired?.LaunchTemplate !== undefined && desired.MixedInstancesPolicy !== undefined)
    throw validation('Specify either a launch template or a mixed instances policy in the desired configuration');
  candidatesOf(context, desiredOf(group, desired));
  if (strategy === 'Rolling') return;
  const overrides = desired?.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  if (group.mixedInstancesPolicy === undefined)
    throw validation('The ReplaceRootVolume strategy needs an Auto Scaling group with a mixed instances policy');
  if (overrides.length === 0 || overrides.some(({ ImageId }) => ImageId === undefined))
    throw validation(
      'The ReplaceRootVolume strategy needs a desired configuration with a mixed instances policy whose overrides all have an ImageId',
    );
  if (group.warmPool !== undefined) throw validation('The ReplaceRootVolume strategy does not work with a warm pool');
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html */
function checkRollback(
  context: Context,
  group: GroupState,
  desired: DesiredConfiguration | undefined,
  refuse: (message: string) => Error,
): void {
  if (desired === undefined) throw refuse('A rollback needs a desired configuration');
  const specification =
    group.mixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ?? group.launchTemplate ?? {};
  if (!/^\d+$/.test(specification.Version ?? '$Default'))
    throw refuse("A rollback is not supported when the launch template's version is $Latest or $Default");
  const { data } = resolve(context, specification);
  if (data.ImageId?.startsWith('resolve:ssm:') === true)
    throw refuse(
      'A rollback is not supported when the launch template uses an AWS Systems Manager parameter for the ImageId',
    );
}

function view(refresh: RefreshState): InstanceRefresh {
  const {
    targets: _t,
    total: _n,
    batch: _b,
    checkpoints: _c,
    waitUntil: _w,
    progressAt: _p,
    rollback: _r,
    ...shown
  } = refresh;
  return shown;
}
