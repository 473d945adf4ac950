import type { LifecycleState } from '../autoscaling-types.ts';
import { after, type Context } from '../context.ts';
import { stopMachine, terminateMachine } from '../ec2/machines.ts';
import type { Machine } from '../ec2/state.ts';
import { begin, progress } from './activities.ts';
import { cancelWaits, enterHooks } from './hooks.ts';
import type { GroupState, Member } from './state.ts';

/** How long Auto Scaling takes to act on a difference, and to move an instance between states by itself. Not published; chosen. */
const SOON_MS = 1000;

const ACTIVE: ReadonlySet<LifecycleState> = new Set<LifecycleState>([
  'Pending',
  'Pending:Wait',
  'Pending:Proceed',
  'InService',
  'ReplacingRootVolume',
  'ReplacingRootVolume:Wait',
  'ReplacingRootVolume:Proceed',
  'RootVolumeReplaced',
]);

/** Counts toward the desired capacity. */
export const isActive = ({ state }: Member): boolean => ACTIVE.has(state);

export const isWarm = ({ state }: Member): boolean => state.startsWith('Warmed:');

export const isLeaving = ({ state }: Member): boolean => state.includes('Terminating') || state === 'Detaching';

/** Waits in the pool, ready to be taken. */
export const isReady = ({ state }: Member): boolean =>
  state === 'Warmed:Stopped' || state === 'Warmed:Running' || state === 'Warmed:Hibernated';

/** Looks soon at what the group is and should be. */
export function touch(context: Context, group: GroupState, ms = SOON_MS): void {
  const at = context.state.now + ms;
  if (group.reconcileAt !== undefined && group.reconcileAt <= at) return;
  group.reconcileAt = at;
  after(context, ms, { kind: 'autoscaling.reconcile', group: group.name, at });
}

export function move(context: Context, group: GroupState, member: Member, state: LifecycleState): void {
  member.state = state;
  context.emit({ type: 'lifecycle-state', group: group.name, instanceId: member.id, state });
  touch(context, group);
}

/** Moves on by itself a second later, unless something else came first. */
export function settleSoon(context: Context, group: GroupState, member: Member): void {
  after(context, SOON_MS, { kind: 'autoscaling.settle', group: group.name, id: member.id, state: member.state });
}

export function machineOf({ state }: Context, member: Member): Machine | undefined {
  return state.ec2.machines.get(member.id);
}

/** EC2 runs it now: launching hooks, or at once into service or the pool. */
export function arrived(context: Context, group: GroupState, member: Member): void {
  const warm = isWarm(member);
  if (enterHooks(context, group, member, 'launching')) {
    move(context, group, member, warm ? 'Warmed:Pending:Wait' : 'Pending:Wait');
    progress(context, member, 'MidLifecycleAction', 30);
  } else admit(context, group, member);
}

/** All launching hooks are done. */
export function admit(context: Context, group: GroupState, member: Member): void {
  if (isWarm(member)) {
    intoPool(context, group, member);
    return;
  }
  member.inServiceAt = context.state.now;
  move(context, group, member, 'InService');
  progress(context, member, 'Successful', 100);
}

function intoPool(context: Context, group: GroupState, member: Member): void {
  const machine = machineOf(context, member);
  const to = group.warmPool?.PoolState ?? 'Stopped';
  if (to === 'Running' || machine === undefined) {
    move(context, group, member, 'Warmed:Running');
    progress(context, member, 'Successful', 100);
    return;
  }
  if (member.state !== 'Warmed:Pending') move(context, group, member, 'Warmed:Pending:Proceed');
  if (machine.state === 'running' || machine.state === 'pending') stopMachine(context, machine);
  // Somebody stopped it while it waited.
  else if (machine.state === 'stopped') pooled(context, group, member);
}

/** EC2 stopped it: in the pool it waits now. */
export function pooled(context: Context, group: GroupState, member: Member): void {
  move(context, group, member, group.warmPool?.PoolState === 'Hibernated' ? 'Warmed:Hibernated' : 'Warmed:Stopped');
  progress(context, member, 'Successful', 100);
}

/** Ends an instance: terminating hooks first, unless it is gone or they are not wanted. */
export function terminateMember(
  context: Context,
  group: GroupState,
  member: Member,
  why: { readonly cause: string; readonly hooks?: boolean; readonly reuse?: boolean },
): string {
  if (isLeaving(member)) return member.activity ?? '';
  cancelWaits(member);
  progress(context, member, 'Cancelled', 100);
  member.reuse = why.reuse ?? false;
  const activity = begin(context, group, {
    description: `Terminating EC2 instance: ${member.id}`,
    cause: why.cause,
    status: 'InProgress',
    zone: member.zone,
  });
  member.activity = activity.ActivityId;
  const machine = machineOf(context, member);
  const gone = machine === undefined || machine.state === 'shutting-down' || machine.state === 'terminated';
  if (why.hooks !== false && !gone && enterHooks(context, group, member, 'terminating')) {
    move(context, group, member, leaving(member, 'Terminating:Wait'));
    progress(context, member, 'MidLifecycleAction', 60);
  } else if (member.reuse && !gone) letGo(context, group, member);
  else {
    move(context, group, member, leaving(member, 'Terminating'));
    if (member.reuse && !gone) letGo(context, group, member);
    else endMember(context, group, member);
  }
  return activity.ActivityId;
}

/** All terminating hooks are done. */
export function letGo(context: Context, group: GroupState, member: Member): void {
  if (member.reuse) {
    member.reuse = false;
    member.inServiceAt = undefined;
    move(context, group, member, 'Warmed:Pending');
    intoPool(context, group, member);
    return;
  }
  move(context, group, member, leaving(member, 'Terminating:Proceed'));
  endMember(context, group, member);
}

/** Auto Scaling keeps an instance whose terminating hook was abandoned, if the group's lifecycle policy says so. */
export function retain(context: Context, group: GroupState, member: Member): void {
  move(context, group, member, leaving(member, 'Terminating:Retained'));
  progress(
    context,
    member,
    'Cancelled',
    100,
    'The termination lifecycle action was abandoned: the instance is retained.',
  );
}

/** EC2 ends it, whatever it waited for. */
export function endMember(context: Context, group: GroupState, member: Member): void {
  cancelWaits(member);
  const machine = machineOf(context, member);
  if (machine === undefined || machine.state === 'terminated') removeMember(context, group, member);
  else {
    terminateMachine(context, machine);
  }
}

/** It is no instance of the group any more. */
export function removeMember(
  context: Context,
  group: GroupState,
  member: Member,
  state: LifecycleState = 'Terminated',
): void {
  cancelWaits(member);
  group.members.delete(member.id);
  context.state.autoscaling.groupOf.delete(member.id);
  move(context, group, member, state);
  progress(context, member, 'Successful', 100);
}

type Leaving = 'Terminating' | 'Terminating:Wait' | 'Terminating:Proceed' | 'Terminating:Retained';

const leaving = (member: Member, state: Leaving): LifecycleState => (isWarm(member) ? `Warmed:${state}` : state);
