import type { TierInputs } from '../../bring-up/component.ts';
import { peers, SELF, secret, value } from '../../bring-up/template.ts';
import { POSTGRES_BIN, POSTGRES_DATA, POSTGRES_PORT, REST_PORT } from './layout.ts';
import type { PostgresqlSettings } from './settings.ts';

/** What Patroni keeps in Consul, the same for all members: read when the cluster begins, and again from `dynamic.yml` on each change. */
export function dynamicConfiguration(): string {
  return `ttl: ${value('ttl')}
loop_wait: ${value('loop-wait')}
retry_timeout: ${value('retry-timeout')}
# A commit is acknowledged when a standby has it, and only that standby may follow: nothing acknowledged is lost.
synchronous_mode: true
# A primary that cannot reach Consul leads on while all standbys answer it.
failsafe_mode: true
# One that crashed is followed at once, instead of recovering for minutes: it is rewound.
primary_start_timeout: 0
primary_stop_timeout: 10
maximum_lag_on_failover: 1048576
postgresql:
  use_pg_rewind: true
  use_slots: true
  parameters:
    wal_level: replica
    hot_standby: 'on'
    wal_log_hints: 'on'
    max_connections: ${value('max-connections')}
    max_wal_senders: 10
    max_replication_slots: 10
`;
}

export function clusterName({ settings, environment, tier }: TierInputs<PostgresqlSettings>): string {
  return settings.cluster ?? `${environment}-${tier}`;
}

/** Patroni's own file. */
export function patroniConfiguration(inputs: TierInputs<PostgresqlSettings>): string {
  const { settings, tier } = inputs;
  const member = (database: string, user: string) =>
    peers(tier, { separator: '\n', item: `    - host ${database} ${user} {address}/32 scram-sha-256` });
  return `scope: ${clusterName(inputs)}
name: ${SELF.name}
restapi:
  listen: ${SELF.address}:${REST_PORT}
  connect_address: ${SELF.address}:${REST_PORT}
  authentication:
    username: patroni
    password: ${secret('rest')}
consul:
  host: 127.0.0.1:8500
  register_service: true
  service_check_interval: 2s
bootstrap:
  dcs:
${indented(dynamicConfiguration(), '    ')}
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
  pg_hba:
    - local all all peer
  post_init: /usr/bin/psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --file /etc/patroni/application.sql
postgresql:
  listen: ${SELF.address},127.0.0.1:${POSTGRES_PORT}
  connect_address: ${SELF.address}:${POSTGRES_PORT}
  data_dir: ${POSTGRES_DATA}/15
  bin_dir: ${POSTGRES_BIN}
  pgpass: ${POSTGRES_DATA}/pgpass
  use_unix_socket: true
  # One that cannot be rewound is cloned anew.
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  authentication:
    superuser:
      username: postgres
      password: ${secret('superuser')}
    replication:
      username: replicator
      password: ${secret('replication')}
    rewind:
      username: rewinder
      password: ${secret('rewind')}
  parameters:
    unix_socket_directories: /run/postgresql
    shared_buffers: ${value('shared-buffers')}
${ownParameters(settings)}  pg_hba:
    - local all all peer
    # Patroni asks its own server so how far it has come.
    - host replication replicator 127.0.0.1/32 scram-sha-256
${member('replication', 'replicator')}
${member('postgres', 'rewinder')}
${member('postgres', 'postgres')}
    - host ${settings.database} ${settings.user} all scram-sha-256
watchdog:
  mode: 'off'
`;
}

function ownParameters({ parameters }: PostgresqlSettings): string {
  return Object.keys(parameters)
    .map((name) => `    ${name}: '${value(`parameter.${name}`)}'\n`)
    .join('');
}

/** Role and database of the applications: run once, when the cluster begins. */
export function applicationSql({ user, database }: PostgresqlSettings): string {
  return `CREATE ROLE ${user} LOGIN PASSWORD '${secret('application')}';
CREATE DATABASE ${database} OWNER ${user};
`;
}

function indented(text: string, by: string): string {
  return text.trimEnd().replaceAll(/^/gm, by);
}
