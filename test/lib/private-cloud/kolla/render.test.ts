import fc from 'fast-check';
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

  it('fails to write text into an INI file that would not stay text there', () => {
    for (const text of [String.raw`{{ x }}`, 'a\n[section]', '#x', '"x"'])
      expect(() => iniValue(text)).toThrow('would not stay text');
  });

  it('fails on a variable that Tandem writes itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(globalsOf(cloudOf('converged')))), (key) => {
        const cloud = cloudOf('converged');
        const kolla = { ...(cloud.kolla as NonNullable<Cloud['kolla']>), globals: { [key]: 'x' } };
        expect(() => renderTree('cloud', { ...cloud, kolla })).toThrow(key);
      }),
    );
  });
});
