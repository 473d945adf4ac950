import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { chooseHosts } from '../../../../lib/private-cloud/maintenance/choose-hosts.ts';
import { maintenanceRefused } from '../../../../lib/private-cloud/maintenance/errors.ts';
import { type MaintenancePlan, planMaintenance } from '../../../../lib/private-cloud/maintenance/plan.ts';
import { simulateMaintenance } from '../../../../lib/private-cloud/maintenance/simulate.ts';
import { placeLeases, placeOnCloud } from '../../../../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris, project } from '../failure/clouds.ts';
import { naivelyDown } from '../failure/oracle.ts';
import { cloudOf } from '../kolla/layouts.ts';
import { loadedCloud } from './clouds.ts';

const topology = topologyOf('paris', paris);
const placement = placeLeases(project, 'paris');
const everyHost = topology.hosts.map(({ name }) => name);

function planned(plan: ReturnType<typeof planMaintenance>): MaintenancePlan {
  if ('refused' in plan) throw maintenanceRefused('x', plan.refused);
  return plan;
}

/** A plan for hosts of a cloud without servers. */
function planOf(cloud: Cloud, names: readonly string[], degraded = false) {
  const topology = topologyOf('cloud', cloud);
  return planMaintenance({
    ...{ cloud, topology, placement: placeOnCloud(cloud, []), degraded },
    hosts: chooseHosts(topology, names),
  });
}

describe('all hosts of paris', () => {
  const plan = planned(planMaintenance({ cloud: paris, topology, placement, hosts: everyHost }));

  it('go in two groups a rack, the deployment host last', () => {
    expect(plan.groups.map(({ rack }) => rack)).toEqual(['a', 'a', 'b', 'b', 'c', 'c', 'a']);
    expect(plan.groups.at(-1)?.hosts).toEqual(['monitoring-a-1']);
    expect(plan.groups.flatMap(({ hosts }) => hosts).sort()).toEqual([...everyHost].sort());
  });

  it('break no quorum and leave a spare host, while servers stay where they moved', () => {
    expect(simulateMaintenance(plan, { cloud: paris, topology, placement })).toEqual([]);
    for (const { hosts, costs } of plan.groups) {
      const failure = hosts.map((name) => ({ kind: 'host', name }) as const);
      const stopped = naivelyDown(paris, topology, failure).map((service) => `stops ${service}`);
      expect(costs).toEqual(stopped);
    }
  });

  it('would break them in one group: the simulation tells', () => {
    const [first] = plan.groups;
    if (first === undefined) throw new Error('no group');
    const rack = { ...first, hosts: everyHost.filter((host) => host.includes('-a-') || host.includes('-b-')) };
    const problems = simulateMaintenance({ ...plan, groups: [rack] }, { cloud: paris, topology, placement });
    expect(problems.map(({ problem }) => problem)).toContain('mariadb stops (majority)');
    expect(problems.map(({ problem }) => problem).join()).toContain('has no host to move to');
  });

  it('say what the operator does in Ceph, where hosts hold its disks', () => {
    const [disks, others] = [true, false].map((has) =>
      plan.groups.filter(({ hosts }) => hosts.some((host) => host.startsWith('storage-')) === has),
    );
    expect(disks).not.toEqual([]);
    for (const { asks, hosts } of disks ?? []) {
      const names = hosts.filter((host) => host.startsWith('storage-')).join(' ');
      expect(asks).toEqual([
        expect.stringContaining(`\`ceph osd set-group noout ${names}\``),
        expect.stringContaining(`\`ceph osd unset-group noout ${names}\``),
      ]);
    }
    expect((others ?? []).flatMap(({ asks }) => asks)).toEqual([]);
  });

  it('take as long as the slowest host of each group, all groups together', () => {
    expect(plan.seconds).toBe(plan.groups.reduce((sum, { seconds }) => sum + seconds, 0));
    const last = plan.groups.at(-1);
    expect(last).toMatchObject({ moves: { servers: 0, memoryMiB: 0 }, seconds: 420, costs: ['stops prometheus'] });
    for (const { moves, seconds } of plan.groups.slice(0, -1))
      expect(seconds).toBeLessThanOrEqual(Math.ceil(420 + moves.memoryMiB / 600));
  });
});

describe('a cloud that survives the loss of a host alone', () => {
  it('misses one host at once that carries services, and compute hosts together as before', () => {
    const request = { cloud: { ...paris, survives: 'host' as const }, topology, placement };
    const groups = planned(planMaintenance({ ...request, hosts: everyHost })).groups;
    for (const { hosts } of groups)
      expect(hosts.filter((host) => !host.startsWith('compute-')).length).toBeLessThanOrEqual(1);
    // Compute hosts go with them, and take no groups of their own.
    expect(groups).toHaveLength(everyHost.filter((host) => !host.startsWith('compute-')).length);
  });
});

