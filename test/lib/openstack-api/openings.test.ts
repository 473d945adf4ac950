import { expect, it } from 'vitest';
import type { z } from 'zod';
import type { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { openingsOf } from '../../../lib/openstack-api/openings.ts';

const answers: Record<string, unknown[]> = {
  security_groups: [{ id: 'g', name: 'web' }],
  security_group_rules: [
    {
      id: 'world',
      security_group_id: 'g',
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: 'tcp',
      port_range_min: 22,
      port_range_max: 22,
      remote_ip_prefix: '0.0.0.0/0',
    },
    {
      id: 'unsaid',
      security_group_id: 'g',
      direction: 'ingress',
      ethertype: 'IPv6',
      protocol: null,
      remote_ip_prefix: null,
      remote_group_id: null,
    },
    {
      id: 'office',
      security_group_id: 'g',
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: 'udp',
      port_range_min: 1,
      port_range_max: 9,
      remote_ip_prefix: '192.0.2.0/24',
    },
    { id: 'given-out', security_group_id: 'g', direction: 'egress', ethertype: 'IPv4', protocol: null },
    {
      id: 'given-in',
      security_group_id: 'g',
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: null,
      remote_group_id: 'g',
    },
  ],
  ports: [
    { id: 'off', name: 'a', device_owner: 'compute:nova', port_security_enabled: false },
    { id: 'pair', name: 'b', device_owner: '', allowed_address_pairs: [{ ip_address: '0.0.0.0/0' }] },
    { id: 'vip', name: 'c', allowed_address_pairs: [{ ip_address: '10.0.0.9' }] },
    { id: 'router', name: '', device_owner: 'network:router_interface', port_security_enabled: false },
    { id: 'other', name: 'd', project_id: 'q', device_owner: 'compute:nova', port_security_enabled: false },
  ].map((port) => ({ project_id: 'p', ...port })),
};

it('tells rules that somebody made and ports that let anything pass, and which of them are open to everybody', async () => {
  const list = (_service: string, _path: string, key: string, schema: z.ZodType) =>
    Promise.resolve((answers[key] ?? []).map((each) => schema.parse(each)));
  const client = { list, has: () => Promise.resolve(true) } as unknown as OpenStackClient;
  const openings = await openingsOf(client, 'p');
  expect(openings.map(({ id, lets, isWide }) => [id, lets, isWide])).toEqual([
    ['world', 'tcp 22 from 0.0.0.0/0', true],
    ['unsaid', 'all protocols from ::/0', true],
    ['office', 'udp 1-9 from 192.0.2.0/24', false],
    ['off', 'everything: its port security is off', true],
    ['pair', 'packets of any sender: 0.0.0.0/0', true],
  ]);
});
