import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { inventoryGroups } from '../../../../lib/private-cloud/kolla/inventory.ts';
import { RELEASE, RELEASE_TAGS } from '../../../../lib/private-cloud/kolla/release.ts';
import { Placement } from '../../../../lib/private-cloud/kolla/restarts.ts';
import { updateSteps } from '../../../../lib/private-cloud/kolla/steps.ts';
import { inLayout } from '../../../../lib/private-cloud/members/layouts.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { stepsOf } from '../members/plans.ts';
import { cloudOf, LAYOUTS } from './layouts.ts';

const groupsOf = (cloud: Parameters<typeof topologyOf>[1]) =>
  inventoryGroups(topologyOf('cloud', cloud), cloud.storage.backend === 'ceph');

/** Actions of kolla-ansible 22.2.0 that take hosts and tags. */
const VERBS = ['bootstrap-servers', 'prechecks', 'pull', 'deploy', 'reconfigure', 'stop', 'check', 'mariadb-recovery'];

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

  it.each([
    ['starter', 'converged'],
    ['converged', 'separated'],
    ['separated', 'converged'],
  ] as const)('have all that a change of members from %s to %s runs', (from, to) => {
    const groups = (layout: Cloud['layout']) => groupsOf(inLayout(cloudOf('separated'), layout));
    const plays = stepsOf({ standing: groups(from), wanted: groups(to) }).flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === 'play' ? [action.play] : [])),
    );
    expect(plays.length).toBeGreaterThan(10);
    expect(unknown(plays.flatMap(({ tags }) => tags))).toEqual([]);
    expect([...new Set(plays.map(({ verb }) => verb))].filter((verb) => !VERBS.includes(verb))).toEqual([]);
  });
});
