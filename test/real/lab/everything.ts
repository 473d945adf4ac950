import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { z } from 'zod';
import type { CallOptions, OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { statusOf } from '../../../lib/openstack-api/errors.ts';
import type { ResourceKind } from '../../../lib/openstack-api/resource-kinds.ts';
import type { ServiceName } from '../../../lib/openstack-api/session.ts';
import { makeSecrets } from './secrets-of-tenant.ts';

/** A tenant at work in a project that is about to be given back. */
export interface Tenant {
  /** With the owner's own credential. */
  readonly owner: OpenStackClient;
  /** The administrator in the same project, for what the cloud's policies let nobody else make. */
  readonly operator: OpenStackClient;
  readonly projectId: string;
  readonly imageId: string;
  readonly flavorId: string;
  readonly externalNetworkId: string;
  /** A project that is not the tenant's. */
  readonly otherProjectId: string;
}

type Body = Readonly<Record<string, unknown>>;
type Made = Readonly<Record<string, string>>;
const ided = z.record(z.string(), z.looseObject({ id: z.string() }));
const flat = z.looseObject({ id: z.string() });
const withVersion = (version: string): CallOptions => ({ headers: { 'openstack-api-version': `volume ${version}` } });

/** Makes one of everything, each kind in the ways that stood in the way of its deletion; gives the ids by a word for each. */
export async function makeEverything(tenant: Tenant): Promise<Made> {
  const made: Record<string, string> = {};
  const by = async <T>(act: (client: OpenStackClient) => Promise<T>): Promise<T> => {
    try {
      return await act(tenant.owner);
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      return await act(tenant.operator);
    }
  };
  const make = async (service: ServiceName, path: string, key: string, body: Body, options?: CallOptions) => {
    const wrapped = key === '' ? body : { [key]: body };
    const answer = await by((client) => client.post(service, path, wrapped, key === '' ? flat : ided, options));
    const parsed = key === '' ? flat.parse(answer) : ided.parse(answer)[key];
    return z.looseObject({ id: z.string() }).parse(parsed);
  };
  const net = async (path: string, key: string, body: Body) => (await make('network', `/${path}`, key, body)).id;
  const untilStatus = async (
    service: ServiceName,
    path: string,
    key: string,
    wanted: string,
    options?: CallOptions,
  ) => {
    const schema = z.record(z.string(), z.looseObject({ status: z.string() }));
    const status = async () => (await by((client) => client.get(service, path, schema, options)))[key]?.status;
    await expect.poll(status, { timeout: 300_000, interval: 500 }).toBe(wanted);
  };
  await makeNetworks(tenant, net, made);
  await by((client) =>
    client.put('network', `/routers/${made['router'] ?? ''}/add_router_interface`, { subnet_id: made['subnet'] }),
  );
  await by((client) =>
    client.put('network', `/routers/${made['router'] ?? ''}`, {
      router: { routes: [{ destination: '10.99.0.0/24', nexthop: '10.98.0.9' }] },
    }),
  );
  await makeWaysThroughRouters(tenant, net, made);

  const volume = async (word: string, more: Body = {}) => {
    made[word] = (await make('volume', '/volumes', 'volume', { size: 1, name: word, ...more })).id;
    await untilStatus('volume', `/volumes/${made[word] ?? ''}`, 'volume', 'available');
  };
  for (const word of ['transferred', 'origin', 'attached', 'reserved']) await volume(word);
  made['transfer'] = (
    await make(
      'volume',
      '/volume-transfers',
      'transfer',
      { volume_id: made['transferred'], name: 'given' },
      withVersion('3.57'),
    )
  ).id;
  made['snapshot'] = (
    await make('volume', '/snapshots', 'snapshot', { volume_id: made['origin'], name: 'snapshot' })
  ).id;
  await untilStatus('volume', `/snapshots/${made['snapshot']}`, 'snapshot', 'available');
  await volume('copy', { snapshot_id: made['snapshot'] });
  await makeGroup(tenant, make, untilStatus, made);
  // What a compute host that died leaves behind: a volume that a server holds which nobody knows.
  const attachment = { volume_uuid: made['reserved'], instance_uuid: randomUUID() };
  await by((client) => client.post('volume', '/attachments', { attachment }, z.unknown(), withVersion('3.50')));

  made['server-group'] = (
    await make('compute', '/os-server-groups', 'server_group', { name: 'apart', policy: 'anti-affinity' })
  ).id;
  const server = {
    ...{ name: 'locked', imageRef: tenant.imageId, flavorRef: tenant.flavorId },
    networks: [{ port: made['port-of-server'] }, { uuid: made['network'] }],
    security_groups: [{ name: 'one' }],
  };
  made['server'] = (await make('compute', '/servers', 'server', server)).id;
  await untilStatus('compute', `/servers/${made['server']}`, 'server', 'ACTIVE');
  const attach = { volumeAttachment: { volumeId: made['attached'] } };
  await by((client) =>
    client.post('compute', `/servers/${made['server'] ?? ''}/os-volume_attachments`, attach, z.unknown()),
  );
  await by((client) => client.post('compute', `/servers/${made['server'] ?? ''}/action`, { lock: null }, z.unknown()));

  const image = { container_format: 'bare', disk_format: 'raw' };
  made['image'] = (await make('image', '/images', '', { ...image, name: 'protected', protected: true })).id;
  made['hidden'] = (
    await make('image', '/images', '', { ...image, name: 'hidden', os_hidden: true, visibility: 'shared' })
  ).id;
  await by((client) =>
    client.post('image', `/images/${made['hidden'] ?? ''}/members`, { member: tenant.otherProjectId }, z.unknown()),
  );
  const namespace = {
    namespace: `Tenant::${tenant.projectId}`,
    visibility: 'private',
    protected: true,
    owner: tenant.projectId,
  };
  await by((client) => client.post('image', '/metadefs/namespaces', namespace, z.unknown()));

  const balancer = { name: 'web', vip_subnet_id: made['subnet'], provider: 'ovn' };
  made['balancer'] = (await make('balancer', '/lbaas/loadbalancers', 'loadbalancer', balancer)).id;
  const idle = async () =>
    (
      await by((client) =>
        client.get(
          'balancer',
          `/lbaas/loadbalancers/${made['balancer'] ?? ''}`,
          z.object({ loadbalancer: z.object({ provisioning_status: z.string() }) }),
        ),
      )
    ).loadbalancer.provisioning_status;
  await expect.poll(idle, { timeout: 300_000 }).toBe('ACTIVE');
  const listener = { name: 'l', protocol: 'TCP', protocol_port: 443, loadbalancer_id: made['balancer'] };
  made['listener'] = (await make('balancer', '/lbaas/listeners', 'listener', listener)).id;

  made['zone'] = (
    await make('dns', '/zones', '', { name: `s${tenant.projectId.slice(0, 8)}.example.net.`, email: 'a@example.org' })
  ).id;
  const zoneStatus = async () =>
    (await by((client) => client.get('dns', `/zones/${made['zone'] ?? ''}`, z.object({ status: z.string() })))).status;
  await expect.poll(zoneStatus, { timeout: 300_000 }).toBe('ACTIVE');
  const record = { name: `www.s${tenant.projectId.slice(0, 8)}.example.net.`, type: 'A', records: ['192.0.2.1'] };
  await make('dns', `/zones/${made['zone']}/recordsets`, '', record);
  await make('dns', `/zones/${made['zone']}/tasks/transfer_requests`, '', { description: 'given away' });
  if (await tenant.operator.has('secrets')) await makeSecrets(by);
  return made;
}

type Net = (path: string, key: string, body: Body) => Promise<string>;
type Make = (
  service: ServiceName,
  path: string,
  key: string,
  body: Body,
  options?: CallOptions,
) => Promise<{ id: string }>;

async function makeNetworks(tenant: Tenant, net: Net, made: Record<string, string>): Promise<void> {
  made['scope'] = await net('address-scopes', 'address_scope', { name: 'scope', ip_version: 4 });
  const pool = { name: 'pool', prefixes: ['10.98.0.0/20'], default_prefixlen: 24, address_scope_id: made['scope'] };
  made['pool'] = await net('subnetpools', 'subnetpool', pool);
  made['network'] = await net('networks', 'network', { name: 'everything' });
  const subnet = { name: 'everything', network_id: made['network'], ip_version: 4, subnetpool_id: made['pool'] };
  made['subnet'] = await net('subnets', 'subnet', { ...subnet, cidr: '10.98.0.0/24' });
  made['router'] = await net('routers', 'router', {
    ...{ name: 'everything', external_gateway_info: { network_id: tenant.externalNetworkId } },
  });
  made['addresses'] = await net('address-groups', 'address_group', { name: 'addresses', addresses: ['192.0.2.0/24'] });
  for (const word of ['one', 'two']) made[word] = await net('security-groups', 'security_group', { name: word });
  const rule = { direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp', port_range_min: 22, port_range_max: 22 };
  await net('security-group-rules', 'security_group_rule', {
    ...rule,
    security_group_id: made['one'],
    remote_group_id: made['two'],
  });
  await net('security-group-rules', 'security_group_rule', {
    ...rule,
    security_group_id: made['two'],
    remote_group_id: made['one'],
  });
  await net('security-group-rules', 'security_group_rule', {
    ...rule,
    security_group_id: made['one'],
    remote_address_group_id: made['addresses'],
  });
  const port = async (word: string, more: Body = {}) => {
    made[word] = await net('ports', 'port', { name: word, network_id: made['network'], ...more });
  };
  for (const word of ['parent', 'forwarded', 'addressed', 'port-of-server']) await port(word);
  made['tagged-network'] = await net('networks', 'network', { name: 'tagged' });
  await port('child', { network_id: made['tagged-network'] });
  // Names and owners that OpenStack's own ports have.
  await port('disguised', { name: `octavia-lb-${randomUUID()}` });
  await port('odd', { device_owner: 'network:odd', device_id: 'x' });
  await port('like-dhcp', { device_owner: 'network:dhcp', device_id: 'reserved_dhcp_port' });
  await port('like-router', { device_owner: 'network:router_gateway', device_id: randomUUID() });
  const sub = [{ port_id: made['child'], segmentation_type: 'vlan', segmentation_id: 100 }];
  made['trunk'] = await net('trunks', 'trunk', { name: 'trunk', port_id: made['parent'], sub_ports: sub });
  const shared = { object_type: 'network', object_id: made['tagged-network'], action: 'access_as_shared' };
  made['rbac'] = await net('rbac-policies', 'rbac_policy', { ...shared, target_tenant: tenant.otherProjectId });
  made['qos'] = await net('qos/policies', 'policy', { name: 'slow', project_id: tenant.projectId });
  await tenant.operator.put('network', `/networks/${made['network']}`, { network: { qos_policy_id: made['qos'] } });
}

async function makeWaysThroughRouters(tenant: Tenant, net: Net, made: Record<string, string>): Promise<void> {
  const external = { floating_network_id: tenant.externalNetworkId };
  made['bound'] = await net('floatingips', 'floatingip', { ...external, port_id: made['addressed'] });
  made['forwarding-address'] = await net('floatingips', 'floatingip', external);
  const ports = z.object({ port: z.object({ fixed_ips: z.array(z.object({ ip_address: z.string() })) }) });
  const { port } = await tenant.operator.get('network', `/ports/${made['forwarded'] ?? ''}`, ports);
  made['forwarding'] = await net(`floatingips/${made['forwarding-address']}/port_forwardings`, 'port_forwarding', {
    ...{ internal_port_id: made['forwarded'], internal_ip_address: port.fixed_ips[0]?.ip_address },
    ...{ internal_port: 80, external_port: 8080, protocol: 'tcp' },
  });
  made['ike'] = await net('vpn/ikepolicies', 'ikepolicy', { name: 'ike' });
  made['ipsec'] = await net('vpn/ipsecpolicies', 'ipsecpolicy', { name: 'ipsec' });
  made['vpn'] = await net('vpn/vpnservices', 'vpnservice', { name: 'vpn', router_id: made['router'] });
  const local = { name: 'local', type: 'subnet', endpoints: [made['subnet']] };
  made['local'] = await net('vpn/endpoint-groups', 'endpoint_group', local);
  made['peer'] = await net('vpn/endpoint-groups', 'endpoint_group', {
    name: 'peer',
    type: 'cidr',
    endpoints: ['10.77.0.0/24'],
  });
  made['connection'] = await net('vpn/ipsec-site-connections', 'ipsec_site_connection', {
    ...{ name: 'connection', vpnservice_id: made['vpn'], ikepolicy_id: made['ike'], ipsecpolicy_id: made['ipsec'] },
    ...{ local_ep_group_id: made['local'], peer_ep_group_id: made['peer'] },
    ...{ peer_address: '198.51.100.1', peer_id: '198.51.100.1', psk: randomUUID() },
  });
}

async function makeGroup(
  tenant: Tenant,
  make: Make,
  untilStatus: (
    service: ServiceName,
    path: string,
    key: string,
    wanted: string,
    options?: CallOptions,
  ) => Promise<void>,
  made: Record<string, string>,
): Promise<void> {
  const types = await tenant.operator.list('volume', '/types', 'volume_types', flat);
  const name = `everything-${tenant.projectId}`;
  const type = await tenant.operator.post(
    'volume',
    '/group_types',
    { group_type: { name } },
    ided,
    withVersion('3.58'),
  );
  made['group-type'] = type['group_type']?.id ?? '';
  const spec = { group_specs: { consistent_group_snapshot_enabled: '<is> False' } };
  await tenant.operator.post(
    'volume',
    `/group_types/${made['group-type']}/group_specs`,
    spec,
    z.unknown(),
    withVersion('3.58'),
  );
  const group = { name: 'group', group_type: made['group-type'], volume_types: types.map(({ id }) => id).slice(0, 1) };
  made['group'] = (await make('volume', '/groups', 'group', group, withVersion('3.58'))).id;
  await untilStatus('volume', `/groups/${made['group']}`, 'group', 'available', withVersion('3.58'));
  const member = { size: 1, name: 'of-group', group_id: made['group'], volume_type: group.volume_types[0] };
  made['of-group'] = (await make('volume', '/volumes', 'volume', member, withVersion('3.58'))).id;
  await untilStatus('volume', `/volumes/${made['of-group']}`, 'volume', 'available');
  const snapshot = { name: 'group-snapshot', group_id: made['group'] };
  made['group-snapshot'] = (
    await make('volume', '/group_snapshots', 'group_snapshot', snapshot, withVersion('3.58'))
  ).id;
  await untilStatus(
    'volume',
    `/group_snapshots/${made['group-snapshot']}`,
    'group_snapshot',
    'available',
    withVersion('3.58'),
  );
}

/** Kinds that a cloud offers and nobody here makes, with the reason. */
export const NOT_MADE: Partial<Readonly<Record<ResourceKind, string>>> = {
  'volume-backup': 'the lab has no backup service',
  'record-set': 'one in a zone of its own goes with it; zones are shared among projects only from 2023.1 on',
  subnet: 'one in a network of its own goes with it',
  trust: 'an application credential may make none',
};
