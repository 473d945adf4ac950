import type { Context } from '../context.ts';
import { launchMembers, takeFromPool } from './launch.ts';
import { isActive, isLeaving, isReady, isWarm, machineOf, terminateMember, touch } from './members.ts';
import { refreshTick } from './refresh/tick.ts';
import type { GroupState, Member } from './state.ts';
import { chooseVictims } from './victims.ts';
import { poolSize } from './warm-pool.ts';

/** What Auto Scaling does about the difference between what a group is and what it should be. */
export function reconcile(context: Context, group: GroupState): void {
  if (group.deleting) {
    removeGroup(context, group);
    return;
  }
  endReplacements(context, group);
  replaceUnhealthy(context, group);
  reachDesired(context, group);
  refreshTick(context, group);
  reachPoolSize(context, group);
  // This look came before a launch that failed may be tried again, and took the place of the one that would.
  if (context.state.now < group.launchAfter) touch(context, group, group.launchAfter - context.state.now);
}

const suspended = (group: GroupState, process: string): boolean => group.suspended.has(process);

/** Instances that count, without those that were launched ahead of one that goes. */
function capacityOf(group: GroupState): number {
  let count = 0;
  for (const member of group.members.values()) if (isActive(member) && member.replaces === undefined) count += 1;
  return count;
}

/** A replacement in service ends what it replaces; and it is an instance like others once that one is gone, or on its way. */
function endReplacements(context: Context, group: GroupState): void {
  for (const member of [...group.members.values()]) {
    if (member.replaces === undefined || member.refresh !== undefined) continue;
    const victim = group.members.get(member.replaces);
    if (victim === undefined || !isActive(victim)) member.replaces = undefined;
    else if (member.state === 'InService' && member.healthy && !suspended(group, 'Terminate')) {
      member.replaces = undefined;
      terminateMember(context, group, victim, {
        cause: 'an instance was taken out of service because its replacement is in service.',
      });
    }
  }
}

/** Unhealthy instances end at once and are launched anew; with a maintenance policy above 100 percent, the other way round. */
function replaceUnhealthy(context: Context, group: GroupState): void {
  if (suspended(group, 'ReplaceUnhealthy') || suspended(group, 'Terminate')) return;
  const sick = [...group.members.values()].filter(
    (member) => !member.healthy && !isLeaving(member) && (isActive(member) || isWarm(member)),
  );
  if (sick.length === 0) return;
  const most = group.settings.InstanceMaintenancePolicy?.MaxHealthyPercentage ?? 100;
  const replaced = new Set([...group.members.values()].map(({ replaces }) => replaces));
  for (const member of sick) {
    const running = machineOf(context, member)?.state === 'running';
    if (most > 100 && running && isActive(member)) {
      const active = [...group.members.values()].filter(isActive).length;
      if (replaced.has(member.id) || active >= Math.ceil((group.desired * most) / 100)) continue;
      launchAhead(context, group, [member.id], 'an instance was started to replace an unhealthy instance.');
      continue;
    }
    terminateMember(context, group, member, {
      cause: 'an instance was taken out of service in response to an EC2 health check.',
    });
  }
}

/** Launches one instance for each of these, beyond the desired capacity. */
export function launchAhead(
  context: Context,
  group: GroupState,
  victims: readonly string[],
  cause: string,
  where: { readonly zones?: readonly string[]; readonly refresh?: string } = {},
): readonly Member[] {
  if (suspended(group, 'Launch') || context.state.now < group.launchAfter) return [];
  return launchMembers(context, group, { count: victims.length, replaces: victims, cause, ...where }).launched;
}

function reachDesired(context: Context, group: GroupState): void {
  const capacity = capacityOf(group);
  if (capacity < group.desired && !suspended(group, 'Launch')) {
    const missing = group.desired - capacity;
    const cause = `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${capacity} to ${group.desired}.`;
    const taken = takeFromPool(context, group, missing, cause).length;
    if (taken < missing && context.state.now >= group.launchAfter)
      launchMembers(context, group, { count: missing - taken, cause });
  }
  if (capacity > group.desired && !suspended(group, 'Terminate')) {
    const cause = `instances were taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${capacity} to ${group.desired}.`;
    const reuse = group.warmPool?.InstanceReusePolicy?.ReuseOnScaleIn ?? false;
    for (const victim of chooseVictims(context, group, capacity - group.desired))
      terminateMember(context, group, victim, { cause, reuse });
  }
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/warm-pool-benefits-limitations.html */
function reachPoolSize(context: Context, group: GroupState): void {
  // What goes back to the pool after its hooks is of it already.
  const pool = [...group.members.values()].filter((member) => member.reuse || (isWarm(member) && !isLeaving(member)));
  const wanted = poolSize(group);
  const cause = `the warm pool of ${pool.length} instances should be of ${wanted}.`;
  if (pool.length < wanted && !suspended(group, 'Launch') && context.state.now >= group.launchAfter)
    launchMembers(context, group, { count: wanted - pool.length, warm: true, cause });
  if (pool.length > wanted && !suspended(group, 'Terminate')) {
    const readyFirst = pool.toSorted((a, b) => Number(isReady(b)) - Number(isReady(a)));
    for (const member of readyFirst.slice(0, pool.length - wanted)) terminateMember(context, group, member, { cause });
  }
}

function removeGroup(context: Context, group: GroupState): void {
  for (const member of [...group.members.values()])
    terminateMember(context, group, member, { cause: 'the Auto Scaling group is being deleted.' });
  if (group.members.size === 0) context.state.autoscaling.groups.delete(group.name);
  else touch(context, group, 5000);
}
