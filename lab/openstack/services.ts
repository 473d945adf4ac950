import { LAB_PORTS } from './endpoints.ts';
import { HYPERVISOR_CAPACITY, VOLUME_CAPACITY_GB } from './hypervisors.ts';
import type { LabHypervisor } from './types.ts';

/** One process (with its children) inside the lab. */
export interface LabProcess {
  /** Also the name of its log. */
  readonly name: string;
  /** Whose health check it belongs to. */
  readonly service: string;
  readonly user: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const STORES: readonly LabProcess[] = [
  { name: 'mariadb', service: 'mariadb', user: 'mysql', argv: ['mariadbd', '--defaults-file=/etc/mysql/lab.cnf'] },
  {
    name: 'memcached',
    service: 'memcached',
    user: 'memcache',
    argv: ['memcached', '-l', '127.0.0.1', '-U', '0', '-m', '128', '-c', '4096'],
  },
  {
    name: 'rabbitmq',
    service: 'rabbitmq',
    user: 'rabbitmq',
    argv: ['python3', '-m', 'tandem_lab.without_ipv6', 'rabbitmq-server'],
    env: {
      HOME: '/var/lib/rabbitmq',
      RABBITMQ_NODENAME: 'lab@localhost',
      ERL_EPMD_ADDRESS: '127.0.0.1',
      // Distribution on loopback; schedulers that sleep instead of spinning on the two cores.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        '-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none',
    },
  },
  {
    name: 'ovn-nb',
    service: 'ovn',
    user: 'root',
    argv: ['/bin/sh', '/etc/lab/ovn-db.sh', 'nb', String(LAB_PORTS['ovn-nb'])],
  },
  {
    name: 'ovn-sb',
    service: 'ovn',
    user: 'root',
    argv: ['/bin/sh', '/etc/lab/ovn-db.sh', 'sb', String(LAB_PORTS['ovn-sb'])],
  },
  {
    name: 'ovn-northd',
    service: 'ovn',
    user: 'root',
    argv: [
      'ovn-northd',
      '--ovnnb-db=unix:/run/ovn/ovnnb_db.sock',
      '--ovnsb-db=unix:/run/ovn/ovnsb_db.sock',
      '--unixctl=/run/ovn/northd.ctl',
    ],
  },
  {
    name: 'guests',
    service: 'ovn',
    user: 'root',
    argv: ['python3', '-m', 'tandem_lab.guests', '/run/chassis/guests.sock'],
  },
];

const NEUTRON_FILES = [
  '--config-file',
  '/etc/neutron/neutron.conf',
  '--config-file',
  '/etc/neutron/plugins/ml2/ml2_conf.ini',
];

const configured = (name: string, user: string, file = `/etc/${user}/${user}.conf`): LabProcess => ({
  name,
  service: user,
  user,
  argv: [name, '--config-file', file],
});

export const KEYSTONE: LabProcess = uwsgi('keystone', 'keystone', LAB_PORTS.keystone, { threads: 4 });

/** What needs no Keystone to start: it starts beside Keystone. Others call these over the queue when they start, and a
 * call that nobody hears yet is lost, and waited for a whole minute. */
export const EARLY_SERVICES: readonly LabProcess[] = [
  { name: 'neutron-server', service: 'neutron', user: 'neutron', argv: ['neutron-server', ...NEUTRON_FILES] },
  configured('cinder-scheduler', 'cinder'),
  configured('designate-central', 'designate'),
  uwsgi('placement', 'placement', LAB_PORTS.placement, { threads: 4 }),
];

/** What starts once Keystone knows it. Processes and threads are for two cores. */
export const SERVICES: readonly LabProcess[] = [
  // Nova asks its cells with eventlet's green threads, patched or not: with several real ones in a process, all of them end up waiting
  // in each other's hubs for ever. One a process, and more processes.
  uwsgi('nova-api', 'nova', LAB_PORTS.nova, {
    processes: 5,
    threads: 1,
    env: { OS_NOVA_DISABLE_EVENTLET_PATCHING: '1' },
  }),
  // These two log in while they start, and end if they cannot.
  configured('nova-conductor', 'nova'),
  configured('nova-scheduler', 'nova'),
  // Image uploads are chunked, which Debian's uwsgi does not read: Glance serves itself.
  configured('glance-api', 'glance', '/etc/glance/glance-api.conf'),
  uwsgi('cinder-api', 'cinder', LAB_PORTS.cinder, { threads: 4 }),
  { ...configured('cinder-volume', 'cinder'), env: { TANDEM_LAB_VOLUME_GB: String(VOLUME_CAPACITY_GB) } },
  uwsgi('octavia-api', 'octavia', LAB_PORTS.octavia, { threads: 4 }),
  configured('octavia-driver-agent', 'octavia'),
  configured('designate-api', 'designate'),
  uwsgi('barbican-api', 'barbican', LAB_PORTS.barbican, { processes: 1, threads: 4 }),
  configured('designate-mdns', 'designate'),
  configured('designate-producer', 'designate'),
];

/** It reads the pool once, when it starts: after `designate-manage pool update`. */
export const DESIGNATE_WORKER: LabProcess = configured('designate-worker', 'designate');

export function hypervisorProcess(hypervisors: readonly LabHypervisor[]): LabProcess {
  return {
    name: 'hypervisors',
    service: 'nova',
    user: 'nova',
    argv: ['python3', '-m', 'tandem_lab.hypervisors', ...hypervisors.map(({ name }) => name)],
    env: {
      TANDEM_LAB_VCPUS: String(HYPERVISOR_CAPACITY.vcpus),
      TANDEM_LAB_MEMORY_MIB: String(HYPERVISOR_CAPACITY.memoryMib),
      TANDEM_LAB_DISK_GIB: String(HYPERVISOR_CAPACITY.diskGib),
    },
  };
}

/** A schema migration; those of one lane run one after the other, lanes side by side. */
export const MIGRATIONS: readonly (readonly LabProcess[])[] = [
  [
    migration('neutron', ['neutron-db-manage', ...NEUTRON_FILES, 'upgrade', 'heads']),
    migration('designate', ['designate-manage', 'database', 'sync']),
    migration('barbican', ['barbican-manage', 'db', 'upgrade']),
  ],
  [
    migration('cinder', ['cinder-manage', 'db', 'sync']),
    migration('keystone', ['keystone-manage', 'db_sync']),
    migration('glance', ['glance-manage', 'db_sync']),
    migration('octavia', ['octavia-db-manage', 'upgrade', 'head']),
    migration('placement', ['placement-manage', 'db', 'sync']),
  ],
];

/** Between the two, the cells are written: the second one also makes cell 0. */
export const NOVA_MIGRATIONS: readonly [LabProcess, LabProcess] = [
  migration('nova', ['nova-manage', 'api_db', 'sync']),
  migration('nova', ['nova-manage', 'db', 'sync']),
];

function migration(user: string, argv: readonly string[]): LabProcess {
  return { name: `schema-${user}`, service: user, user, argv };
}

interface Web {
  /** @default 2 */
  readonly processes?: number;
  /** Of each process. While one request waits for another service, others go on. */
  readonly threads: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** One process a core: more would only load the same program once more. */
function uwsgi(name: string, user: string, port: number, web: Web): LabProcess {
  return {
    name,
    service: user,
    user,
    argv: [
      'uwsgi',
      '--plugins',
      'python3',
      '--http-socket',
      `127.0.0.1:${port}`,
      '--wsgi-file',
      `/etc/lab/wsgi/${user}.py`,
      '--processes',
      String(web.processes ?? 2),
      '--threads',
      String(web.threads),
      '--listen',
      '128',
      '--master',
      '--lazy-apps',
      '--thunder-lock',
      '--enable-threads',
      '--buffer-size',
      '65535',
      '--die-on-term',
      '--need-app',
      '--no-orphans',
      '--disable-logging',
      // As Debian's own units do: with the header, uwsgi resets connections.
      '--rem-header',
      'Content-Length',
    ],
    ...(web.env === undefined ? {} : { env: web.env }),
  };
}
