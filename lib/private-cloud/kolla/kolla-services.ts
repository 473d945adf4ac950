import { RELEASE } from './release.ts';

/** A service that Tandem has Kolla-Ansible run. */
export interface KollaService {
  /** As Kolla names it, `nova-api`. */
  readonly name: string;
  /** Tag that deploys it and what else its role has. */
  readonly tag: string;
  /** Group of the inventory that it runs on. */
  readonly group: string;
}

/** Groups that the role's defaults compose from variables, as they come out. */
const COMPOSED: Readonly<Record<string, string>> = {
  'nova-libvirt': 'compute',
  'nova-ssh': 'compute',
  'nova-compute': 'compute',
};

const NAMES: readonly string[] = [
  ...['keepalived', 'haproxy', 'proxysql', 'mariadb', 'rabbitmq', 'memcached', 'valkey-server', 'valkey-sentinel'],
  ...['keystone', 'keystone-fernet', 'keystone-ssh', 'glance-api', 'placement-api'],
  ...['nova-api', 'nova-metadata', 'nova-scheduler', 'nova-conductor', 'nova-novncproxy'],
  ...['nova-libvirt', 'nova-ssh', 'nova-compute'],
  ...['neutron-server', 'neutron-rpc-server', 'neutron-periodic-worker', 'neutron-ovn-maintenance-worker'],
  ...['neutron-ovn-metadata-agent', 'openvswitch-db-server', 'openvswitch-vswitchd', 'ovn-controller'],
  ...['ovn-nb-db', 'ovn-sb-db', 'ovn-sb-db-relay', 'ovn-northd'],
  ...['cinder-api', 'cinder-scheduler', 'cinder-volume', 'cinder-backup'],
  ...['octavia-api', 'octavia-driver-agent', 'octavia-health-manager', 'octavia-housekeeping', 'octavia-worker'],
  ...['designate-api', 'designate-backend-bind9', 'designate-central', 'designate-mdns', 'designate-producer'],
  ...['designate-worker', 'horizon', 'prometheus-server', 'prometheus-alertmanager', 'prometheus-mysqld-exporter'],
  ...['prometheus-memcached-exporter', 'prometheus-openstack-exporter', 'prometheus-blackbox-exporter'],
  ...['prometheus-libvirt-exporter', 'prometheus-openstack-network-exporter', 'prometheus-valkey-exporter'],
  ...['prometheus-node-exporter', 'prometheus-cadvisor'],
];

/** Every service that a rendered tree has Kolla run, in the order in which a deployment sets them up. */
export const KOLLA_SERVICES: readonly KollaService[] = NAMES.map((name) => {
  const { role, group } = RELEASE.services[name] ?? { role: name, group: name };
  return { name, tag: role, group: COMPOSED[name] ?? group };
});

const byTag = (...tags: readonly string[]) =>
  KOLLA_SERVICES.filter((each) => tags.includes(each.tag)).map((each) => each.name);
const named = (...names: readonly string[]) => names;

const NOVA = byTag('nova', 'nova-cell').filter((name) => name !== 'nova-libvirt' && name !== 'nova-ssh');
const NEUTRON = byTag('neutron');
/** Those that are configured from `global.conf`: oslo's own. */
const OSLO: readonly string[] = [
  ...named('keystone', 'glance-api', 'placement-api'),
  ...NOVA,
  ...NEUTRON,
  ...byTag('cinder', 'octavia'),
  ...byTag('designate').filter((name) => name !== 'designate-backend-bind9'),
];
const EVERYTHING = KOLLA_SERVICES.map((each) => each.name);

