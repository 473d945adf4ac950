import type { Cloud } from '../../config/schema/cloud.ts';
import { hostsFor, type Topology } from '../topology/topology.ts';
import { Expression } from './expression.ts';
import { Times } from './failover.ts';
import { physicalNetworks } from './globals.ts';
import { keepalivedFile } from './keepalived.ts';
import { monitoringFiles } from './monitoring.ts';
import { iniFile, type RenderedFile, type Section, type Setting } from './tree.ts';

/** MTU of provider networks: they leave the cloud through routers that Tandem does not know. */
const PROVIDER_MTU = 1500;

/** The files in `config/`, which Kolla lays over those that it makes. */
export function overrideFiles(name: string, cloud: Cloud, topology: Topology): RenderedFile[] {
  const times = new Times(cloud);
  return [
    everyService(name, topology, times),
    ...(hostsFor(topology, 'database').length > 1 ? [database(name)] : []),
    ...(hostsFor(topology, 'control').length > 1 ? [keystone(name)] : []),
    ...neutron(name, cloud, topology, times),
    novaApi(name, times),
    compute(name, cloud),
    ...(cloud.vips === undefined ? [] : [keepalivedFile(name, times)]),
    ...monitoringFiles(name, cloud, topology),
  ];
}

function everyService(name: string, topology: Topology, times: Times): RenderedFile {
  const sections: Section[] = [
    { name: 'database', settings: [connectionTimers(times)] },
    {
      name: 'cache',
      settings: [
        {
          key: 'memcache_socket_timeout',
          value: times.seconds('memcachedTimeout'),
          ...times.why(['memcachedTimeout']),
        },
        { key: 'memcache_dead_retry', value: times.seconds('memcachedRetry'), ...times.why(['memcachedRetry']) },
      ],
    },
    {
      name: 'oslo_messaging_rabbit',
      settings: [
        { key: 'heartbeat_timeout_threshold', value: times.seconds('amqpHeartbeat'), ...times.why(['amqpHeartbeat']) },
      ],
    },
    ...(hostsFor(topology, 'control').length > 1 ? [checkedTokens()] : []),
  ];
  return iniFile(name, 'config/global.conf', 'Laid over the configuration of every OpenStack service.', sections, [
    ['layout'],
  ]);
}

/** A service that runs beside no cache asks all of them. */
function checkedTokens(): Section {
  const hosts = "groups['memcached'] | select('equalto', inventory_hostname) | list or groups['memcached']";
  const address = "{{ 'api' | kolla_address(host) | put_address_in_context('memcache') }}:{{ memcached_port }}";
  return {
    name: 'keystone_authtoken',
    settings: [
      {
        key: 'memcached_servers',
        value: new Expression(`{% for host in ${hosts} %}${address}{% if not loop.last %},{% endif %}{% endfor %}`),
        why: 'checked tokens are kept on the host that checked them: with all caches, a request waits 3 s for each that is off',
      },
    ],
  };
}

function connectionTimers(times: Times): Setting {
  return {
    key: 'connection_parameters',
    value: new Expression(
      `connect_timeout=${times.seconds('databaseConnect')}&read_timeout={{ 3600 if kolla_action == 'upgrade' else ${times.seconds('databaseRead')} }}`,
    ),
    ...times.why(
      ['databaseConnect', 'databaseRead'],
      'an upgrade changes large tables and must wait for them: reconfigure once after it',
    ),
  };
}

function database(name: string): RenderedFile {
  const why =
    'Kolla leaves it to the disk: with all members off at once, a second of acknowledged writes would be lost';
  return iniFile(
    name,
    'config/galera.cnf',
    'Laid over the configuration of every database member.',
    [
      {
        name: 'mysqld',
        settings: [
          { key: 'innodb_flush_log_at_trx_commit', value: 1, why },
          {
            key: 'sync_binlog',
            value: 1,
            why: 'what is in the log of transactions but not in this one is rolled back at a restart',
          },
        ],
      },
    ],
    [['layout']],
  );
}

function keystone(name: string): RenderedFile {
  return iniFile(
    name,
    'config/keystone.conf',
    'Laid over the configuration of Keystone.',
    [
      {
        name: 'cache',
        settings: [
          {
            key: 'memcache_servers',
            value: new Expression(
              "{{ 'api' | kolla_address | put_address_in_context('memcache') }}:{{ memcached_port }}",
            ),
            why: 'the cache on its own host: with all of them, every token waits for one that is off',
          },
        ],
      },
    ],
    [['layout']],
  );
}

function neutron(name: string, { planes, networks }: Cloud, topology: Topology, times: Times): RenderedFile[] {
  const tunnel = planes.tunnel ?? planes.internal;
  const from = ['planes', planes.tunnel === undefined ? 'internal' : 'tunnel', 'mtu'] as const;
  const physical = physicalNetworks(networks);
  const tagged = Object.values(networks).filter(({ type }) => type === 'vlan');
  return [
    iniFile(name, 'config/neutron.conf', 'Laid over the configuration of Neutron.', [
      { name: 'DEFAULT', settings: [{ key: 'global_physnet_mtu', value: tunnel.mtu, from }] },
    ]),
    iniFile(name, 'config/neutron/ml2_conf.ini', "Laid over the configuration of Neutron's ML2 plugin.", [
      {
        name: 'ml2',
        settings: [
          { key: 'path_mtu', value: tunnel.mtu, from },
          {
            key: 'physical_network_mtus',
            value: physical.map((each) => `${each}:${PROVIDER_MTU}`).join(','),
            from: ['networks'],
            why: 'provider networks leave the cloud, whatever its own planes carry',
          },
        ],
      },
      {
        name: 'ml2_type_vlan',
        settings: [
          {
            key: 'network_vlan_ranges',
            value: [...new Set(tagged.map((each) => each.physicalNetwork))].join(','),
            from: ['networks'],
            why: 'Kolla leaves it empty, and Neutron then refuses a tagged provider network',
          },
        ],
      },
      ...(hostsFor(topology, 'ovn').length > 1 ? [ovnConnections(times)] : []),
    ]),
  ];
}

function ovnConnections(times: Times): Section {
  return {
    name: 'ovn',
    settings: [
      { key: 'ovsdb_probe_interval', value: times.milliseconds('neutronProbe'), ...times.why(['neutronProbe']) },
    ],
  };
}

function novaApi(name: string, times: Times): RenderedFile {
  const sections = [{ name: 'api_database', settings: [connectionTimers(times)] }];
  return iniFile(name, 'config/nova.conf', 'Laid over the configuration of Nova.', sections, [['layout']]);
}

function compute(name: string, { overcommit }: Cloud): RenderedFile {
  return iniFile(
    name,
    'config/nova/nova-compute.conf',
    'Laid over the configuration of every compute host.',
    [
      {
        name: 'DEFAULT',
        settings: [
          { key: 'cpu_allocation_ratio', value: overcommit.vcpus, from: ['overcommit', 'vcpus'] },
          { key: 'ram_allocation_ratio', value: overcommit.memory, from: ['overcommit', 'memory'] },
          {
            key: 'reserved_host_memory_mb',
            value: new Expression('{{ tandem_reserved_memory_mib }}'),
            why: 'by kind of host: inventory/group_vars/',
          },
        ],
      },
    ],
    [['hardware']],
  );
}
