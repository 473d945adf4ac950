import type { Context } from '../context.ts';
import { isActive, isLeaving, isReady, isWarm, machineOf, removeMember, terminateMember, touch } from './members.ts';
import { launchAhead } from './reconcile.ts';
import type { GroupState, Member } from './state.ts';

/** Health is looked at this often. Not published; chosen. */
export const HEALTH_MS = 60_000;
/** An impaired instance has this long to recover. "A few minutes" in the user guide; chosen. */
const RECOVERY_MS = 120_000;
/** Zone rebalancing may go beyond the maximum by a tenth, or by one instance. https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html */
const MARGIN = 0.1;

export function inGracePeriod({ state }: Context, group: GroupState, member: Member): boolean {
  const grace = (group.settings.HealthCheckGracePeriod ?? 0) * 1000;
  return member.inServiceAt !== undefined && state.now < member.inServiceAt + grace;
}

/** The look at a group once a minute: health, lifetimes, zones. */
export function checkGroup(context: Context, group: GroupState): void {
  if (!group.suspended.has('HealthCheck'))
    for (const member of [...group.members.values()]) check(context, group, member);
  if (!group.suspended.has('AZRebalance')) rebalance(context, group);
  endLifetimes(context, group);
}

function check(context: Context, group: GroupState, member: Member): void {
  const machine = machineOf(context, member);
  const gone = machine === undefined || machine.state === 'terminated';
  if (gone && (isLeaving(member) || isWarm(member) || member.state === 'Standby')) {
    removeMember(context, group, member);
    return;
  }
  // What is in Standby, or on its way, is nobody's health.
  if (!isActive(member) && !isReady(member)) return;
  const down =
    gone ||
    machine.state === 'shutting-down' ||
    (!isWarm(member) && (machine.state === 'stopping' || machine.state === 'stopped'));
  const { now } = context.state;
  const impaired = machine?.impaired !== undefined && now >= machine.impaired.since + RECOVERY_MS;
  const neverUp = machine?.dead === true && machine.state === 'running' && now >= machine.launchedAt + RECOVERY_MS;
  if (
    member.healthy &&
    (down || ((impaired || neverUp) && member.state === 'InService' && !inGracePeriod(context, group, member)))
  ) {
    member.healthy = false;
    touch(context, group);
  }
}

/** Launches in the zone that has fewest, for an instance of the zone that has most. Protected ones stay. */
function rebalance(context: Context, group: GroupState): void {
  const members = [...group.members.values()];
  const active = members.filter(isActive);
  const busy = active.some(
    (member) => member.state !== 'InService' || member.replaces !== undefined || !member.healthy,
  );
  if (busy || active.length !== group.desired || isRefreshing(group)) return;
  const byZone = new Map<string, Member[]>();
  for (const id of group.subnets) byZone.set(context.state.ec2.subnets.get(id)?.zone ?? '', []);
  for (const member of active) byZone.get(member.zone)?.push(member);
  const victims: Member[] = [];
  const zones: string[] = [];
  const most = Math.max(1, Math.floor(group.max * MARGIN)) + group.max - active.length;
  for (;;) {
    const ordered = [...byZone].toSorted(([, a], [, b]) => a.length - b.length);
    const [few, many] = [ordered[0], ordered.at(-1)];
    if (few === undefined || many === undefined || many[1].length - few[1].length < 2 || victims.length >= most) break;
    const victim = many[1].find((member) => !member.protected && !victims.includes(member));
    if (victim === undefined) break;
    victims.push(victim);
    zones.push(few[0]);
    many[1].splice(many[1].indexOf(victim), 1);
    few[1].push(victim);
  }
  const cause = 'an instance was launched to rebalance instances in Availability Zones.';
  for (const [at, victim] of victims.entries())
    launchAhead(context, group, [victim.id], cause, { zones: [zones[at] ?? ''] });
}

/** Instances that are older than the group allows are replaced, a tenth of the group at a time. */
function endLifetimes(context: Context, group: GroupState): void {
  const seconds = group.settings.MaxInstanceLifetime ?? 0;
  if (seconds === 0 || isRefreshing(group) || group.suspended.has('Terminate')) return;
  const most = Math.max(1, Math.floor(group.desired / 10));
  const active = [...group.members.values()].filter(isActive);
  const moving = active.filter(({ state }) => state !== 'InService').length;
  const old = active.filter(
    (member) => member.state === 'InService' && context.state.now >= member.launchedAt + seconds * 1000,
  );
  for (const member of old.slice(0, Math.max(0, most - moving)))
    terminateMember(context, group, member, {
      cause: 'an instance was taken out of service because it reached its maximum instance lifetime.',
    });
}

function isRefreshing(group: GroupState): boolean {
  return ['Pending', 'InProgress', 'Baking', 'RollbackInProgress'].includes(group.refreshes.at(-1)?.Status ?? '');
}
