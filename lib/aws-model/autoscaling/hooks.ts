import { after, type Context } from '../context.ts';
import { drawUuid } from '../random.ts';
import type { GroupState, HookWait, Member, Transition } from './state.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html */
export const MOST_HOOK_SECONDS = 48 * 3600;
export const MOST_HEARTBEATS = 100;

/** Waits in all hooks of a transition, at the same time. @returns whether there is any. */
export function enterHooks(context: Context, group: GroupState, member: Member, transition: Transition): boolean {
  const { now, random } = context.state;
  const LifecycleTransition =
    transition === 'launching' ? 'autoscaling:EC2_INSTANCE_LAUNCHING' : 'autoscaling:EC2_INSTANCE_TERMINATING';
  const hooks = [...group.hooks.values()].filter((hook) => hook.LifecycleTransition === LifecycleTransition);
  member.waits = hooks.map((hook): HookWait => {
    const timeoutMs = hook.HeartbeatTimeout * 1000;
    return {
      hook: hook.LifecycleHookName,
      transition,
      token: drawUuid(random),
      timeoutMs,
      defaultResult: hook.DefaultResult,
      deadline: now + timeoutMs,
      lastDeadline: now + hook.GlobalTimeout * 1000,
    };
  });
  for (const { hook, token, timeoutMs } of member.waits) {
    after(context, timeoutMs, { kind: 'autoscaling.hook', group: group.name, id: member.id, token });
    context.emit({
      type: 'lifecycle-action',
      group: group.name,
      instanceId: member.id,
      hook,
      transition: LifecycleTransition,
      token,
    });
  }
  return member.waits.length > 0;
}

export function cancelWaits(member: Member): void {
  member.waits = [];
}

/** Puts the deadline off by the hook's time-out from now, up to its end. */
export function heartbeat(context: Context, group: GroupState, member: Member, wait: HookWait): void {
  wait.deadline = Math.min(context.state.now + wait.timeoutMs, wait.lastDeadline);
  after(context, wait.deadline - context.state.now, {
    kind: 'autoscaling.hook',
    group: group.name,
    id: member.id,
    token: wait.token,
  });
}
