import { RELEASE } from '../kolla/release.ts';
import type { Plain } from './source.ts';

/**
 * What Kolla-Ansible 2026.1 takes where a tree says nothing: of the variables that Tandem's globals.yml has, from `group_vars/all` of the
 * release, beside those that its conditions need (`RELEASE.variables`).
 */
const DEFAULTS: Readonly<Record<string, Plain>> = {
  openstack_release: '2026.1',
  kolla_base_distro: 'rocky',
  kolla_container_engine: 'docker',
  openstack_region_name: 'RegionOne',
  network_interface: 'eth0',
  api_interface: '{{ network_interface }}',
  kolla_external_vip_interface: '{{ network_interface }}',
  tunnel_interface: '{{ network_interface }}',
  dns_interface: '{{ network_interface }}',
  enable_haproxy: true,
  enable_keepalived: '{{ enable_haproxy | bool }}',
  kolla_internal_fqdn: '{{ kolla_internal_vip_address }}',
  kolla_external_vip_address: '{{ kolla_internal_vip_address }}',
  keepalived_virtual_router_id: '51',
  kolla_enable_tls_internal: false,
  openstack_cacert: '',
  neutron_plugin_agent: 'openvswitch',
  neutron_physical_networks:
    "{% for bridge in neutron_bridge_name.split(',') %}physnet{{ loop.index }}{% if not loop.last %},{% endif %}{% endfor %}",
  neutron_bridge_name: "{{ 'br_dpdk' if enable_ovs_dpdk | bool else 'br-ex' }}",
  neutron_external_interface: 'eth1',
  neutron_ovn_distributed_fip: false,
  enable_neutron_provider_networks: false,
  enable_designate: false,
  designate_backend: 'bind9',
  designate_ns_record: ['ns1.example.org'],
  enable_octavia: false,
  glance_backend_ceph: false,
  cinder_backend_ceph: false,
  nova_backend_ceph: false,
  enable_cinder: false,
  enable_cinder_backend_lvm: false,
  enable_cinder_backend_nfs: false,
  enable_cinder_backup: true,
  enable_heat: '{{ enable_openstack_core | bool }}',
  enable_valkey: false,
  enable_prometheus: false,
};

/**
 * Undefined where Kolla has no default, or keeps it in the role that uses it.
 * @param lookup what a tree says of a variable
 */
export function releaseDefault(name: string, lookup?: (name: string) => Plain | undefined): Plain | undefined {
  const external = lookup?.('kolla_external_vip_address');
  const isOneAddress = external === undefined || external === lookup?.('kolla_internal_vip_address');
  // With one address for both, the internal one decides.
  if (name === 'kolla_enable_tls_external')
    return isOneAddress ? (lookup?.('kolla_enable_tls_internal') ?? false) : false;
  if (name === 'kolla_external_fqdn')
    return isOneAddress
      ? (lookup?.('kolla_internal_fqdn') ?? '{{ kolla_internal_vip_address }}')
      : '{{ kolla_external_vip_address }}';
  return DEFAULTS[name] ?? (RELEASE.variables[name] as Plain | undefined);
}