/** Which services a variable of `globals.yml` goes into; the first pattern that fits counts. One that none fits may go into any. */
const BY_GLOBAL: readonly (readonly [pattern: RegExp, services: readonly string[]])[] = [
  [/^keepalived_/, ['keepalived']],
  [/^haproxy_/, ['haproxy']],
  [/^mariadb_monitor_|^proxysql_/, ['proxysql']],
  [/^mariadb_/, ['mariadb']],
  [/^rabbitmq_/, ['rabbitmq']],
  [/^neutron_external_interface$|^neutron_bridge_name$/, ['openvswitch-vswitchd', 'ovn-controller']],
  [/^neutron_physical_networks$/, ['neutron-server', 'ovn-controller']],
  [/^neutron_|^enable_neutron_/, NEUTRON],
  [/^ovn_/, byTag('ovn-db', 'ovn-controller', 'neutron')],
  [/^nova_/, NOVA],
  [/^glance_/, ['glance-api']],
  [/^cinder_|^enable_cinder/, byTag('cinder')],
  [/^octavia_|^enable_octavia/, byTag('octavia')],
  [/^designate_|^enable_designate|^dns_interface$/, byTag('designate')],
  [/^tunnel_interface$/, ['ovn-controller', 'openvswitch-db-server']],
  [/^enable_valkey$/, [...byTag('valkey'), ...byTag('cinder', 'designate', 'octavia')]],
  [/^enable_horizon|^horizon_/, ['horizon', 'haproxy']],
  // RabbitMQ's plugin and the exporters of the balancers are switched by it as well.
  [/^enable_prometheus$/, [...byTag('prometheus', 'prometheus-node-exporters'), 'rabbitmq', ...byTag('loadbalancer')]],
  [/^prometheus_node_exporter_/, ['prometheus-node-exporter', 'prometheus-server']],
  [/^enable_prometheus|^prometheus_/, [...byTag('prometheus', 'prometheus-node-exporters'), 'haproxy']],
  [/^kolla_enable_tls_external$|^kolla_external_vip_interface$/, ['haproxy', 'keepalived']],
  [/^kolla_external_vip_address$/, ['haproxy', 'keepalived', 'horizon', 'nova-novncproxy']],
];

export function servicesOfGlobal(key: string): readonly string[] {
  return BY_GLOBAL.find(([pattern]) => pattern.test(key))?.[1] ?? EVERYTHING;
}

/** Which services an override is laid over. */
const BY_FILE: readonly (readonly [pattern: RegExp, services: readonly string[]])[] = [
  [/^config\/global\.conf$/, OSLO],
  [/^config\/galera\.cnf$/, ['mariadb']],
  [/^config\/keystone\.conf$/, ['keystone']],
  [/^config\/keepalived\//, ['keepalived']],
  [
    /^config\/neutron\/ml2_conf\.ini$/,
    ['neutron-server', 'neutron-rpc-server', 'neutron-periodic-worker', 'neutron-ovn-maintenance-worker'],
  ],
  [/^config\/neutron/, NEUTRON],
  [/^config\/prometheus\//, ['prometheus-server']],
  [/^config\/nova\/nova-compute\.conf$/, ['nova-compute']],
  [/^config\/nova/, NOVA],
];

export function servicesOfFile(path: string): readonly string[] {
  return BY_FILE.find(([pattern]) => pattern.test(path))?.[1] ?? EVERYTHING;
}

/** Who names the members of a group in its own configuration, so that it changes when they do. */
const BY_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  loadbalancer: [...byTag('loadbalancer'), 'prometheus-server'],
  mariadb: ['mariadb', 'proxysql', 'prometheus-server', 'prometheus-mysqld-exporter'],
  rabbitmq: ['rabbitmq', 'haproxy', 'prometheus-server', ...OSLO.filter((name) => name !== 'placement-api')],
  memcached: [
    ...OSLO.filter((name) => name !== 'keystone'),
    'horizon',
    'prometheus-server',
    'prometheus-memcached-exporter',
  ],
  valkey: ['prometheus-server', 'prometheus-valkey-exporter', ...byTag('valkey', 'cinder', 'designate', 'octavia')],
  'ovn-nb-db': [...byTag('ovn-db', 'neutron'), 'octavia-driver-agent', 'octavia-api'],
  'ovn-sb-db': [...byTag('ovn-db', 'neutron'), 'octavia-driver-agent', 'octavia-api'],
  'ovn-sb-db-relay': ['ovn-controller', 'neutron-ovn-metadata-agent'],
  'designate-worker': byTag('designate'),
  'prometheus-node-exporter': ['prometheus-server'],
  'prometheus-openstack-network-exporter': ['prometheus-server'],
  'prometheus-libvirt-exporter': ['prometheus-server'],
  ...Object.fromEntries(
    ['keystone', 'glance-api', 'placement-api', 'nova-api', 'nova-metadata', 'nova-novncproxy', 'neutron-server']
      .concat(['cinder-api', 'octavia-api', 'designate-api', 'horizon', 'prometheus'])
      .map((group) => [group, ['haproxy']]),
  ),
};

export function servicesOfMembers(group: string): readonly string[] {
  return BY_MEMBERS[group] ?? [];
}
