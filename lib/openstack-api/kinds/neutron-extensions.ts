import { NETWORK_KINDS } from './network.ts';

/**
 * Extensions of Neutron that bring nothing of a project's own to be removed: filters, attributes of things that are removed anyway,
 * what only administrators have, and quotas, which go with the project. Those that begin with `standard-attr-`, `qos-`, `vpn-`,
 * `rbac-`, `floating-ip-port-forwarding-` and the like are attributes of what is named in the table of kinds.
 */
const WITHOUT_THINGS = new Set(
  `aap-reject-multicast agent agent-resources-synced agent_sort_key allowed-address-pairs auto-allocated-topology
  availability_zone availability_zone_filter binding binding-extended data-plane-status default-subnetpools
  dhcp_agent_scheduler dns-domain-ports dns-integration dns-integration-domain-keywords dvr ecmp_routes
  empty-string-filtering enable-default-route-bfd enable-default-route-ecmp evpn expose-l3-conntrack-helper
  expose-port-forwarding-in-fip ext-gw-mode external-gateway-multihoming external-net extra_dhcp_opt extraroute
  extraroute-atomic filter-validation fip-port-details flavors floating-ip-distributed floatingip-autodelete-internal
  floatingip-pools ip-substring-filtering ip_allocation l2_adjacency l3-agent-scheduler-ha-chassis-priority
  l3-conntrack-helper l3-ext-ndp-proxy l3-flavors l3-ha l3-port-ip-change-not-allowed l3_agent_scheduler
  metering_source_and_destination_fields multi-provider net-mtu net-mtu-writable network network-cascade-delete
  network-ip-availability network-ip-availability-details network_availability_zone network_ha pagination port
  port-device-profile port-hardware-offload-type port-hint-open-vswitch-tx-steering port-hint-ovs-tx-steering port-hints
  port-mac-address-regenerate port-mac-override port-numa-affinity-policy port-numa-affinity-policy-socket
  port-resource-request port-resource-request-groups port-security port-security-groups-filtering port-trusted-vif
  project-default-networks project-id provider pvlan qinq quota-check-limit quota-check-limit-default quota_details
  quotas revision-if-match router router-admin-state-down-before-update router-enable-snat router-interface-fip
  router-service-type router_availability_zone security-group security-groups-default-rules
  security-groups-default-statefulness security-groups-normalized-cidr security-groups-remote-address-group
  security-groups-rules-belongs-to-default-sg security-groups-shared-filtering segment
  segments-peer-subnet-host-routes service-type sort-key-validation sorting stateful-security-group subnet
  subnet-dns-publish-fixed-ip subnet-external-network subnet-segmentid-enforce subnet-segmentid-writable
  subnet-service-types subnet_allocation subnet_onboard subnetpool subnetpool-prefix-ops tag-creation tag-ext
  tag-ports-during-bulk-creation tap-mirror-both-direction trunk-details uplink-status-propagation
  uplink-status-propagation-updatable vlan-transparent`.split(/\s+/),
);

/** Attributes of kinds that are in the table. */
const OF_KINDS =
  /^(?:standard-attr-|qos-|vpn-|rbac-|bgp_|bgpvpn-|floating-ip-port-forwarding-|taas-|logging-|fwaas-|local-ip-)/;

/** Which of a cloud's extensions may keep something of a project that is not in the table of kinds. Sorted. */
export function unknownExtensions(aliases: Iterable<string>): string[] {
  const known = new Set(NETWORK_KINDS.flatMap(({ extension }) => extension ?? []));
  return [...aliases]
    .filter((alias) => !known.has(alias) && !WITHOUT_THINGS.has(alias) && !OF_KINDS.test(alias))
    .sort();
}

/** Types of services in a catalogue that keep nothing of a project, or are other names of those that are asked. */
const EMPTY_SERVICES = new Set([
  ...['computev3', 'compute_legacy', 'volume', 'volumev2', 'cloudformation', 'orchestration-cfn', 'metering', 'metric'],
  ...['event', 'rating', 'dashboard', 'operator', 'messaging-websocket', 'shared-file-system-v1', 's3', 'ec2'],
  ...['baremetal-introspection', 'load-balancer-health', 'rca', 'health', 'search', 'multi-region-network-automation'],
]);

export function unknownServices(types: readonly string[]): string[] {
  // Manila's first version is listed beside its second, of which everything is asked.
  return types.filter((type) => !EMPTY_SERVICES.has(type) && type !== 'share').sort();
}
