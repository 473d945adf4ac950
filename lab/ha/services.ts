import type { HaTimers } from './adapt.ts';
import { type Controller, hostNamed, PORTS, VIP } from './hosts.ts';
import type { Group, HaMembers } from './members.ts';

/** One service of a host, as init.py starts it. */
export interface HostService {
  readonly name: ServiceName;
  readonly user: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What must answer first: `tcp:ADDRESS:PORT`, `http://…`, `file:PATH`. @default nothing */
  readonly after?: readonly string[];
}

/** Which hosts run a service: those of its group in Kolla's inventory. */
export const SERVICES = {
  mariadb: 'mariadb',
  memcached: 'control',
  rabbitmq: 'rabbitmq',
  clustercheck: 'mariadb',
  haproxy: 'loadbalancer',
  keepalived: 'loadbalancer',
  'ovn-nb-db': 'ovn-database',
  'ovn-sb-db': 'ovn-database',
  'ovn-northd': 'ovn-database',
  images: 'control',
  keystone: 'control',
  nova: 'control',
  neutron: 'control',
} as const satisfies Record<string, Group>;
export type ServiceName = keyof typeof SERVICES;

const python = (script: string, ...args: readonly string[]): readonly string[] => [
  'python3',
  `/usr/lib/tandem/${script}.py`,
  ...args,
];

/** What runs on a controller with these members: what Kolla runs in containers there, as far as the drill has it. */
export function controllerServices(host: Controller, timers: HaTimers, members: HaMembers): readonly HostService[] {
  return allServices(host, timers, members).filter(({ name }) => members[SERVICES[name]].includes(host.name));
}

function allServices({ name, address }: Controller, timers: HaTimers, members: HaMembers): readonly HostService[] {
  const keystone = `http://${VIP}:${PORTS.keystone}/v3`;
  const [near = ''] = [name, ...members.rabbitmq].filter((each) => members.rabbitmq.includes(each));
  // Two hosts that start at once have two cores between them: what the others wait for goes first.
  const broker = `tcp:${near === '' ? address : hostNamed(near).address}:${PORTS.rabbitmq}`;
  const databases = members['ovn-database'].map(hostNamed);
  const ovn = (database: 'nb' | 'sb', port: number, raft: number): HostService => ({
    name: `ovn-${database}-db`,
    user: 'root',
    argv: [
      ...['/bin/sh', '/usr/lib/tandem/ovn-db.sh', database, String(port), String(raft), address],
      String(timers.ovnElection * 1000),
      ...databases.filter((each) => each.name !== name).map((each) => `tcp:${each.address}:${raft}`),
    ],
  });
  const list = (port: number): string => databases.map((each) => `tcp:${each.address}:${port}`).join(',');
  const [northbound = ''] = list(PORTS.nb).split(',');
  return [
    { name: 'mariadb', user: 'root', argv: ['/bin/sh', '/usr/lib/tandem/mariadb.sh'] },
    { name: 'memcached', user: 'memcache', argv: ['memcached', '-l', address, '-U', '0', '-m', '64', '-c', '5000'] },
    {
      name: 'rabbitmq',
      user: 'rabbitmq',
      argv: ['rabbitmq-server'],
      env: { HOME: '/var/lib/rabbitmq', RABBITMQ_NODENAME: `rabbit@${name}` },
    },
    { name: 'clustercheck', user: 'root', argv: python('clustercheck', address, String(PORTS.clustercheck)) },
    {
      name: 'haproxy',
      user: 'root',
      argv: ['haproxy', '-W', '-db', '-f', '/etc/haproxy/haproxy.cfg', '-f', '/etc/haproxy/services.d'],
    },
    {
      name: 'keepalived',
      user: 'root',
      argv: ['keepalived', '--vrrp', '-n', '-l', '-D', '-f', '/etc/keepalived/keepalived.conf'],
      after: ['file:/run/haproxy/haproxy.sock'],
    },
    ovn('nb', PORTS.nb, PORTS.nbRaft),
    ovn('sb', PORTS.sb, PORTS.sbRaft),
    {
      name: 'ovn-northd',
      user: 'root',
      argv: [
        'ovn-northd',
        `--ovnnb-db=${list(PORTS.nb)}`,
        `--ovnsb-db=${list(PORTS.sb)}`,
        '--unixctl=/run/ovn/northd.ctl',
      ],
      after: ['file:/run/ovn/ovnsb_db.sock'],
    },
    { name: 'images', user: 'root', argv: python('images', address, String(PORTS.images)) },
    web('keystone', address, PORTS.keystone, [`tcp:${VIP}:${PORTS.database}`]),
    web('nova', address, PORTS.nova, [keystone, broker, `tcp:${address}:${PORTS.neutron}`]),
    {
      name: 'neutron',
      user: 'neutron',
      argv: [
        'neutron-server',
        ...['--config-file', '/etc/neutron/neutron.conf', '--config-file', '/etc/neutron/plugins/ml2/ml2_conf.ini'],
      ],
      after: [keystone, members['ovn-database'].includes(name) ? `tcp:${address}:${PORTS.nb}` : northbound],
    },
  ];
}

/** An API in one process of several threads: on two cores more processes would only load the same program again. */
function web(name: 'keystone' | 'nova', address: string, port: number, after: readonly string[]): HostService {
  return {
    name,
    user: name,
    argv: [
      ...['uwsgi', '--plugins', 'python3', '--http-socket', `${address}:${port}`],
      ...['--wsgi-file', `/usr/lib/tandem/wsgi/${name}.py`, '--processes', '1', '--threads', '8', '--listen', '100'],
      ...['--master', '--lazy-apps', '--enable-threads', '--buffer-size', '65535', '--die-on-term', '--need-app'],
      ...['--no-orphans', '--disable-logging', '--harakiri', '60', '--rem-header', 'Content-Length'],
    ],
    // Under a threaded uwsgi, Nova's eventlet patching hangs requests.
    ...(name === 'nova' ? { env: { OS_NOVA_DISABLE_EVENTLET_PATCHING: '1' } } : {}),
    after,
  };
}
