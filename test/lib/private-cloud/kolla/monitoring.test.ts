import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { inventoryGroups, membersOf } from '../../../../lib/private-cloud/kolla/inventory.ts';
import { RELEASE } from '../../../../lib/private-cloud/kolla/release.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { Placement, restartsOfValues } from '../../../../lib/private-cloud/kolla/restarts.ts';
import { updateSteps } from '../../../../lib/private-cloud/kolla/steps.ts';
import { managed, topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { paris } from '../failure/clouds.ts';
import { cloudOf, LAYOUTS } from './layouts.ts';

const groupsOf = (cloud: Cloud) => inventoryGroups(topologyOf('cloud', cloud), cloud.storage.backend === 'ceph');

/** Whose exporter stands in which group, by the group of what it tells about. */
const EXPORTERS = {
  mariadb: 'prometheus-mysqld-exporter',
  memcached: 'prometheus-memcached-exporter',
  valkey: 'prometheus-valkey-exporter',
  compute: 'prometheus-libvirt-exporter',
  'ovn-sb-db': 'prometheus-openstack-network-exporter',
  'ovn-controller': 'prometheus-openstack-network-exporter',
} as const;

describe.each([...LAYOUTS.map((layout) => [layout, cloudOf(layout)] as const), ['paris', paris] as const])(
  'exporters of %s',
  (_, cloud) => {
    const groups = groupsOf(cloud);
    const hosts = managed(topologyOf('cloud', cloud), cloud.storage.backend === 'ceph').map(({ name }) => name);

    it.each(['prometheus-node-exporter', 'prometheus-cadvisor'])('%s stands on every host', (group) => {
      const members = new Set(membersOf(groups, group));
      expect(hosts.filter((host) => !members.has(host))).toEqual([]);
    });

    it.each(Object.entries(EXPORTERS))('stand beside each member of %s', (group, exporter) => {
      const members = new Set(membersOf(groups, exporter));
      expect(membersOf(groups, group).filter((host) => !members.has(host))).toEqual([]);
    });

    it('are services that the release deploys', () => {
      for (const exporter of ['prometheus-node-exporter', ...Object.values(EXPORTERS)])
        expect(RELEASE.services[exporter]?.group).toBe(exporter);
    });
  },
);

describe('a change', () => {
  const placement = new Placement(groupsOf(cloudOf('separated')));

  it('of a flag of the exporters restarts them on all hosts at once, and who asks them', () => {
    const restarts = restartsOfValues('globals.yml', ['prometheus_node_exporter_cmdline_extras'], placement);
    expect(restarts).toContain('prometheus-node-exporter@ovn-a-1');
    expect(restarts).toContain('prometheus-server@tools-1');
    const steps = updateSteps(restarts, placement).filter(({ verb }) => verb === 'reconfigure');
    expect(steps.map(({ tags }) => tags)).toEqual([['prometheus'], ['prometheus-node-exporters']]);
    expect(steps[1]?.limit.length).toBe(membersOf(groupsOf(cloudOf('separated')), 'common').length);
  });

  it('starts no exporter where nobody asks', () => {
    const alone = new Placement(groupsOf(cloudOf('converged')));
    expect(restartsOfValues('globals.yml', ['prometheus_node_exporter_cmdline_extras'], alone)).toEqual([]);
    expect(renderTree('cloud', cloudOf('converged')).files['globals.yml']).toContain('enable_prometheus: false');
  });
});
