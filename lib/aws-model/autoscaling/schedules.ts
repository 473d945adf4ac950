import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { ScheduledAction, ScheduledActionInput } from '../autoscaling-types.ts';
import type { Context, Handlers } from '../context.ts';
import { alreadyExists, validation } from '../faults.ts';
import { paginate } from '../pages.ts';
import { drawUuid } from '../random.ts';
import { schedule } from '../timeline.ts';
import type { Time } from '../types.ts';
import { nextTime, offsetAt, parseCron } from './cron.ts';
import { needGroup } from './lookup.ts';
import { touch } from './members.ts';
import type { AutoScalingTimer, GroupState, ScheduleState } from './state.ts';

export const scheduleCalls = {
  putScheduledUpdateGroupAction(context, input) {
    const group = needGroup(context, input.AutoScalingGroupName);
    check(context, group, input);
    const known = group.schedules.get(input.ScheduledActionName);
    const ScheduledActionARN =
      known?.action.ScheduledActionARN ??
      `${group.arn.replace(':autoScalingGroup:', ':scheduledUpdateGroupAction:')}:scheduledActionName/${input.ScheduledActionName}#${drawUuid(context.state.random)}`;
    const action: ScheduledAction = { ...input, ScheduledActionARN };
    const put: ScheduleState = { action, revision: (known?.revision ?? 0) + 1 };
    group.schedules.set(input.ScheduledActionName, put);
    arm(context, group, put, context.state.now);
    return {};
  },

  deleteScheduledAction(context, { AutoScalingGroupName, ScheduledActionName }) {
    const group = needGroup(context, AutoScalingGroupName);
    if (!group.schedules.delete(ScheduledActionName)) throw validation(`Scheduled action name not found`);
    return {};
  },

  describeScheduledActions(context, { AutoScalingGroupName, ScheduledActionNames, MaxRecords, NextToken }) {
    const groups =
      AutoScalingGroupName === undefined
        ? [...context.state.autoscaling.groups.values()]
        : [needGroup(context, AutoScalingGroupName)];
    const all = groups.flatMap(({ schedules }) => [...schedules.values()].map(({ action }) => action));
    const chosen = all.filter((action) => ScheduledActionNames?.includes(action.ScheduledActionName) ?? true);
    const { items, ...page } = paginate(chosen, NextToken, MaxRecords ?? 50);
    return { ScheduledUpdateGroupActions: items, ...page };
  },
} satisfies Handlers<AutoScaling>;

function isTimeZone(name: string): boolean {
  try {
    return Number.isFinite(offsetAt(0, name));
  } catch {
    return false;
  }
}

function check(context: Context, group: GroupState, input: ScheduledActionInput): void {
  const { MinSize, MaxSize, DesiredCapacity, Recurrence, StartTime, EndTime, TimeZone = 'UTC' } = input;
  if (MinSize === undefined && MaxSize === undefined && DesiredCapacity === undefined)
    throw validation('At least one of MinSize, MaxSize and DesiredCapacity must be specified.');
  if (MinSize !== undefined && MaxSize !== undefined && MaxSize < MinSize)
    throw validation(`Max bound, ${MaxSize}, must be greater than or equal to min bound, ${MinSize}`);
  if (!isTimeZone(TimeZone)) throw validation(`The time zone ${TimeZone} is not valid`);
  if (Recurrence !== undefined && parseCron(Recurrence) === undefined)
    throw validation(`The recurrence string ${Recurrence} is not valid`);
  if (Recurrence === undefined && StartTime === undefined)
    throw validation('Either Recurrence or StartTime must be specified.');
  if (StartTime !== undefined && StartTime < context.state.now) throw validation('Given start time is in the past');
  if (StartTime !== undefined && EndTime !== undefined && EndTime <= StartTime)
    throw validation('The end time must be after the start time');
  const same = [...group.schedules.values()].some(
    ({ action }) =>
      StartTime !== undefined &&
      action.StartTime === StartTime &&
      action.ScheduledActionName !== input.ScheduledActionName,
  );
  if (same) throw alreadyExists('Another scheduled action of the group has this start time');
}

/** The next time of an action from `from` on, and a timer for it. */
function arm(context: Context, group: GroupState, { action, revision }: ScheduleState, from: Time): void {
  const { StartTime, EndTime, Recurrence, TimeZone } = action;
  const cron = Recurrence === undefined ? undefined : parseCron(Recurrence);
  const at = cron === undefined ? StartTime : nextTime(cron, Math.max(from, (StartTime ?? 0) - 1), TimeZone);
  if (at === undefined || at < from || (EndTime !== undefined && at > EndTime)) return;
  const timer: AutoScalingTimer = {
    kind: 'autoscaling.schedule',
    group: group.name,
    name: action.ScheduledActionName,
    revision,
  };
  schedule(context.state.timeline, at, timer);
}

/** The time of an action has come. */
export function act(context: Context, timer: Extract<AutoScalingTimer, { kind: 'autoscaling.schedule' }>): void {
  const group = context.state.autoscaling.groups.get(timer.group);
  const known = group?.schedules.get(timer.name);
  if (group === undefined || known?.revision !== timer.revision) return;
  const { action } = known;
  if (!group.suspended.has('ScheduledActions')) {
    group.min = action.MinSize ?? group.min;
    group.max = Math.max(action.MaxSize ?? group.max, group.min);
    group.desired = Math.min(group.max, Math.max(group.min, action.DesiredCapacity ?? group.desired));
    touch(context, group);
  }
  if (action.Recurrence === undefined) group.schedules.delete(timer.name);
  else arm(context, group, known, context.state.now + 1);
}
