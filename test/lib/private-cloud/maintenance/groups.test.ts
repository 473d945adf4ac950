import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeOf } from '../../../../lib/private-cloud/maintenance/judge.ts';
import { planMaintenance } from '../../../../lib/private-cloud/maintenance/plan.ts';
import { placeOnCloud } from '../../../../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { draws } from '../../../chaos.ts';
import { loadedCloud } from './clouds.ts';
import { fewestGroups, naivelyMayGo } from './oracle.ts';

describe('groups of hosts that go at once', () => {
  it('are at most one more than the fewest, each may go, and every host is in one', () => {
    fc.assert(
      fc.property(loadedCloud(), ({ cloud, servers }) => {
        const topology = topologyOf('any', cloud);
        const placement = placeOnCloud(cloud, servers);
        const mayGo = (group: readonly string[]) => naivelyMayGo(cloud, topology, placement, group);
        const hosts = topology.hosts.map(({ name }) => name).filter((host) => mayGo([host]));
        const plan = planMaintenance({ cloud, topology, placement, hosts });
        if ('refused' in plan) throw new Error(JSON.stringify(plan.refused));
        expect(plan.groups.flatMap((group) => group.hosts).sort()).toEqual([...hosts].sort());
        for (const group of plan.groups) expect(mayGo(group.hosts), group.key).toBe(true);
        const more = plan.groups.length - (fewestGroups(hosts, mayGo) ?? 0);
        expect(more).toBeLessThanOrEqual(1);
      }),
      draws(1000),
    );
  });

  it('are judged as by somebody who goes through the services one by one', () => {
    fc.assert(
      fc.property(
        loadedCloud().chain((loaded) =>
          fc.record({
            loaded: fc.constant(loaded),
            group: fc.subarray(
              Object.keys(loaded.cloud.hosts).map((name) => `${name}-1`),
              { minLength: 1 },
            ),
          }),
        ),
        ({ loaded: { cloud, servers }, group }) => {
          const topology = topologyOf('any', cloud);
          const placement = placeOnCloud(cloud, servers);
          const refusal = judgeOf(cloud, topology, placement).refusalOf(group);
          expect(refusal === undefined).toBe(naivelyMayGo(cloud, topology, placement, group));
        },
      ),
      draws(1000),
    );
  });
});
