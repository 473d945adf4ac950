import { apis, galera, isServing, ovn } from './health.ts';
import { type Controller, PORTS } from './hosts.ts';
import type { NetnsCluster } from './netns-cluster.ts';
import type { ServiceName } from './services.ts';
import { until } from './until.ts';

/** What Kolla's tags deploy, as far as the lab has it, in the order of Kolla's playbook. */
export const ROLES: readonly {
  readonly tags: readonly string[];
  readonly services: readonly ServiceName[];
  /** Folders of Kolla's output that these read: a change there restarts them. */
  readonly folders: readonly string[];
  /** Those that restart then. */
  readonly restarts: readonly ServiceName[];
}[] = [
  { tags: ['loadbalancer'], services: ['haproxy', 'keepalived'], folders: ['haproxy', 'keepalived'], restarts: [] },
  { tags: ['mariadb'], services: ['clustercheck', 'mariadb'], folders: ['mariadb'], restarts: ['mariadb'] },
  { tags: ['memcached'], services: ['memcached'], folders: [], restarts: [] },
  { tags: ['rabbitmq'], services: ['rabbitmq'], folders: ['rabbitmq'], restarts: ['rabbitmq'] },
  {
    tags: ['ovn', 'ovn-db'],
    services: ['ovn-nb-db', 'ovn-sb-db', 'ovn-northd'],
    folders: [],
    restarts: ['ovn-northd'],
  },
  { tags: ['keystone'], services: ['keystone'], folders: ['keystone'], restarts: ['keystone'] },
  { tags: ['glance'], services: ['images'], folders: [], restarts: [] },
  // Before Nova, which waits for its host's own Neutron here and in init.py: Kolla has them the other way round.
  { tags: ['neutron'], services: ['neutron'], folders: ['neutron-server'], restarts: ['neutron'] },
  { tags: ['nova'], services: ['nova'], folders: ['nova-api'], restarts: ['nova'] },
];

/** Kolla's names of containers, and of their units, `kolla-NAME-container.service`. */
export const CONTAINERS: Readonly<Record<string, { readonly service: ServiceName; readonly user: string }>> = {
  mariadb: { service: 'mariadb', user: 'root' },
  mariadb_clustercheck: { service: 'clustercheck', user: 'root' },
  memcached: { service: 'memcached', user: 'root' },
  rabbitmq: { service: 'rabbitmq', user: 'rabbitmq' },
  haproxy: { service: 'haproxy', user: 'root' },
  keepalived: { service: 'keepalived', user: 'root' },
  ovn_nb_db: { service: 'ovn-nb-db', user: 'root' },
  ovn_sb_db: { service: 'ovn-sb-db', user: 'root' },
  ovn_northd: { service: 'ovn-northd', user: 'root' },
  keystone: { service: 'keystone', user: 'root' },
  nova_api: { service: 'nova', user: 'root' },
  neutron_server: { service: 'neutron', user: 'root' },
  glance_api: { service: 'images', user: 'root' },
};

/** Waits, as Kolla does after a start, until a service of a host answers. @throws Error where it does not */
export async function waitForService(
  cluster: NetnsCluster,
  host: Controller,
  service: ServiceName,
  signal: AbortSignal,
): Promise<void> {
  const ask = asks(cluster, host)[service];
  if (ask === undefined) return;
  await until(`${service} on ${host.name}`, 180, signal, async () => {
    const verdict = await ask();
    if (verdict !== undefined) throw new Error(verdict);
  });
}

function asks(
  cluster: NetnsCluster,
  host: Controller,
): Partial<Readonly<Record<ServiceName, () => Promise<string | undefined>>>> {
  const api = (port: number) => () => apis(cluster, [host], [port]);
  return {
    mariadb: () => galera(cluster, host.name, 1),
    rabbitmq: () => isServing(cluster, host),
    'ovn-nb-db': () => ovn(cluster, host.name, 'nb'),
    'ovn-sb-db': () => ovn(cluster, host.name, 'sb'),
    keystone: api(PORTS.keystone),
    nova: api(PORTS.nova),
    neutron: api(PORTS.neutron),
  };
}
