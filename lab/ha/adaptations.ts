import type { Adaptation, Edit } from './adapt.ts';
import { PORTS } from './hosts.ts';

/** Raised with every change of the table; a report names the one that it was made with. */
export const ADAPTATIONS_VERSION = 'tandem.ha-adaptations/2';

/** Where each file of Kolla's goes here: a container mounts its own, and these hosts have no containers. */
export const TARGETS: Readonly<Record<string, string>> = {
  'mariadb/galera.cnf': '/etc/mysql/tandem.cnf',
  'haproxy/haproxy.cfg': '/etc/haproxy/haproxy.cfg',
  'haproxy/services.d/keystone.cfg': '/etc/haproxy/services.d/keystone.cfg',
  'haproxy/services.d/nova-api.cfg': '/etc/haproxy/services.d/nova-api.cfg',
  'haproxy/services.d/neutron-server.cfg': '/etc/haproxy/services.d/neutron-server.cfg',
  'keepalived/keepalived.conf': '/etc/keepalived/keepalived.conf',
  'keepalived/checks/check_alive_haproxy.sh': '/check_alive.sh',
  'rabbitmq/rabbitmq.conf': '/etc/rabbitmq/rabbitmq.conf',
  'rabbitmq/rabbitmq-env.conf': '/etc/rabbitmq/rabbitmq-env.conf',
  'rabbitmq/advanced.config': '/etc/rabbitmq/advanced.config',
  'rabbitmq/definitions.json': '/etc/rabbitmq/definitions.json',
  'rabbitmq/enabled_plugins': '/etc/rabbitmq/enabled_plugins',
  'rabbitmq/erl_inetrc': '/etc/rabbitmq/erl_inetrc',
  'keystone/keystone.conf': '/etc/keystone/keystone.conf',
  'nova-api/nova.conf': '/etc/nova/nova.conf',
  'neutron-server/neutron.conf': '/etc/neutron/neutron.conf',
  'neutron-server/ml2_conf.ini': '/etc/neutron/plugins/ml2/ml2_conf.ini',
};

const SMALL = 'three controllers share one small machine';
const LOGS = 'the lab reads what a service prints; Kolla has its log folders in volumes';
const SIZES = 'sizes, and what depends on them: memory, number of workers, throughput';

function logOf(file: string, id: string): Adaptation {
  return { id: `${id}-log`, file, edits: [{ drop: ['DEFAULT', 'log_file'] }], reason: LOGS };
}

/** Options of oslo.messaging that Zed does not know, and would pass over in silence. */
function queueOptions(file: string, id: string, more: readonly string[]): Adaptation {
  const unknown = ['use_queue_manager', 'rabbit_stream_fanout', 'rabbit_transient_quorum_queue', ...more];
  return {
    id: `${id}-queue-options`,
    file,
    edits: unknown.map((key): Edit => ({ drop: ['oslo_messaging_rabbit', key] })),
    reason: 'oslo.messaging of Debian 12 (Zed) does not know them',
    notEvidence: 'the queue manager, transient quorum queues and stream fan-out of oslo.messaging 2026.1',
  };
}

/** In front of Galera: one writer, asked as ProxySQL's monitor does, its sessions ended when it is gone. */
const DATABASE_LISTENER: Edit = {
  append: ({ vip, databases, timers }) => {
    const { proxysqlCheckInterval: every, proxysqlCheckFallCount: fall, checkFastInterval, checkRiseCount } = timers;
    const check = `inter ${every * 1000}ms fastinter ${checkFastInterval * 1000}ms fall ${fall} rise ${checkRiseCount}`;
    return [
      'listen mariadb',
      `    bind ${vip}:${PORTS.database}`,
      '    mode tcp',
      '    balance first',
      '    option httpchk GET /',
      '    option clitcpka',
      '    option srvtcpka',
      '    timeout client 1h',
      '    timeout server 1h',
      '    stick-table type integer size 1k',
      '    stick on int(1)',
      `    default-server port ${PORTS.clustercheck} ${check} on-marked-down shutdown-sessions`,
      ...databases.map((member) => `    server ${member.name} ${member.address}:${PORTS.database} check`),
      '',
    ].join('\n');
  },
};