describe('hosts that may not go', () => {
  it('fails for the only controller, and takes it alone where that is accepted', () => {
    const starter = cloudOf('starter');
    const plan = planOf(starter, ['control']);
    if (!('refused' in plan)) throw new Error('not refused');
    expect(maintenanceRefused('cloud', plan.refused).message).toMatch(
      /control-1: mariadb, rabbitmq and \d+ more would have 0 of 1 member, and may miss none/,
    );
    expect(planned(planOf(starter, ['control'], true)).groups).toMatchObject([
      { hosts: ['control-1'], costs: [expect.stringMatching(/^stops mariadb/), 'stops volumes'] },
    ]);
  });

  it('fails, accepted or not, for a host whose servers find no other', () => {
    const compute = ['rack-a', 'rack-b', 'rack-c'].map((zone) => ({ zone, rack: zone.slice(-1) }));
    const hosts = Object.fromEntries(
      Object.entries(paris.hosts).map(([name, group]) => [
        name,
        name.startsWith('compute-') ? { ...group, count: 1 } : group,
      ]),
    );
    const small = { ...paris, hosts };
    const topology = topologyOf('paris', small);
    const servers = compute.map(({ zone }) => ({
      ...{ id: `x/web-${zone}`, lease: 'x', tier: 'web', flavor: 'small' },
      ...{ vcpus: 1, memoryMiB: 2048, diskGiB: 20, zone, group: undefined },
    }));
    const plan = planMaintenance({
      ...{ cloud: small, topology, placement: placeOnCloud(small, servers), degraded: true },
      hosts: ['compute-a-1', 'compute-b-1'],
    });
    if (!('refused' in plan)) throw new Error('not refused');
    expect(maintenanceRefused('paris', plan.refused).message).toBe(
      'paris cannot do without 2 hosts, not even one at a time: compute-a-1: 1 server has no host (x/web-rack-a): zone rack-a has no other host; compute-b-1: 1 server has no host (x/web-rack-b): zone rack-b has no other host',
    );
  });

  it('says which host more would be too many, and goes on where that is accepted', () => {
    const hosts = { ...paris.hosts, 'compute-a': { ...paris.hosts['compute-a'], count: 2 } } as Cloud['hosts'];
    const tight = { ...paris, hosts };
    const topology = topologyOf('paris', tight);
    const placement = placeOnCloud(tight, [
      {
        ...{ id: 'x/web-1', lease: 'x', tier: 'web', flavor: 'small', vcpus: 1, memoryMiB: 2048, diskGiB: 20 },
        ...{ zone: 'rack-a', group: undefined },
      },
    ]);
    const request = { cloud: tight, topology, placement, hosts: ['compute-a-1', 'compute-a-2'] };
    const plan = planMaintenance(request);
    if (!('refused' in plan)) throw new Error('not refused');
    expect(maintenanceRefused('paris', plan.refused).message).toContain(
      'compute-a-1: if compute-a-2 fails meanwhile, 1 server has no host (x/web-1): zone rack-a has no other host',
    );
    const groups = planned(planMaintenance({ ...request, degraded: true })).groups;
    expect(groups.map(({ hosts, costs }) => [hosts, costs.length])).toEqual([
      [['compute-a-1'], 1],
      [['compute-a-2'], 1],
    ]);
  });
});

describe('hosts by name', () => {
  it('are hosts, groups of the configuration and racks, in its order, each once', () => {
    expect(chooseHosts(topology, ['compute-a-2', 'control-a', 'control-a-1'])).toEqual(['control-a-1', 'compute-a-2']);
    expect(chooseHosts(topology, ['rack/b'])).toHaveLength(15);
  });

  it('fails for a name of nothing, with the nearest', () => {
    expect(() => chooseHosts(topology, ['compute-a-7'])).toThrow(
      expect.objectContaining({ code: 'no-such-part', next: expect.stringContaining('compute-a-') as string }),
    );
  });
});

describe('the simulation', () => {
  it('agrees with every plan of small clouds', () => {
    fc.assert(
      fc.property(loadedCloud(), ({ cloud, servers }) => {
        const topology = topologyOf('any', cloud);
        const inputs = { cloud, topology, placement: placeOnCloud(cloud, servers) };
        const [first, ...others] = topology.hosts.map(({ name }) => name);
        const plan = planMaintenance({ ...inputs, hosts: [first ?? '', ...others] });
        if ('refused' in plan) return;
        const [group] = plan.groups;
        // Later groups begin with servers where earlier ones moved them, which no plan on paper knows.
        expect(simulateMaintenance({ ...plan, groups: group === undefined ? [] : [group] }, inputs)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
