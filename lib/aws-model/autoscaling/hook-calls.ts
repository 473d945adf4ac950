import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { HookSpecification, LifecycleHook } from '../autoscaling-types.ts';
import type { Context, Handlers } from '../context.ts';
import { limitExceeded, validation } from '../faults.ts';
import { heartbeat, MOST_HEARTBEATS, MOST_HOOK_SECONDS } from './hooks.ts';
import { needGroup } from './lookup.ts';
import { admit, letGo, retain, terminateMember } from './members.ts';
import type { GroupState, HookWait, Member } from './state.ts';

const MOST_HOOKS = 50;
const DEFAULT_TIMEOUT = 3600;

export const hookCalls = {
  putLifecycleHook(context, { AutoScalingGroupName, ...hook }) {
    putHook(needGroup(context, AutoScalingGroupName), hook);
    return {};
  },

  deleteLifecycleHook(context, { AutoScalingGroupName, LifecycleHookName }) {
    const group = needGroup(context, AutoScalingGroupName);
    if (!group.hooks.delete(LifecycleHookName))
      throw validation(`No Lifecycle Hook found with name ${LifecycleHookName}`);
    // What waits for it goes on: a launching action is abandoned, a terminating one completed.
    for (const member of [...group.members.values()])
      for (const wait of member.waits.filter(({ hook }) => hook === LifecycleHookName))
        finish(context, group, member, wait, wait.transition === 'launching' ? 'ABANDON' : 'CONTINUE');
    return {};
  },

  describeLifecycleHooks(context, { AutoScalingGroupName, LifecycleHookNames }) {
    const hooks = [...needGroup(context, AutoScalingGroupName).hooks.values()];
    return { LifecycleHooks: hooks.filter((hook) => LifecycleHookNames?.includes(hook.LifecycleHookName) ?? true) };
  },

  completeLifecycleAction(context, { LifecycleActionResult, ...which }) {
    if (LifecycleActionResult !== 'CONTINUE' && LifecycleActionResult !== 'ABANDON')
      throw validation(
        `The lifecycle action result ${LifecycleActionResult} is not valid: it must be CONTINUE or ABANDON`,
      );
    const { group, member, wait } = needWait(context, which);
    finish(context, group, member, wait, LifecycleActionResult);
    return {};
  },

  recordLifecycleActionHeartbeat(context, which) {
    const { group, member, wait } = needWait(context, which);
    heartbeat(context, group, member, wait);
    return {};
  },
} satisfies Handlers<AutoScaling>;

export function putHook(
  group: GroupState,
  hook: Omit<HookSpecification, 'LifecycleTransition'> & { readonly LifecycleTransition?: string | undefined },
): void {
  const known = group.hooks.get(hook.LifecycleHookName);
  const transition = hook.LifecycleTransition ?? known?.LifecycleTransition;
  if (transition === undefined) throw validation('Lifecycle transition is required when creating a new lifecycle hook');
  if (known === undefined && group.hooks.size >= MOST_HOOKS)
    throw limitExceeded(`There are already ${MOST_HOOKS} lifecycle hooks of ${group.name}`);
  const timeout = hook.HeartbeatTimeout ?? known?.HeartbeatTimeout ?? DEFAULT_TIMEOUT;
  if (timeout < 30 || timeout > 7200)
    throw validation(`The heartbeat timeout ${timeout} is not valid: it must be between 30 and 7200 seconds`);
  const result = hook.DefaultResult ?? known?.DefaultResult ?? 'ABANDON';
  if (result !== 'CONTINUE' && result !== 'ABANDON') throw validation(`The default result ${result} is not valid`);
  const put: LifecycleHook = {
    AutoScalingGroupName: group.name,
    LifecycleHookName: hook.LifecycleHookName,
    LifecycleTransition: transition,
    HeartbeatTimeout: timeout,
    GlobalTimeout: Math.min(MOST_HOOK_SECONDS, MOST_HEARTBEATS * timeout),
    DefaultResult: result,
    ...(hook.NotificationTargetARN !== undefined && { NotificationTargetARN: hook.NotificationTargetARN }),
    ...(hook.NotificationMetadata !== undefined && { NotificationMetadata: hook.NotificationMetadata }),
    ...(hook.RoleARN !== undefined && { RoleARN: hook.RoleARN }),
  };
  group.hooks.set(put.LifecycleHookName, put);
}

/** A wait ends. ABANDON of a launch ends the instance; of a termination it skips the other hooks. */
export function finish(
  context: Context,
  group: GroupState,
  member: Member,
  wait: HookWait,
  result: 'CONTINUE' | 'ABANDON',
): void {
  member.waits = member.waits.filter((other) => other !== wait);
  if (wait.transition === 'launching') {
    if (result === 'ABANDON')
      terminateMember(context, group, member, {
        cause: 'an instance was taken out of service in response to a launch lifecycle action that was abandoned.',
      });
    else if (member.waits.length === 0) admit(context, group, member);
    return;
  }
  const retained = group.settings.InstanceLifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon === 'retain';
  if (result === 'ABANDON') {
    member.waits = [];
    if (retained) {
      retain(context, group, member);
      return;
    }
  }
  if (member.waits.length === 0) letGo(context, group, member);
}

function needWait(
  context: Context,
  which: {
    readonly AutoScalingGroupName: string;
    readonly LifecycleHookName: string;
    readonly LifecycleActionToken?: string | undefined;
    readonly InstanceId?: string | undefined;
  },
): { group: GroupState; member: Member; wait: HookWait } {
  const group = needGroup(context, which.AutoScalingGroupName);
  const { LifecycleActionToken: token, InstanceId: id } = which;
  const members =
    id === undefined ? [...group.members.values()] : [group.members.get(id)].filter((each) => each !== undefined);
  for (const member of members) {
    const wait = member.waits.find(
      (each) =>
        each.hook === which.LifecycleHookName && (token === undefined ? id !== undefined : each.token === token),
    );
    if (wait !== undefined) return { group, member, wait };
  }
  const by = id === undefined ? `token ${token ?? ''}` : `instance ID ${id}`;
  throw validation(`No active Lifecycle Action found with ${by}`);
}
