import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { WarmPoolConfiguration } from '../autoscaling-types.ts';
import type { Handlers } from '../context.ts';
import { validation } from '../faults.ts';
import { paginate } from '../pages.ts';
import { needGroup } from './lookup.ts';
import { isWarm, terminateMember, touch } from './members.ts';
import type { GroupState } from './state.ts';
import { memberView } from './views.ts';

const PAGE = 50;
const STATES: readonly string[] = ['Stopped', 'Running', 'Hibernated'];

export const warmPoolCalls = {
  putWarmPool(context, { AutoScalingGroupName, MaxGroupPreparedCapacity, MinSize, PoolState, InstanceReusePolicy }) {
    const group = needGroup(context, AutoScalingGroupName);
    const before = group.warmPool;
    const state = PoolState ?? before?.PoolState ?? 'Stopped';
    if (!isPoolState(state)) throw validation(`The pool state ${state} is not valid: it must be ${STATES.join(', ')}`);
    const prepared = MaxGroupPreparedCapacity ?? before?.MaxGroupPreparedCapacity;
    const minimum = MinSize ?? before?.MinSize ?? 0;
    if (prepared !== undefined && prepared < -1)
      throw validation(`Max group prepared capacity ${prepared} is not valid: it must be -1 or more`);
    if (minimum < 0) throw validation(`Min size ${minimum} is not valid: it must be 0 or more`);
    const reuse = InstanceReusePolicy ?? before?.InstanceReusePolicy;
    group.warmPool = {
      MinSize: minimum,
      PoolState: state,
      // -1 takes it back.
      ...(prepared !== undefined && prepared >= 0 && { MaxGroupPreparedCapacity: prepared }),
      ...(reuse !== undefined && { InstanceReusePolicy: reuse }),
    };
    touch(context, group);
    return {};
  },

  deleteWarmPool(context, { AutoScalingGroupName, ForceDelete }) {
    const group = needGroup(context, AutoScalingGroupName);
    if (group.warmPool === undefined) throw validation(`No warm pool found for Auto Scaling group ${group.name}`);
    group.warmPool = undefined;
    if (ForceDelete === true)
      for (const member of [...group.members.values()].filter(isWarm))
        terminateMember(context, group, member, { cause: 'the warm pool is being deleted.', hooks: false });
    touch(context, group);
    return {};
  },

  describeWarmPool(context, { AutoScalingGroupName, MaxRecords, NextToken }) {
    const group = needGroup(context, AutoScalingGroupName);
    const pool = [...group.members.values()].filter(isWarm).map(memberView);
    const { items, ...page } = paginate(pool, NextToken, MaxRecords ?? PAGE);
    return {
      ...(group.warmPool !== undefined && { WarmPoolConfiguration: group.warmPool }),
      Instances: items,
      ...page,
    };
  },
} satisfies Handlers<AutoScaling>;

/** Prepared capacity, which is the maximum where it was not said, less the desired one; the pool's own minimum at least. */
export function poolSize({ warmPool, max, desired }: GroupState): number {
  if (warmPool === undefined) return 0;
  return Math.max(warmPool.MinSize, (warmPool.MaxGroupPreparedCapacity ?? max) - desired);
}

function isPoolState(state: string): state is WarmPoolConfiguration['PoolState'] {
  return STATES.includes(state);
}
