import type { Activity } from '../autoscaling-types.ts';
import type { Context } from '../context.ts';
import { drawUuid } from '../random.ts';
import type { GroupState, Member } from './state.ts';

/** Activities are kept for six weeks. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html */
const KEPT_MS = 42 * 86_400_000;

/** Begins an activity. */
export function begin(
  context: Context,
  group: GroupState,
  about: {
    readonly description: string;
    readonly cause: string;
    readonly status: Activity['StatusCode'];
    readonly zone?: string;
    readonly message?: string;
  },
): Activity {
  const { state } = context;
  forgetOld(context);
  const ended = about.status === 'Failed' || about.status === 'Successful';
  const activity: Activity = {
    ActivityId: drawUuid(state.random),
    AutoScalingGroupName: group.name,
    Description: about.description,
    Cause: `At ${stamp(context)} ${about.cause}`,
    StartTime: state.now,
    ...(ended && { EndTime: state.now }),
    StatusCode: about.status,
    ...(about.message !== undefined && { StatusMessage: about.message }),
    Progress: ended ? 100 : 0,
    Details: JSON.stringify({ 'Availability Zone': about.zone }),
  };
  state.autoscaling.activities.set(activity.ActivityId, activity);
  tell(context, activity);
  return activity;
}

/** The activity of an instance goes on, or ends. */
export function progress(
  context: Context,
  member: Member,
  status: Activity['StatusCode'],
  Progress: number,
  message?: string,
): void {
  const { activities } = context.state.autoscaling;
  const activity = activities.get(member.activity ?? '');
  if (activity === undefined) return;
  const changed: Activity = {
    ...activity,
    StatusCode: status,
    Progress,
    ...(Progress === 100 && { EndTime: context.state.now }),
    ...(message !== undefined && { StatusMessage: message }),
  };
  activities.set(activity.ActivityId, changed);
  if (Progress === 100) member.activity = undefined;
  tell(context, changed);
}

function stamp({ state }: Context): string {
  return new Date(state.now).toISOString().replace('.000Z', 'Z');
}

function tell(context: Context, activity: Activity): void {
  context.emit({
    type: 'activity',
    group: activity.AutoScalingGroupName,
    activityId: activity.ActivityId,
    status: activity.StatusCode,
    description: activity.Description,
  });
}

function forgetOld({ state }: Context): void {
  for (const [id, { EndTime }] of state.autoscaling.activities) {
    if (EndTime === undefined || EndTime > state.now - KEPT_MS) return;
    state.autoscaling.activities.delete(id);
  }
}
