import { readerOf } from './override-files.ts';
import { RELEASE } from './release.ts';
import type { KollaService } from './running.ts';

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

/**
 * Every service that a rendered tree has Kolla run where nothing more is switched on, in the order in which a deployment sets them
 * up. What one tree runs: `runningServices`.
 */
export const KOLLA_SERVICES: readonly KollaService[] = NAMES.map((name) => {
  const { role, group, container } = RELEASE.services[name] ?? { role: name, group: name, container: name };
  return { name, tag: role, group: COMPOSED[name] ?? group, container: container ?? name };
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

/** Services whose roles read a switch, HAProxy where what it switches is behind it. */
function readersOf(key: string): readonly string[] | undefined {
  const roles = RELEASE.readers[key];
  if (roles === undefined) return undefined;
  const isBalanced = Object.values(RELEASE.services).some(
    ({ role, when }) => RELEASE.balanced.includes(role) && when[0] === `${key} | bool`,
  );
  const names = Object.entries(RELEASE.services).flatMap(([name, { role }]) => (roles.includes(role) ? [name] : []));
  return isBalanced ? [...new Set([...names, 'haproxy'])] : names;
}

/** Which services a variable of `globals.yml` goes into; the first pattern that fits counts. One that none fits may go into any. */
const BY_GLOBAL: readonly (readonly [pattern: RegExp, services: readonly string[]])[] = [
  [/^keepalived_/, ['keepalived']],
  [/^haproxy_/, ['haproxy']],
  [/^mariadb_monitor_|^proxysql_/, ['proxysql']],
  [/^mariadb_/, ['mariadb']],
  [/^rabbitmq_/, ['rabbitmq']],
  [/^neutron_external_interface$|^neutron_bridge_name$/, ['openvswitch-vswitchd', 'ovn-controller']],
  [/^neutron_physical_networks$/, ['neutron-server', 'ovn-controller']],
  [/^neutron_/, NEUTRON],
  [/^ovn_/, byTag('ovn-db', 'ovn-controller', 'neutron')],
  [/^nova_/, NOVA],
  [/^glance_/, ['glance-api']],
  [/^cinder_/, byTag('cinder')],
  [/^octavia_/, byTag('octavia')],
  [/^designate_|^dns_interface$/, byTag('designate')],
  [/^tunnel_interface$/, ['ovn-controller', 'openvswitch-db-server']],
  [/^horizon_/, ['horizon', 'haproxy']],
  [/^prometheus_node_exporter_/, ['prometheus-node-exporter', 'prometheus-server']],
  [/^prometheus_/, [...byTag('prometheus', 'prometheus-node-exporters'), 'haproxy']],
  [/^kolla_enable_tls_external$|^kolla_external_vip_interface$/, ['haproxy', 'keepalived']],
  [/^kolla_external_vip_address$/, ['haproxy', 'keepalived', 'horizon', 'nova-novncproxy']],
];

/** @returns undefined: nobody knows, so all that runs */
export function servicesOfGlobal(key: string): readonly string[] | undefined {
  return readersOf(key) ?? BY_GLOBAL.find(([pattern]) => pattern.test(key))?.[1];
}

/** Which services an override is laid over. */
const BY_FILE: readonly (readonly [pattern: RegExp, services: readonly string[]])[] = [
  [
    /^config\/global\.conf$/,
    [...OSLO, ...(readerOf('global.conf')?.services ?? []).filter((name) => !NAMES.includes(name))],
  ],
  [/^config\/galera\.cnf$/, ['mariadb']],
  [/^config\/keystone\.conf$/, ['keystone']],
  [
    /^config\/neutron\/ml2_conf\.ini$/,
    ['neutron-server', 'neutron-rpc-server', 'neutron-periodic-worker', 'neutron-ovn-maintenance-worker'],
  ],
  [/^config\/neutron\.conf$/, NEUTRON],
  [/^config\/prometheus\/(?:[^/]+\.rules|prometheus\.yml(?:\.d\/.+)?)$/, ['prometheus-server']],
  [/^config\/nova\.conf$/, NOVA],
];

/** @returns undefined: nobody knows, so all that runs */
export function servicesOfFile(path: string): readonly string[] | undefined {
  const own = BY_FILE.find(([pattern]) => pattern.test(path))?.[1];
  return own ?? readerOf(path.slice('config/'.length))?.services;
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
