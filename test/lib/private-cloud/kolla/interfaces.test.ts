import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { compile, goneBy, hostsGone } from '../../../../lib/private-cloud/failure/model.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { cloudOf } from './layouts.ts';

function withHosts(group: string, more: Partial<Cloud['hosts'][string]>): Cloud {
  const cloud = structuredClone(cloudOf('separated'));
  Object.assign(cloud.hosts[group] as object, more);
  return cloud;
}

describe('hosts with interfaces of their own', () => {
  const { files } = renderTree('cloud', withHosts('compute', { interfaces: { internal: 'ens1', tunnel: 'ens1' } }));

  it('have them as variables of their group, and all others the plane’s from a group that counts less', () => {
    const own = files['inventory/group_vars/hosts-compute.yml'] ?? '';
    expect(own).toContain('# hosts.compute.interfaces.internal\nnetwork_interface: "ens1"\n');
    expect(own).toContain('tunnel_interface: "ens1"\n');
    const others = files['inventory/group_vars/0_defaults.yml'] ?? '';
    expect(others).toContain('network_interface: "bond0.100"\n');
    expect(others).toContain('tunnel_interface: "bond0.102"\n');
    const globals = files['globals.yml'] ?? '';
    expect(globals).not.toMatch(/^(?:network|api|tunnel)_interface:/m);
    expect(globals).toContain('kolla_external_vip_interface: "bond0.101"\n');
  });

  it('reach a plane that is on the interface of the internal one by their internal address', () => {
    expect(files['inventory/host_vars/compute-1.yml']).toContain(
      '"internal":"10.10.0.101","external":"10.10.1.101","tunnel":"10.10.0.101"',
    );
    expect(files['inventory/host_vars/control-a-1.yml']).toContain('"tunnel":"10.10.2.11"');
  });

  it('have interfaces of physical networks of their own', () => {
    const cloud = withHosts('balancer-a', { providerInterfaces: { physnet1: 'ens9' } });
    const { files: tree } = renderTree('cloud', cloud);
    expect(tree['inventory/group_vars/hosts-balancer-a.yml']).toContain('neutron_external_interface: "ens9"\n');
    expect(tree['inventory/group_vars/hosts-balancer-b.yml']).toBeUndefined();
    expect(tree['globals.yml']).not.toContain('neutron_external_interface');
  });

  it('change nothing where no host has any', () => {
    expect(files['inventory/group_vars/hosts-control-a.yml']).toBeUndefined();
    expect(renderTree('cloud', cloudOf('separated')).files['inventory/group_vars/0_defaults.yml']).toBeUndefined();
  });
});

describe('hosts on one switch of two', () => {
  const cloud = withHosts('control-a', { switches: ['left'] });
  (cloud.racks['a'] as { switches: string[] }).switches = ['left', 'right'];
  const model = compile(cloud, topologyOf('cloud', cloud));
  const gone = (...names: readonly string[]) =>
    hostsGone(
      model,
      goneBy(
        model,
        names.map((name) => ({ kind: 'switch', name })),
      ),
    );

  it('are cut off with it, and their rack with both', () => {
    expect(gone('left')).toEqual(['control-a-1']);
    expect(gone('right')).toEqual([]);
    expect(gone('left', 'right')).toEqual(
      model.topology.hosts.filter(({ rack }) => rack === 'a').map(({ name }) => name),
    );
  });
});