/** What differs between Kolla-Ansible 2026.1's containers and Debian 12's packages in name spaces; each edit must change something. */
export const ADAPTATIONS: readonly Adaptation[] = [
  {
    id: 'galera-sizes',
    file: 'mariadb/galera.cnf',
    edits: [
      { set: ['mysqld', 'innodb_buffer_pool_size'], to: '128M' },
      { set: ['mysqld', 'innodb_log_file_size'], to: '64M' },
      { set: ['mysqld', 'max_connections'], to: '500' },
    ],
    reason: SMALL,
    notEvidence: SIZES,
  },
  { id: 'galera-log', file: 'mariadb/galera.cnf', edits: [{ drop: ['mysqld', 'log_error'] }], reason: LOGS },
  {
    id: 'galera-socket',
    file: 'mariadb/galera.cnf',
    edits: [
      { set: ['mysqld', 'socket'], to: '/run/mysqld/mysqld.sock' },
      { set: ['mysqld', 'skip-name-resolve'], to: 'ON' },
    ],
    reason: 'Debian’s programs look for the socket there; there is no resolver in the name spaces',
  },
  {
    id: 'proxysql-to-haproxy',
    file: 'haproxy/haproxy.cfg',
    edits: [DATABASE_LISTENER],
    reason:
      'Debian 12 has no ProxySQL, which Kolla 2026.1 puts before Galera: HAProxy with a check of the member’s state stands in',
    notEvidence: 'ProxySQL: its monitor, its time-outs and what it does with open connections',
  },
  {
    id: 'haproxy-container',
    file: 'haproxy/haproxy.cfg',
    edits: [
      { replace: /^ {4}daemon\n/m, with: '' },
      { replace: /^ {4}log .*:5140 local1\n/m, with: '    log stdout format raw local1 notice\n' },
      { replace: /^ {4}stats socket .*$/m, with: '    stats socket /run/haproxy/haproxy.sock mode 660 level admin' },
    ],
    reason: 'process 1 of the host watches it in the foreground; Kolla’s paths and its group are the container’s',
  },
  {
    id: 'haproxy-sizes',
    file: 'haproxy/haproxy.cfg',
    edits: [
      { replace: /^ {4}maxconn 40000$/m, with: '    maxconn 4000' },
      { replace: /^ {4}maxconn 10000$/m, with: '    maxconn 2000' },
    ],
    reason: SMALL,
    notEvidence: SIZES,
  },
  {
    id: 'keepalived-scripts',
    file: 'keepalived/keepalived.conf',
    edits: [{ replace: /^global_defs \{\n/m, with: 'global_defs {\n    script_user root\n' }],
    reason: 'outside a container keepalived runs scripts as a user of their own, which there is none',
  },
  {
    id: 'keepalived-check',
    file: 'keepalived/checks/check_alive_haproxy.sh',
    edits: [{ replace: /\/var\/lib\/kolla\/haproxy\/haproxy\.sock/, with: '/run/haproxy/haproxy.sock' }],
    reason: 'the socket’s path; Kolla’s own check_alive.sh runs this check and ProxySQL’s',
  },
  {
    id: 'rabbitmq-definitions',
    file: 'rabbitmq/rabbitmq.conf',
    edits: [
      { replace: /^management\.listener\..*\n/gm, with: '' },
      { replace: /^management\.load_definitions/m, with: 'load_definitions' },
      { append: 'log.file = false\nlog.console = true\nlog.console.level = warning\ndisk_free_limit.absolute = 50MB' },
    ],
    reason: 'without the management plugin the broker loads the definitions itself; the disks are small, in memory',
    notEvidence: 'RabbitMQ’s management interface',
  },
  {
    id: 'rabbitmq-plugins',
    file: 'rabbitmq/enabled_plugins',
    edits: [{ replace: /\[.*\]\./, with: '[].' }],
    reason: `${SMALL}: the management plugin takes a third of a broker’s memory`,
  },
  {
    id: 'rabbitmq-policies',
    file: 'rabbitmq/definitions.json',
    edits: [{ replace: /"policies": \[[\s\S]*?\n {2}\]/, with: '"policies": []' }],
    reason: 'RabbitMQ 3.10 refuses definitions with a policy that applies to streams alone',
    notEvidence: 'RabbitMQ 4’s streams, which the services’ fan-out uses in 2026.1',
  },
  {
    id: 'rabbitmq-paths',
    file: 'rabbitmq/rabbitmq-env.conf',
    edits: [{ replace: /^RABBITMQ_LOG_BASE=.*\n/m, with: '' }],
    reason: LOGS,
  },
  logOf('keystone/keystone.conf', 'keystone'),
  queueOptions('keystone/keystone.conf', 'keystone', []),
  {
    id: 'keystone-hash',
    file: 'keystone/keystone.conf',
    edits: [{ set: ['identity', 'password_hash_rounds'], to: '4' }],
    reason: `${SMALL}: the client’s logins alone would keep one of its cores busy with hashing`,
    notEvidence: SIZES,
  },
  logOf('nova-api/nova.conf', 'nova'),
  queueOptions('nova-api/nova.conf', 'nova', ['processname']),
  {
    id: 'nova-images',
    file: 'nova-api/nova.conf',
    edits: [{ set: ['glance', 'api_servers'], to: ({ address }) => `http://${address}:${PORTS.images}` }],
    reason: 'a stand-in on the same host knows one image; Nova’s API asks no more of Glance',
    notEvidence: 'Glance',
  },
  {
    id: 'nova-quota',
    file: 'nova-api/nova.conf',
    edits: [
      { set: ['quota', 'instances'], to: '-1' },
      { set: ['quota', 'cores'], to: '-1' },
      { set: ['quota', 'ram'], to: '-1' },
    ],
    reason: 'the client makes servers until it is stopped',
  },
  logOf('neutron-server/neutron.conf', 'neutron'),
  queueOptions('neutron-server/neutron.conf', 'neutron', []),
  {
    id: 'neutron-server',
    file: 'neutron-server/neutron.conf',
    edits: [
      { set: ['DEFAULT', 'use_stderr'], to: 'true' },
      { set: ['DEFAULT', 'api_workers'], to: '1' },
      { set: ['DEFAULT', 'rpc_workers'], to: '1' },
      { drop: ['DEFAULT', 'rpc_state_report_workers'] },
    ],
    reason: `${SMALL}; Zed’s neutron-server serves itself, where Kolla 2026.1 runs uwsgi and workers of their own`,
    notEvidence: SIZES,
  },
  {
    id: 'neutron-names',
    file: 'neutron-server/neutron.conf',
    edits: [{ drop: ['DEFAULT', 'external_dns_driver'] }],
    reason: 'there is no Designate in the drill',
    notEvidence: 'Designate',
  },
];
