import { describe, expect, it } from 'vitest';
import { inLayout } from '../../../../lib/private-cloud/growth/layouts.ts';
import { membersIn } from '../../../../lib/private-cloud/growth/members.ts';
import { planGrowth } from '../../../../lib/private-cloud/growth/plan.ts';
import { inventoryGroups } from '../../../../lib/private-cloud/kolla/inventory.ts';
import { RELEASE, RELEASE_TAGS } from '../../../../lib/private-cloud/kolla/release.ts';
import { Placement } from '../../../../lib/private-cloud/kolla/restarts.ts';
import { updateSteps } from '../../../../lib/private-cloud/kolla/steps.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { cloudOf, LAYOUTS } from './layouts.ts';

const groupsOf = (cloud: Parameters<typeof topologyOf>[1]) =>
  inventoryGroups(topologyOf('cloud', cloud), cloud.storage.backend === 'ceph');

/** Those that match no task: kolla-ansible would run nothing, and end well. */
const unknown = (tags: readonly string[]) => tags.filter((each) => !RELEASE_TAGS.has(each));

describe('the tags of the release', () => {
  it('are those of its roles among others', () => {
    expect(unknown(Object.values(RELEASE.services).map(({ role }) => role))).toEqual([]);
    expect(unknown(['logs', 'common', 'nova-cell', 'ovn-controller', 'valkey'])).toEqual([]);
    expect(unknown(['kolla_logs'])).toEqual(['kolla_logs']);
  });

  it.each(LAYOUTS)('have all that an update of the layout %s runs', (layout) => {
    const placement = new Placement(groupsOf(cloudOf(layout)));
    const everything = placement.hosts.flatMap((host) => placement.on(host));
    const tags = updateSteps(everything, placement).flatMap((step) => step.tags);
    expect(tags.length).toBeGreaterThan(10);
    expect(unknown(tags)).toEqual([]);
  });

  it('have all that a growth runs', () => {
    const cloud = cloudOf('separated');
    const inventory = groupsOf(cloud);
    const steps = planGrowth({
      ...{ inventory, engine: 'docker', addressOf: () => '10.0.0.1' },
      from: membersIn(groupsOf(inLayout(cloud, 'starter'))),
      to: membersIn(inventory),
    });
    const tags = steps.flatMap(({ commands }) =>
      commands.flatMap(({ args }) =>
        args.includes('--tags') ? (args[args.indexOf('--tags') + 1] ?? '').split(',') : [],
      ),
    );
    expect(tags.length).toBeGreaterThan(10);
    expect(unknown(tags)).toEqual([]);
  });
});
