/** Own files and interfaces of some hosts alone, as Kolla-Ansible's own merger and Ansible's inventory read them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { renderTree } from '../../../lib/private-cloud/kolla/render.ts';
import { cloudOf } from '../../lib/private-cloud/kolla/layouts.ts';
import { kollaAnsible } from './kolla.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(cloud: Cloud): void {
  for (const [path, content] of Object.entries(renderTree('cloud', cloud).files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** As a role merges it over its own: sections with the values of each name. */
const MERGE = `
import json, sys
sys.path.insert(0, sys.argv[1])
import merge_configs
parser = merge_configs.OverrideConfigParser()
for path in sys.argv[2:]:
    with open(path) as lines:
        parser.parse(lines)
print(json.dumps({section: {key: [chr(10).join(each) for each in values] for key, values in own.items()} for section, own in parser._sections.items()}))
`;

describe('a file of the cloud over one of Kolla, with what Tandem writes beside it', () => {
  it('has each setting once, the cloud’s own before Tandem’s and those before Kolla’s', () => {
    const ownFiles = {
      'neutron/ml2_conf.ini':
        '[ml2_type_vlan]\n# ours\nnetwork_vlan_ranges = physnet1:100:200,\n    physnet1:300:400\n[ml2]\nextension_drivers: port_security\n',
    };
    write({ ...cloudOf('converged'), ownFiles });
    const kollas = join(folder, 'kollas.ini');
    writeFileSync(
      kollas,
      '[ml2]\nextension_drivers = qos\npath_mtu = 1\ntype_drivers = flat\n[ml2_type_vlan]\nnetwork_vlan_ranges =\n',
    );
    const plugins = join(kollaAnsible(), 'share/kolla-ansible/ansible/action_plugins');
    const said = execFileSync(
      join(kollaAnsible(), 'bin/python3'),
      ['-c', MERGE, plugins, kollas, join(folder, 'config/neutron/ml2_conf.ini')],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(said)).toMatchObject({
      ml2: { extension_drivers: ['port_security'], path_mtu: ['9000'], type_drivers: ['flat'] },
      ml2_type_vlan: { network_vlan_ranges: ['physnet1:100:200,\nphysnet1:300:400'] },
    });
  });
});

describe('interfaces of some hosts alone', () => {
  it('hold for those, and the planes’ for all others, as ansible-inventory says', () => {
    const cloud = structuredClone(cloudOf('separated'));
    (cloud.hosts['compute'] as { interfaces: object }).interfaces = { internal: 'ens1', tunnel: 'ens1' };
    write(cloud);
    const program = join(kollaAnsible(), 'bin/ansible-inventory');
    const said = execFileSync(program, ['--inventory', join(folder, 'inventory/multinode'), '--list'], {
      encoding: 'utf8',
    });
    const { _meta } = JSON.parse(said) as { _meta: { hostvars: Record<string, Record<string, unknown>> } };
    const of = (host: string) =>
      ['network_interface', 'api_interface', 'tunnel_interface'].map((name) => _meta.hostvars[host]?.[name]);
    expect(of('compute-1')).toEqual(['ens1', 'ens1', 'ens1']);
    expect(of('control-a-1')).toEqual(['bond0.100', 'bond0.100', 'bond0.102']);
  });
});
