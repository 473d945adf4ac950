import type { Context } from '../../context.ts';
import { terminateMember, touch } from '../members.ts';
import type { GroupState, RefreshState } from '../state.ts';
import { isBatchDone, moveBatch, startBatch } from './batch.ts';
import { end, fail, isRunning, say } from './status.ts';

/** A refresh looks again at least this often. Not published; chosen. */
const POLL_MS = 10_000;
/** Without any progress it fails after an hour. https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html */
const STUCK_MS = 3_600_000;

/** One step of the refresh that is under way, if there is one. */
export function refreshTick(context: Context, group: GroupState): void {
  const refresh = group.refreshes.at(-1);
  if (refresh === undefined || !isRunning(refresh) || group.suspended.has('InstanceRefresh')) return;
  if (refresh.Status === 'Cancelling') {
    end(context, group, refresh, 'Cancelled', 'Cancelled by user');
    return;
  }
  touch(context, group, POLL_MS);
  if (refresh.Status === 'Pending') say(context, group, refresh, { Status: 'InProgress' });
  const alarm = ringing(context, refresh);
  if (alarm !== undefined) {
    fail(context, group, refresh, `The CloudWatch alarm ${alarm} is in ALARM state`);
    return;
  }
  if (refresh.Status === 'Baking') {
    if (isPast(context, refresh)) end(context, group, refresh, 'Successful');
    return;
  }
  proceed(context, group, refresh);
}

function proceed(context: Context, group: GroupState, refresh: RefreshState): void {
  moveBatch(context, group, refresh);
  dropGone(group, refresh);
  if (!isBatchDone(context, group, refresh)) {
    if (context.state.now - refresh.progressAt > STUCK_MS)
      fail(context, group, refresh, 'Instances did not become healthy within an hour');
    return;
  }
  if (refresh.batch.length > 0) {
    refresh.batch.length = 0;
    refresh.progressAt = context.state.now;
  }
  tellProgress(context, group, refresh);
  if (atCheckpoint(context, group, refresh)) return;
  if (refresh.targets.length === 0) {
    finish(context, group, refresh);
    return;
  }
  startBatch(context, group, refresh, untilCheckpoint(refresh));
  if (refresh.batch.length === 0 && context.state.now - refresh.progressAt > STUCK_MS)
    fail(context, group, refresh, 'Instances that are protected or in Standby kept the refresh waiting for an hour');
}

function finish(context: Context, group: GroupState, refresh: RefreshState): void {
  const bake = refresh.Preferences.BakeTime ?? 0;
  if (refresh.rollback) end(context, group, refresh, 'RollbackSuccessful');
  else if (bake === 0) end(context, group, refresh, 'Successful');
  else {
    refresh.waitUntil = context.state.now + bake * 1000;
    say(context, group, refresh, { Status: 'Baking', StatusReason: `Baking for ${bake} seconds` });
  }
}

function tellProgress(context: Context, group: GroupState, refresh: RefreshState): void {
  const left = refresh.targets.length;
  const PercentageComplete = refresh.total === 0 ? 100 : Math.floor(((refresh.total - left) / refresh.total) * 100);
  if (PercentageComplete !== refresh.PercentageComplete || refresh.InstancesToUpdate !== left)
    say(context, group, refresh, { PercentageComplete, InstancesToUpdate: left });
}

/** Waits after each of the percentages. */
function atCheckpoint(context: Context, group: GroupState, refresh: RefreshState): boolean {
  const { CheckpointPercentages = [], CheckpointDelay = 3600 } = refresh.Preferences;
  if (refresh.rollback) return false;
  const next = CheckpointPercentages[refresh.checkpoints];
  if (next !== undefined && refresh.PercentageComplete >= next) {
    refresh.checkpoints += 1;
    refresh.waitUntil = context.state.now + CheckpointDelay * 1000;
    say(context, group, refresh, {
      StatusReason: `Reached the checkpoint of ${next} percent, waiting ${CheckpointDelay} seconds`,
    });
  }
  if (isPast(context, refresh)) {
    // The last checkpoint may be below 100 percent: the refresh ends there.
    if (CheckpointPercentages.length > 0 && refresh.checkpoints === CheckpointPercentages.length)
      refresh.targets.length = 0;
    return false;
  }
  refresh.progressAt = context.state.now;
  return true;
}

function isPast({ state }: Context, { waitUntil }: RefreshState): boolean {
  return waitUntil === undefined || state.now >= waitUntil;
}

/** Most instances that the next batch may take without going beyond the next checkpoint. */
function untilCheckpoint({ Preferences, checkpoints, rollback, total, targets }: RefreshState): number {
  const next = rollback ? 100 : (Preferences.CheckpointPercentages?.[checkpoints] ?? 100);
  return Math.ceil((total * next) / 100) - (total - targets.length);
}

function ringing({ state }: Context, { Preferences, rollback }: RefreshState): string | undefined {
  if (rollback) return undefined;
  return Preferences.AlarmSpecification?.Alarms?.find(
    (name) => state.cloudwatch.alarms.get(name)?.alarm.StateValue === 'ALARM',
  );
}

/** What left the group meanwhile needs no replacing. */
function dropGone(group: GroupState, refresh: RefreshState): void {
  const left = refresh.targets.filter((id) => group.members.has(id));
  if (left.length !== refresh.targets.length) refresh.targets.splice(0, refresh.targets.length, ...left);
}

/** Ends instances in Standby, where the refresh is told to. */
export function endStandby(context: Context, group: GroupState, refresh: RefreshState): void {
  for (const id of [...refresh.targets]) {
    const member = group.members.get(id);
    if (member?.state !== 'Standby') continue;
    terminateMember(context, group, member, { cause: 'an instance refresh replaces instances in Standby.' });
    refresh.targets.splice(refresh.targets.indexOf(id), 1);
  }
}
