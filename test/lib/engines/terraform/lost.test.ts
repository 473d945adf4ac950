import { expect, test } from 'vitest';
import { type Exists, lostIn, withoutAddresses } from '../../../../lib/engines/terraform/lost.ts';
import { stateFacts } from '../../../../lib/state/states.ts';

const one = (type: string, name: string, attributes: object) => ({
  ...{ mode: 'managed', type: `openstack_${type}`, name, provider: 'x' },
  instances: [{ attributes }],
});
const state = JSON.stringify({
  ...{ version: 4, lineage: 'abc', serial: 7, outputs: {} },
  resources: [
    one('compute_aggregate_v2', 'zone-a', { id: '1' }),
    one('compute_aggregate_v2', 'zone-b', { id: '2' }),
    one('identity_project_v3', 'project', { id: 'p' }),
    one('networking_router_v2', 'router', { id: 'r', tenant_id: 'p' }),
    one('networking_subnet_v2', 'subnet', { id: 's', tenant_id: 'p' }),
    one('networking_router_interface_v2', 'interface', { id: 'port', router_id: 'r', subnet_id: 's' }),
    one('compute_instance_v2', 'server', { id: 'vm' }),
    one('identity_role_assignment_v3', 'role', { id: 'x', project_id: 'p' }),
    one('dns_zone_v2', 'zone', { id: 'z', project_id: 'admin' }),
  ],
});
const without =
  (...gone: string[]): Exists =>
  async (_, path) =>
    !gone.includes(path);

test('what the cloud says is not there is lost, with what joins it, and nothing else', async () => {
  expect(await lostIn(state, without('/os-aggregates/2', '/routers/r'))).toEqual({
    addresses: [
      'openstack_compute_aggregate_v2.zone-b',
      'openstack_networking_router_interface_v2.interface',
      'openstack_networking_router_v2.router',
    ],
    orphans: [],
    project: undefined,
  });
});

test('in a project that is gone nothing can be kept: what stands there is named', async () => {
  const { addresses, orphans, project } = await lostIn(state, without('/projects/p', '/routers/r'));
  expect(project).toBe('p');
  expect(orphans.map(({ id }) => id)).toEqual(['s', 'vm']);
  expect(addresses).toContain('openstack_identity_role_assignment_v3.role');
  expect(addresses).not.toContain('openstack_dns_zone_v2.zone');
});

test('fails where the cloud gives no answer, instead of taking that for absence', async () => {
  await expect(lostIn(state, () => Promise.reject(new Error('503')))).rejects.toThrow('503');
});

test('a state without some resources is the next version of it', () => {
  const facts = stateFacts(withoutAddresses(state, ['openstack_compute_aggregate_v2.zone-b']));
  expect(facts).toMatchObject({ lineage: 'abc', serial: 8 });
  expect(facts?.addresses).toHaveLength(8);
  expect(facts?.addresses).not.toContain('openstack_compute_aggregate_v2.zone-b');
});
