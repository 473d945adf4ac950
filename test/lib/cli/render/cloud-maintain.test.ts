import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { renderMaintain } from '../../../../lib/cli/render/cloud-maintain.ts';
import { planMaintenance } from '../../../../lib/private-cloud/maintenance/plan.ts';
import { placeLeases } from '../../../../lib/private-cloud/placement/placement.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris, project } from '../../private-cloud/failure/clouds.ts';

const topology = topologyOf('paris', paris);
const plan = planMaintenance({
  ...{ cloud: paris, topology, placement: placeLeases(project, 'paris') },
  hosts: topology.hosts.map(({ name }) => name),
});
if ('refused' in plan) throw new Error('refused');
const planned = { ...plan, problems: [], left: [], outcome: 'planned' } as const;

describe('maintenance as text', () => {
  it.each([80, 160])('has what goes, moves, stays and is free, within %s columns', (columns) => {
    const text = renderMaintain(planned, { colors: picocolors.createColors(false), columns });
    const lines = text.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines[0]).toBe('paris: 46 hosts in 7 groups, one after the other, about 55 min 22 s');
    for (const what of ['moves away: ', 'stays: mariadb 2 of 3', 'free in zone rack-a, ', 'stops prometheus', '--run'])
      expect(text).toContain(what);
  });

  it('names problems of the simulation, and hosts that are left to the operator', () => {
    const view = { colors: picocolors.createColors(false), columns: 200 };
    const problems = [{ group: 'maintain a', problem: 'mariadb stops (majority)' }];
    expect(renderMaintain({ ...planned, problems }, view)).toContain('CAUTION: maintain a: mariadb stops (majority)');
    const done = renderMaintain({ ...planned, left: ['storage-a-1'], outcome: 'done' }, view);
    expect(done).toMatch(/^paris: 46 hosts are back in service\nBy hand, .*storage-a-1/);
    expect(renderMaintain({ ...planned, groups: [], outcome: 'given back' }, view)).toMatch(/as it was/);
  });
});
