import { describe, expect, it } from 'vitest';
import type { OwnComponent } from '../../../lib/config/schema/component.ts';
import { componentSchema } from '../../../lib/config/schema/component.ts';
import { addresses, resource } from '../../lib/openstack/synth.ts';
import { buildEnvironment, differences } from './build.ts';
import { inputsOf, tier } from './inputs.ts';

const RING: OwnComponent = {
  ...componentSchema.parse({
    title: 'Ring',
    description: 'Knows its members.',
    version: '1',
    home: 'https://ring.example.org/',
    members: true,
    settings: { threads: { type: 'integer', default: 4, description: 'Threads' } },
    ports: [
      { name: 'gossip', port: 7000, from: 'members' },
      { name: 'queries', port: 9042, from: 'clients' },
      { name: 'admin', port: 7199, from: 'local' },
    ],
    files: [{ path: '/etc/ring.conf', from: 'ring.conf' }],
    units: ['ring.service'],
    health: 'true',
  }),
  texts: { 'ring.conf': 'listen @{address}\nseeds @{peers|self|2|,|{address}}\nthreads @{value threads}\n' },
};

function build(count: number, settings: object = {}) {
  const node = {
    count,
    volumes: { data: { sizeGiB: 5 } },
    runs: { ring: { clients: ['web', 'office'], ...settings } },
  };
  const inputs = inputsOf({ blueprint: { tiers: { bastion: tier(), web: tier(), ring: tier(node) } } });
  return buildEnvironment({ ...inputs, components: [{ kind: 'component', name: 'ring', value: RING }] });
}

const server = (index: number) => `openstack_compute_instance_v2.ring_server-${index}`;
const { root } = build(2);

describe('servers that run a component', () => {
  it('have the same user data, with its files and who may log in', () => {
    const [one, two] = [1, 2].map((index) => String(resource(root, server(index))['user_data']));
    expect(one).toBe(two);
    for (const part of ['multipart/mixed', 'lease-keys', '/etc/ring.conf', 'seeds @{peers|ring|2|,|{address}}'])
      expect(one).toContain(part);
  });

  it('are told their peers’ addresses, values and volumes by metadata', () => {
    expect(resource(root, server(2))['metadata']).toMatchObject({
      tier: 'ring',
      index: '2',
      'ring.threads': '4',
      'peers.ring.0':
        'alice-ring-1=${openstack_networking_port_v2.ring_port-1.all_fixed_ips[0]},alice-ring-2=${openstack_networking_port_v2.ring_port-2.all_fixed_ips[0]}',
      'volume.data': '${openstack_blockstorage_volume_v3.ring_volume-data-2.id}',
    });
  });

  it('stay when a peer comes, and when a setting changes: their metadata changes in place', () => {
    for (const after of [build(3), build(2, { threads: 8 })]) {
      const [before, now] = [resource(root, server(1)), resource(after.root, server(1))];
      expect(now['user_data']).toBe(before['user_data']);
      expect(now['metadata']).not.toEqual(before['metadata']);
      expect(differences(root, after.root).filter((each) => each.includes('ring_volume-data-1'))).toEqual([]);
    }
  });

  it('open what members and clients speak, and nothing else', () => {
    const rules = addresses(root).filter((each) => each.includes('secgroup_rule') && each.includes('.ring_'));
    expect(rules.map((each) => each.split('security-group_')[1]).sort()).toEqual([
      'egress',
      'tcp-22-from-bastion',
      'tcp-7000-from-ring',
      'tcp-9042-from-office-192-0-2-0-24',
      'tcp-9042-from-office-198-51-100-0-24',
      'tcp-9042-from-web',
    ]);
  });
});
