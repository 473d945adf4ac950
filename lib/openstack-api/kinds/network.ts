import type { ResourceKind } from '../resource-kinds.ts';
import { type Item, type KindOfResource, text } from './kind.ts';

type More = Partial<KindOfResource> & { readonly key?: string };

/** A collection of Neutron: its path's last part, with underscores, is the key of its answer. */
function neutron(kind: ResourceKind, path: string, uses: readonly string[], more: More = {}): KindOfResource {
  const key = path.split('/').at(-1)?.replaceAll('-', '_') ?? '';
  return {
    ...{ kind, service: 'network', key, project: 'project_id', uses },
    lists: (id) => [`/${path}?project_id=${id}`],
    one: (id) => `/${path}/${id}`,
    ...more,
  };
}

/**
 * What Neutron keeps, core and extensions. Rules go with their group, policy or label, subports with their trunk, conntrack helpers
 * and routes with their router, segments with their network.
 */
export const NETWORK_KINDS: readonly KindOfResource[] = [
  neutron('floating-address', 'floatingips', ['port_id', 'router_id', 'floating_network_id', 'qos_policy_id'], {
    name: 'floating_ip_address',
  }),
  {
    ...neutron('port-forwarding', 'port_forwardings', ['internal_port_id'], { project: undefined }),
    extension: 'floating-ip-port-forwarding',
    below: 'floating-address',
    // One that is bound to a port as a whole forwards nothing.
    parents: (address) => text(address['port_id']) === '',
    lists: (address) => [`/floatingips/${address}/port_forwardings`],
    one: (id, address) => `/floatingips/${address}/port_forwardings/${id}`,
    name: (item) =>
      [item['protocol'], item['external_port'], item['external_port_range']]
        .filter((each) => typeof each === 'string' || typeof each === 'number')
        .join(' '),
  },
  neutron('trunk', 'trunks', ['port_id', 'sub_ports.port_id'], { extension: 'trunk' }),
  neutron('ndp-proxy', 'ndp_proxies', ['port_id', 'router_id'], { extension: 'l3-ndp-proxy' }),
  neutron('local-ip', 'local_ips', ['local_port_id', 'network_id'], { extension: 'local_ip' }),
  {
    ...neutron('local-ip-association', 'port_associations', ['fixed_port_id', 'local_ip_id'], { project: undefined }),
    extension: 'local_ip',
    below: 'local-ip',
    id: 'fixed_port_id',
    lists: (address) => [`/local_ips/${address}/port_associations`],
    one: (id, address) => `/local_ips/${address}/port_associations/${id}`,
  },
  neutron('tap-flow', 'taas/tap_flows', ['tap_service_id', 'source_port'], { extension: 'taas' }),
  neutron('tap-service', 'taas/tap_services', ['port_id'], { extension: 'taas' }),
  neutron('tap-mirror', 'taas/tap_mirrors', ['port_id'], { extension: 'tap-mirror' }),
  neutron('service-graph', 'sfc/service_graphs', [], { extension: 'sfc' }),
  neutron('port-chain', 'sfc/port_chains', ['port_pair_groups', 'flow_classifiers'], { extension: 'sfc' }),
  neutron('port-pair-group', 'sfc/port_pair_groups', ['port_pairs'], { extension: 'sfc' }),
  neutron('port-pair', 'sfc/port_pairs', ['ingress', 'egress'], { extension: 'sfc' }),
  neutron('flow-classifier', 'sfc/flow_classifiers', ['logical_source_port', 'logical_destination_port'], {
    extension: 'flow_classifier',
  }),
  neutron('bgpvpn', 'bgpvpn/bgpvpns', ['networks', 'routers', 'ports'], { extension: 'bgpvpn' }),
  neutron('bgp-speaker', 'bgp-speakers', ['peers', 'networks'], { extension: 'bgp' }),
  neutron('bgp-peer', 'bgp-peers', [], { extension: 'bgp' }),
  neutron('l2-gateway-connection', 'l2-gateway-connections', ['l2_gateway_id', 'network_id'], {
    extension: 'l2-gateway-connection',
  }),
  neutron('l2-gateway', 'l2-gateways', [], { extension: 'l2-gateway' }),
  neutron(
    'vpn-connection',
    'vpn/ipsec-site-connections',
    ['vpnservice_id', 'ikepolicy_id', 'ipsecpolicy_id', 'local_ep_group_id', 'peer_ep_group_id'],
    { extension: 'vpnaas' },
  ),
  neutron('vpn-service', 'vpn/vpnservices', ['router_id', 'subnet_id'], { extension: 'vpnaas' }),
  neutron('vpn-endpoint-group', 'vpn/endpoint-groups', ['endpoints'], { extension: 'vpn-endpoint-groups' }),
  neutron('ike-policy', 'vpn/ikepolicies', [], { extension: 'vpnaas' }),
  neutron('ipsec-policy', 'vpn/ipsecpolicies', [], { extension: 'vpnaas' }),
  neutron(
    'firewall-group',
    'fwaas/firewall_groups',
    ['ingress_firewall_policy_id', 'egress_firewall_policy_id', 'ports'],
    {
      extension: 'fwaas_v2',
    },
  ),
  neutron('firewall-policy', 'fwaas/firewall_policies', ['firewall_rules'], { extension: 'fwaas_v2' }),
  neutron('firewall-rule', 'fwaas/firewall_rules', [], { extension: 'fwaas_v2' }),
  neutron('network-log', 'log/logs', ['resource_id', 'target_id'], { extension: 'logging' }),
  neutron('metering-label', 'metering/metering-labels', [], { extension: 'metering' }),
  neutron('segment-range', 'network_segment_ranges', [], { extension: 'network-segment-range' }),
  neutron('rbac-policy', 'rbac-policies', ['object_id'], {
    extension: 'rbac-policies',
    name: (item) => [item['action'], item['object_type'], 'for', item['target_tenant']].map(text).join(' '),
  }),
  neutron('router', 'routers', ['external_gateway_info.network_id', 'external_gateway_info.qos_policy_id']),
  neutron('port', 'ports', ['network_id', 'fixed_ips.subnet_id', 'security_groups', 'qos_policy_id'], {
    usedBy: ['device_id'],
    goesWith: portGoesWith,
  }),
  neutron('subnet', 'subnets', ['network_id', 'subnetpool_id'], {
    goesWith: (item) => text(item['network_id']),
    name: (item) => text(item['name']) || text(item['cidr']),
  }),
  neutron('network', 'networks', ['qos_policy_id']),
  neutron('subnet-pool', 'subnetpools', ['address_scope_id']),
  neutron('address-scope', 'address-scopes', [], { extension: 'address-scope' }),
  neutron('address-group', 'address-groups', [], { extension: 'address-group' }),
  neutron('qos-policy', 'qos/policies', [], { extension: 'qos' }),
  neutron('security-group', 'security-groups', [], {
    // To ask for those of a project makes its default group, even of a project that is gone: the caller filters instead.
    lists: () => ['/security-groups?fields=id&fields=name&fields=project_id&fields=created_at'],
  }),
];

/** What a port's owner is of those whom OpenStack itself gives ports: the thing that takes it along. Names alone prove nothing. */
function portGoesWith(port: Item): string | undefined {
  const [owner, device, name] = ['device_owner', 'device_id', 'name'].map((field) => text(port[field]));
  if (owner === 'network:dhcp' || (owner === 'network:distributed' && device?.startsWith('ovnmeta-') === true))
    return text(port['network_id']);
  if (owner?.startsWith('network:router_') === true || owner === 'network:ha_router_replicated_interface')
    return device;
  const balancer = /^(?:octavia|ovn)-lb-(?:vip-)?([0-9a-f-]{36})$/.exec(name ?? '')?.[1];
  return balancer ?? (owner === 'Octavia' ? device?.replace(/^lb-/, '') : undefined);
}
