import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { readInventory, valuesOf } from '../../../../lib/engines/kolla/read-tree.ts';
import { iniValue } from '../../../../lib/private-cloud/kolla/expression.ts';
import { membersOf } from '../../../../lib/private-cloud/kolla/inventory.ts';
import { RELEASE } from '../../../../lib/private-cloud/kolla/release.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { cloudOf, LAYOUTS } from './layouts.ts';

const groupsOf = (cloud: Cloud) => readInventory(renderTree('cloud', cloud).files['inventory/multinode'] ?? '');
const globalsOf = (cloud: Cloud) =>
  parse(renderTree('cloud', cloud).files['globals.yml'] ?? '') as Record<string, unknown>;

describe.each(LAYOUTS)('the tree of the layout %s', (layout) => {
  it('has every group of the release, and only groups that are there as children', () => {
    const groups = groupsOf(cloudOf(layout));
    const names = new Set(groups.map(({ name }) => name));
    for (const name of Object.keys(RELEASE.groups)) expect(names).toContain(name);
    for (const { children } of groups) for (const child of children) expect(names).toContain(child);
  });

  it('has Kolla set up every host that carries one of its services', () => {
    const groups = groupsOf(cloudOf(layout));
    const common = new Set(membersOf(groups, 'common'));
    for (const name of ['mariadb', 'rabbitmq', 'loadbalancer', 'ovn-nb-db', 'keystone', 'compute'])
      for (const host of membersOf(groups, name)) expect(common, name).toContain(host);
  });

  it('names its source at the head of each file, and holds no secret', () => {
    for (const [path, content] of Object.entries(renderTree('cloud', cloudOf(layout)).files)) {
      expect(content, path).toContain('Written by Tandem from config/clouds/cloud.yaml: ');
      expect(path).not.toContain('passwords');
      expect(content, path).not.toMatch(/^\w*(?:password|secret|private_key)\w*\s*[:=]/m);
    }
  });

  it('gives the same bytes, whatever the order of the work before', () => {
    expect(renderTree('cloud', cloudOf(layout))).toEqual(renderTree('cloud', structuredClone(cloudOf(layout))));
  });
});

describe('services of their own hosts', () => {
  it('stand apart in a separated cloud, and on the controllers in a converged one', () => {
    const separated = groupsOf(cloudOf('separated'));
    expect(membersOf(separated, 'mariadb')).toEqual(['database-a-1', 'database-b-1', 'database-c-1']);
    expect(membersOf(separated, 'ovn-nb-db')).toEqual(['ovn-a-1', 'ovn-b-1', 'ovn-c-1']);
    expect(membersOf(separated, 'keystone')).toEqual(['control-a-1', 'control-b-1', 'control-c-1']);
    expect(membersOf(groupsOf(cloudOf('converged')), 'mariadb')).toEqual(['control-a-1', 'control-b-1', 'control-c-1']);
  });

  it('leave Ceph’s own hosts to Ceph', () => {
    expect(membersOf(groupsOf(cloudOf('separated')), 'storage')).toEqual([]);
    expect(membersOf(groupsOf(cloudOf('starter')), 'storage')).toEqual(['control-1']);
  });
});

