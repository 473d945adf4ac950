import type { Context } from '../../context.ts';
import type { RefreshStatus } from '../../refresh-types.ts';
import { touch } from '../members.ts';
import type { GroupState, RefreshState } from '../state.ts';

const RUNNING: ReadonlySet<RefreshStatus> = new Set<RefreshStatus>([
  'Pending',
  'InProgress',
  'Baking',
  'Cancelling',
  'RollbackInProgress',
]);

export const isRunning = ({ Status }: RefreshState): boolean => RUNNING.has(Status);

type Said = {
  -readonly [K in
    | 'Status'
    | 'StatusReason'
    | 'PercentageComplete'
    | 'InstancesToUpdate'
    | 'EndTime'
    | 'RollbackDetails']?: RefreshState[K];
};

/** Changes what DescribeInstanceRefreshes tells, and tells listeners of a new status. */
export function say(context: Context, group: GroupState, refresh: RefreshState, said: Said): void {
  const before = refresh.Status;
  Object.assign(refresh, said);
  if (refresh.Status !== before)
    context.emit({ type: 'refresh', group: group.name, refreshId: refresh.InstanceRefreshId, status: refresh.Status });
}

/** Ends a refresh. What it launched ahead is a replacement like any other from now on. */
export function end(
  context: Context,
  group: GroupState,
  refresh: RefreshState,
  Status: RefreshStatus,
  StatusReason?: string,
): void {
  for (const member of group.members.values())
    if (member.refresh === refresh.InstanceRefreshId) member.refresh = undefined;
  const desired = refresh.DesiredConfiguration;
  if (Status === 'Successful' && desired !== undefined) {
    group.launchTemplate = desired.MixedInstancesPolicy === undefined ? desired.LaunchTemplate : undefined;
    group.mixedInstancesPolicy = desired.MixedInstancesPolicy;
  }
  refresh.targets.length = 0;
  refresh.batch.length = 0;
  say(context, group, refresh, {
    Status,
    EndTime: context.state.now,
    ...(StatusReason !== undefined && { StatusReason }),
    ...((Status === 'Successful' || Status === 'RollbackSuccessful') && {
      PercentageComplete: 100,
      InstancesToUpdate: 0,
    }),
  });
  touch(context, group);
}

/** Fails, or goes back where AutoRollback is on. */
export function fail(context: Context, group: GroupState, refresh: RefreshState, reason: string): void {
  if (refresh.rollback) end(context, group, refresh, 'RollbackFailed', reason);
  else if (refresh.Preferences.AutoRollback === true) rollBack(context, group, refresh, reason);
  else end(context, group, refresh, 'Failed', reason);
}

/** Replaces what was deployed so far by what the group had before. */
export function rollBack(context: Context, group: GroupState, refresh: RefreshState, RollbackReason: string): void {
  const { now } = context.state;
  const deployed = [...group.members.values()].filter(
    (member) => member.refresh === refresh.InstanceRefreshId || member.launchedAt >= refresh.StartTime,
  );
  // Of a pair that is under way, the old one stays.
  for (const member of deployed) {
    member.refresh = undefined;
    member.replaces = undefined;
  }
  refresh.rollback = true;
  refresh.targets.splice(0, refresh.targets.length, ...deployed.map(({ id }) => id));
  refresh.batch.length = 0;
  refresh.waitUntil = undefined;
  refresh.progressAt = now;
  Object.assign(refresh, { total: deployed.length });
  say(context, group, refresh, {
    Status: 'RollbackInProgress',
    StatusReason: RollbackReason,
    PercentageComplete: 0,
    InstancesToUpdate: deployed.length,
    RollbackDetails: { RollbackReason, RollbackStartTime: now },
  });
  touch(context, group);
}
