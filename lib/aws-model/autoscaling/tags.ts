import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { GroupTag, TagDescription } from '../autoscaling-types.ts';
import type { Handlers } from '../context.ts';
import { validation } from '../faults.ts';
import { paginate } from '../pages.ts';
import { needGroup } from './lookup.ts';
import type { GroupState } from './state.ts';

export const tagCalls = {
  createOrUpdateTags(context, { Tags }) {
    for (const tag of Tags) setTags(needGroup(context, tag.ResourceId ?? ''), [tag]);
    return {};
  },

  deleteTags(context, { Tags }) {
    for (const { ResourceId = '', Key } of Tags) {
      const group = needGroup(context, ResourceId);
      group.tags = group.tags.filter((tag) => tag.Key !== Key);
    }
    return {};
  },

  describeTags(context, { Filters = [], MaxRecords, NextToken }) {
    const all = [...context.state.autoscaling.groups.values()].flatMap(({ tags }) => tags);
    const fields: Readonly<Record<string, (tag: TagDescription) => string>> = {
      'auto-scaling-group': ({ ResourceId }) => ResourceId,
      key: ({ Key }) => Key,
      value: ({ Value }) => Value,
      'propagate-at-launch': ({ PropagateAtLaunch }) => String(PropagateAtLaunch),
    };
    const chosen = all.filter((tag) =>
      Filters.every(({ Name = '', Values = [] }) => {
        const field = Object.hasOwn(fields, Name) ? fields[Name] : undefined;
        if (field === undefined) throw validation(`The filter ${Name} is not valid`);
        return Values.includes(field(tag));
      }),
    );
    const { items, ...page } = paginate(chosen, NextToken, MaxRecords ?? 50);
    return { Tags: items, ...page };
  },
} satisfies Handlers<AutoScaling>;

/** Instances that are launched from now on carry those that propagate. */
export function setTags(group: GroupState, tags: readonly GroupTag[]): void {
  for (const { Key, Value = '', PropagateAtLaunch = false } of tags) {
    const tag = { Key, Value, PropagateAtLaunch, ResourceId: group.name, ResourceType: 'auto-scaling-group' };
    group.tags = [...group.tags.filter((other) => other.Key !== Key), tag];
  }
}