describe('globals.yml', () => {
  it('has neither balancer nor failover settings where there is nothing to fail over to', () => {
    const globals = globalsOf(cloudOf('starter'));
    expect(globals).toMatchObject({
      enable_haproxy: false,
      enable_proxysql: false,
      kolla_internal_vip_address: '10.10.0.11',
    });
    expect(Object.keys(globals).filter((key) => /wsrep|erl_args|health_check/.test(key))).toEqual([]);
  });

  it('takes more variables from the configuration', () => {
    const cloud = cloudOf('converged');
    const kolla = { ...(cloud.kolla as NonNullable<Cloud['kolla']>), globals: { enable_horizon: false } };
    expect(globalsOf({ ...cloud, kolla })).toMatchObject({ enable_horizon: false });
  });

  it('keeps text that Ansible would evaluate as text, and expressions as what they are', () => {
    const cloud = cloudOf('converged');
    const template = "{{ lookup('pipe', 'id') }}";
    const globals = { motd: template, plain: 'a', comment: '{# x #}', meant: { expression: template } };
    const written = renderTree('cloud', {
      ...cloud,
      kolla: { ...(cloud.kolla as NonNullable<Cloud['kolla']>), globals },
    });
    const lines = (written.files['globals.yml'] ?? '').split('\n');
    expect(lines).toContain(`motd: !unsafe ${JSON.stringify(template)}`);
    expect(lines).toContain('plain: "a"');
    expect(lines).toContain('comment: !unsafe "{# x #}"');
    expect(lines).toContain(`meant: ${JSON.stringify(template)}`);
    expect(valuesOf('globals.yml', lines.join('\n'))).toMatchObject({ motd: `!unsafe ${template}`, meant: template });
  });

  it('takes lists and maps, with expressions at any depth, and keeps other text as text', () => {
    const cloud = cloudOf('converged');
    const globals = {
      neutron_tenant_network_types: 'geneve',
      cinder_backends_extra: [{ name: 'fast', enabled: { expression: '{{ x | bool }}' }, ids: [1, 2] }],
      labels: { rack: '{{ not_meant }}' },
      not_alone: { expression: 'one of two keys', other: true },
    };
    const kolla = { ...(cloud.kolla as NonNullable<Cloud['kolla']>), globals };
    const written = renderTree('cloud', { ...cloud, kolla }).files['globals.yml'] ?? '';
    expect(written).toContain('labels: {"rack":!unsafe "{{ not_meant }}"}\n');
    expect(valuesOf('globals.yml', written)).toMatchObject({
      cinder_backends_extra: [{ name: 'fast', enabled: '{{ x | bool }}', ids: [1, 2] }],
      labels: { rack: '!unsafe {{ not_meant }}' },
      not_alone: { expression: 'one of two keys', other: true },
    });
  });

  it('fails to write text into an INI file that would not stay text there', () => {
    for (const text of [String.raw`{{ x }}`, 'a\n[section]', '#x', '"x"'])
      expect(() => iniValue(text)).toThrow('would not stay text');
  });

  it('fails on a variable that a field says, and takes one that Tandem chooses itself', () => {
    const cloud = cloudOf('converged');
    const derived = Object.keys(globalsOf(cloud));
    const written = (key: string): unknown => {
      const kolla = { ...(cloud.kolla as NonNullable<Cloud['kolla']>), globals: { [key]: 'x' } };
      return globalsOf({ ...cloud, kolla })[key];
    };
    const refused = derived.filter((key) => {
      try {
        written(key);
        return false;
      } catch (error) {
        expect(error).toMatchObject({ code: 'kolla-key-taken', message: expect.stringContaining(key) as string });
        return true;
      }
    });
    // Interfaces, addresses, names and the like; and failover times, but for what is given to RabbitMQ besides.
    expect(refused).toHaveLength(22 + 9);
    expect(refused).toContain('haproxy_check_timeout');
    expect(written('enable_heat')).toBe('x');
    expect(refused).toContain('kolla_internal_vip_address');
    expect(refused).not.toContain('enable_heat');
  });

  it('gives hosts interfaces of their own, and all others the plane’s, where no default of Kolla comes after it', () => {
    const cloud = cloudOf('converged');
    const kolla = {
      ...(cloud.kolla as NonNullable<Cloud['kolla']>),
      inventory: { groups: { compute: { variables: { network_interface: 'eno1' } } }, hosts: {} },
    };
    const { files } = renderTree('cloud', { ...cloud, kolla });
    expect(valuesOf('globals.yml', files['globals.yml'] ?? '')).not.toHaveProperty('network_interface');
    expect(parse(files['inventory/group_vars/all.yml'] ?? '')).not.toHaveProperty('network_interface');
    expect(parse(files['inventory/group_vars/0_defaults.yml'] ?? '')).toEqual({ network_interface: 'bond0.100' });
    expect(parse(files['inventory/group_vars/compute.yml'] ?? '')).toEqual({ network_interface: 'eno1' });
    expect(files['inventory/multinode']).toContain('\n[0_defaults:children]\nbaremetal\n');
  });

  it('lays own groups over the inventory, and own variables over those of groups and hosts', () => {
    const cloud = cloudOf('converged');
    const kolla = {
      ...(cloud.kolla as NonNullable<Cloud['kolla']>),
      inventory: {
        groups: {
          all: { variables: { ansible_become: false } },
          grafana: { children: ['control'], variables: {} },
          'gpu-hosts': { hosts: ['control-a-1'], children: ['compute', 'absent'], variables: { gpu: true } },
        },
        hosts: { 'control-a-1': { motd: 'mine' }, elsewhere: { port: 1 } },
      },
    };
    const { files } = renderTree('cloud', { ...cloud, kolla });
    expect(files['inventory/multinode']).toContain('\n[grafana:children]\ncontrol\n');
    expect(files['inventory/multinode']).toContain(
      '\n[gpu-hosts]\ncontrol-a-1\n\n[gpu-hosts:children]\ncompute\nabsent\n\n[absent]\n',
    );
    expect(parse(files['inventory/group_vars/all.yml'] ?? '')).toEqual({
      ansible_user: 'kolla',
      ansible_become: false,
    });
    expect(parse(files['inventory/group_vars/gpu-hosts.yml'] ?? '')).toEqual({ gpu: true });
    expect(parse(files['inventory/host_vars/control-a-1.yml'] ?? '')).toMatchObject({ motd: 'mine', tandem_rack: 'a' });
    expect(parse(files['inventory/host_vars/elsewhere.yml'] ?? '')).toEqual({ port: 1 });
  });
});
