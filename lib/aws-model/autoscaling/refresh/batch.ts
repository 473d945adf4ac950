import type { Context } from '../../context.ts';
import { replaceRootVolume } from '../../ec2/root-volume.ts';
import { imageOf } from '../../ec2/run.ts';
import { candidatesOf, configurationOf } from '../configuration.ts';
import { launchMembers } from '../launch.ts';
import { admit, isActive, machineOf, move, terminateMember } from '../members.ts';
import type { GroupState, Member, RefreshState } from '../state.ts';

const CAUSE = 'an instance refresh replaces instances.';

/** Replacements in service that have warmed up end what they replace. */
export function moveBatch(context: Context, group: GroupState, refresh: RefreshState): void {
  for (const member of [...group.members.values()]) {
    if (member.replaces === undefined || member.refresh !== refresh.InstanceRefreshId) continue;
    const victim = group.members.get(member.replaces);
    if (victim === undefined || !isActive(victim)) {
      member.replaces = undefined;
      continue;
    }
    if (!isWarmedUp(context, group, refresh, member)) continue;
    member.replaces = undefined;
    refresh.progressAt = context.state.now;
    terminateMember(context, group, victim, { cause: CAUSE });
  }
}

/** The batch is through once none of it is left, and all that the group should have is in service, healthy and warmed up. */
export function isBatchDone(context: Context, group: GroupState, refresh: RefreshState): boolean {
  if (refresh.batch.length === 0) return true;
  let ready = 0;
  for (const member of group.members.values()) {
    if (!isActive(member)) continue;
    if (member.replaces !== undefined || !isWarmedUp(context, group, refresh, member)) return false;
    if (refresh.Strategy === 'Rolling' && refresh.batch.includes(member.id)) return false;
    ready += 1;
  }
  return ready >= group.desired;
}

/** Takes as many as minimum and maximum allow, `most` at most, and one at least. */
export function startBatch(context: Context, group: GroupState, refresh: RefreshState, most: number): void {
  const next = refresh.targets.filter((id) => isOpen(refresh, group.members.get(id)));
  const { ahead, first } = sizes(context, group, refresh);
  const aheadOnes = next.slice(0, Math.min(ahead, most));
  const firstOnes = next.slice(aheadOnes.length, Math.min(aheadOnes.length + first, Math.max(most, 0)));
  const members = (ids: readonly string[]) =>
    ids.map((id) => group.members.get(id)).filter((member) => member !== undefined);
  let taken: string[] = [];
  if (refresh.Strategy === 'ReplaceRootVolume') {
    taken = [...aheadOnes, ...firstOnes];
    for (const member of members(taken)) renewRoot(context, group, refresh, member);
  } else {
    if (aheadOnes.length > 0 && !group.suspended.has('Launch')) {
      const order = { count: aheadOnes.length, replaces: aheadOnes, cause: CAUSE, refresh: refresh.InstanceRefreshId };
      const { launched } = launchMembers(context, group, order);
      taken = launched.map(({ replaces }) => replaces).filter((id) => id !== undefined);
    }
    if (!group.suspended.has('Terminate'))
      for (const member of members(firstOnes)) {
        terminateMember(context, group, member, { cause: CAUSE });
        taken.push(member.id);
      }
  }
  const gone = new Set(taken);
  refresh.batch.push(...taken);
  refresh.targets.splice(0, refresh.targets.length, ...refresh.targets.filter((id) => !gone.has(id)));
}

/** How many may be launched ahead of what they replace, and how many may end first. */
function sizes(context: Context, group: GroupState, refresh: RefreshState): { ahead: number; first: number } {
  const { min, max } = percentages(group, refresh);
  const active = [...group.members.values()].filter(isActive);
  const healthy = active.filter((member) => isWarmedUp(context, group, refresh, member)).length;
  const least = Math.ceil((group.desired * min) / 100);
  if (refresh.Strategy === 'ReplaceRootVolume') return { ahead: 0, first: Math.max(1, healthy - least) };
  const above = Math.floor((group.desired * max) / 100) - active.length;
  // A minimum of 100 percent launches before it ends anything, one at a time where the maximum leaves no room.
  if (min === 100) return { ahead: Math.max(1, above), first: 0 };
  if (max > 100) return { ahead: Math.max(1, above), first: Math.max(0, healthy - least) };
  return { ahead: 0, first: Math.max(1, healthy - least) };
}

/** Of the refresh, else of the group's maintenance policy, else 90 and 100. */
export function percentages(
  group: GroupState,
  { Preferences }: Pick<RefreshState, 'Preferences'>,
): { min: number; max: number } {
  const policy = group.settings.InstanceMaintenancePolicy;
  const of = (own: number | undefined, groups: number | undefined, standard: number) =>
    own ?? (groups === undefined || groups < 0 ? standard : groups);
  return {
    min: of(Preferences.MinHealthyPercentage, policy?.MinHealthyPercentage, 90),
    max: of(Preferences.MaxHealthyPercentage, policy?.MaxHealthyPercentage, 100),
  };
}

/** In service, healthy, and past its warm-up if it came by this refresh. */
function isWarmedUp({ state }: Context, group: GroupState, refresh: RefreshState, member: Member): boolean {
  if (member.state !== 'InService' || !member.healthy) return false;
  const { DefaultInstanceWarmup, HealthCheckGracePeriod } = group.settings;
  const seconds = refresh.Preferences.InstanceWarmup ?? DefaultInstanceWarmup ?? HealthCheckGracePeriod ?? 0;
  const since = member.inServiceAt ?? 0;
  return since < refresh.StartTime || state.now >= since + seconds * 1000;
}

/** Protected ones and those in Standby are passed over while the refresh waits for them. */
function isOpen({ Preferences }: RefreshState, member: Member | undefined): boolean {
  if (member === undefined || member.state !== 'InService') return false;
  return !member.protected || Preferences.ScaleInProtectedInstances === 'Refresh';
}

/** Lifecycle hooks of this transition are not modelled. */
function renewRoot(context: Context, group: GroupState, refresh: RefreshState, member: Member): void {
  member.refresh = refresh.InstanceRefreshId;
  move(context, group, member, 'ReplacingRootVolume');
  const machine = machineOf(context, member);
  const candidate = candidatesOf(context, configurationOf(group)).find(({ type }) => type === member.type);
  if (machine?.state !== 'running' || candidate === undefined) {
    member.healthy = false;
    return;
  }
  member.image = imageOf(candidate.data);
  member.template = candidate.template;
  replaceRootVolume(context, machine, member.image);
}

/** Up again from the new volume. */
export function rootRenewed(context: Context, group: GroupState, member: Member): void {
  move(context, group, member, 'RootVolumeReplaced');
  admit(context, group, member);
}
