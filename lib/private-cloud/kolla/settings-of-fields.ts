import type { Assignment } from './ini.ts';
import type { OverrideReader } from './override-files.ts';

interface OfField {
  readonly role: string;
  readonly section: string;
  readonly key: string;
  /** Field of the cloud that says it. */
  readonly field: string;
  /** How many of its units are one of the field's. @default 1 */
  readonly scale?: number;
}

const of = (role: string, section: string, key: string, field: string, scale?: number): OfField => ({
  ...{ role, section, key, field },
  ...(scale === undefined ? {} : { scale }),
});

/** Settings in files of Kolla's services that a field of the cloud says: rules, placement and predictions read the field. */
const OF_FIELDS: readonly OfField[] = [
  of('nova', 'DEFAULT', 'cpu_allocation_ratio', 'overcommit.vcpus'),
  of('nova', 'DEFAULT', 'ram_allocation_ratio', 'overcommit.memory'),
  of('nova', 'DEFAULT', 'reserved_host_memory_mb', 'hardware.*.reservedMemoryGiB'),
  of('neutron', 'DEFAULT', 'global_physnet_mtu', 'planes.tunnel.mtu'),
  of('neutron', 'ml2', 'path_mtu', 'planes.tunnel.mtu'),
  of('neutron', 'ovn', 'ovsdb_probe_interval', 'kolla.timers.neutronProbe', 1000),
  of('*', 'cache', 'memcache_socket_timeout', 'kolla.timers.memcachedTimeout'),
  of('*', 'cache', 'memcache_dead_retry', 'kolla.timers.memcachedRetry'),
  of('*', 'oslo_messaging_rabbit', 'heartbeat_timeout_threshold', 'kolla.timers.amqpHeartbeat'),
  of('*', 'database', 'connection_parameters', 'kolla.timers.databaseRead'),
  of('*', 'api_database', 'connection_parameters', 'kolla.timers.databaseRead'),
  of('mariadb', 'mysqld', 'wsrep_provider_options', 'kolla.globals.mariadb_wsrep_extra_provider_options'),
];

/** The field that says what a setting of one's own file sets. */
export function fieldOfSetting({ section, key }: Assignment, { roles }: OverrideReader): OfField | undefined {
  return OF_FIELDS.find((each) => each.section === section && each.key === key && reads(roles, each.role));
}

/** Nova's cells have a role of their own; `*` is any. */
function reads(roles: readonly string[], role: string): boolean {
  return role === '*' || roles.some((each) => each === role || each.startsWith(`${role}-`));
}
