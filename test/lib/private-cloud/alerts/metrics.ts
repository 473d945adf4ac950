/**
 * Metrics that the exporters of Kolla-Ansible 2026.1 give, as far as alerts use them, each list with where it was read. Versions are
 * those of kolla's `kolla/common/sources.py` on stable/2026.1.
 */
export const METRICS: Readonly<Record<string, readonly string[]>> = {
  // Prometheus itself, for each target.
  'prometheus/prometheus 3.5': ['up'],
  // collector/global_status.go: `mysql_global_status_<variable>` for every SHOW GLOBAL STATUS that is a number, ON or Primary.
  'prometheus/mysqld_exporter 0.18': [
    'mysql_up',
    'mysql_global_status_wsrep_ready',
    'mysql_global_status_wsrep_cluster_size',
    'mysql_global_status_wsrep_cluster_status',
    'mysql_global_status_wsrep_local_state',
    'mysql_galera_status_info',
  ],
  // deps/rabbitmq_prometheus/src/collectors: core_metrics (`emit_identity_info`, `emit_queue_info`), alarm_metrics.
  'rabbitmq/rabbitmq-server 4': [
    'rabbitmq_identity_info',
    'rabbitmq_detailed_queue_info',
    'rabbitmq_alarms_memory_used_watermark',
    'rabbitmq_alarms_free_disk_space_watermark',
  ],
  // collectors/ovsdbserver/metrics.go. It asks the southbound database alone where a host has both (appctl/appctl.go).
  'openstack-k8s-operators/openstack-network-exporter 0.2': [
    'ovn_raft_cluster_server_status',
    'ovn_raft_cluster_leader',
  ],
  // oliver006/redis_exporter, which kolla builds as valkey-exporter.
  'oliver006/redis_exporter 1.82': ['redis_up', 'redis_instance_info'],
  'prometheus/memcached_exporter 0.15': ['memcached_up'],
  // collector/netdev_common.go (with --collector.netdev.address-info), filesystem_common.go, meminfo.go, timex.go.
  'prometheus/node_exporter 1.10': [
    'node_network_address_info',
    'node_filesystem_avail_bytes',
    'node_filesystem_size_bytes',
    'node_memory_MemAvailable_bytes',
    'node_memory_MemTotal_bytes',
    'node_timex_sync_status',
  ],
  'prometheus/blackbox_exporter 0.28': ['probe_success', 'probe_ssl_earliest_cert_expiry'],
  // HAProxy's own, addons/promex: `haproxy_server_status` with a label `state`.
  'haproxy 3': ['haproxy_server_status'],
  // README.md, table of metrics.
  'openstack-exporter/openstack-exporter 1.7': [
    'openstack_nova_agent_state',
    'openstack_neutron_agent_state',
    'openstack_cinder_agent_state',
    'openstack_cinder_pool_capacity_free_gb',
    'openstack_cinder_pool_capacity_total_gb',
    'openstack_placement_resource_total',
    'openstack_placement_resource_reserved',
    'openstack_placement_resource_allocation_ratio',
    'openstack_placement_resource_usage',
  ],
  // `cloud backup` itself, through the textfile collector of node_exporter 1.10.
  tandem: ['tandem_backup_last_success_timestamp_seconds'],
  // src/pybind/mgr/prometheus/module.py; as stackhpc-kayobe-config's ceph.rules use them.
  'ceph/ceph mgr prometheus': ['ceph_health_status', 'ceph_mon_quorum_status'],
};

/** Names in an expression of PromQL that are metrics: not functions, keywords, labels or what a rule records. */
export function metricsIn(expr: string): string[] {
  const bare = expr
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\b(?:by|on|without|ignoring) \([^)]*\)/g, '');
  const names = bare.match(/[a-zA-Z_][\w:]*(?!\w*\()/g) ?? [];
  return names.filter(
    (name) => !/^(?:or|and|unless|by|on|count|sum|min|max|vector|time)$/.test(name) && !name.includes(':'),
  );
}
