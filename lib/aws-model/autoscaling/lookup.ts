import type { Context } from '../context.ts';
import { groupNotFound, memberNotFound, validation } from '../faults.ts';
import type { GroupState, Member } from './state.ts';

export function needGroup({ state }: Context, name: string): GroupState {
  const found = state.autoscaling.groups.get(name);
  if (found === undefined) throw groupNotFound(name);
  return found;
}

/** The instance of any group. */
export function needMember(context: Context, id: string): { readonly group: GroupState; readonly member: Member } {
  const found = findMember(context, id);
  if (found === undefined) throw memberNotFound(id);
  return found;
}

export function findMember({ state }: Context, id: string): { group: GroupState; member: Member } | undefined {
  const group = state.autoscaling.groups.get(state.autoscaling.groupOf.get(id) ?? '');
  const member = group?.members.get(id);
  return group === undefined || member === undefined ? undefined : { group, member };
}

/** The instances of one group: one that is not in it refuses all. */
export function needMembers(group: GroupState, ids: readonly string[]): Member[] {
  return ids.map((id) => {
    const member = group.members.get(id);
    if (member === undefined) throw validation(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    return member;
  });
}

/** Of the ids of a call. */
export function checkBatch(ids: readonly string[], most: number): void {
  if (ids.length > most)
    throw validation(
      `1 validation error detected: Value '[${ids.slice(0, 3).join(', ')}, ...]' at 'instanceIds' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
    );
}
