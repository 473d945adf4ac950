import { defineComponent, type TierInputs } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import { checkPostgresql } from './check.ts';
import { POSTGRES_BIN, POSTGRES_DATA, POSTGRES_PORT, REST_PORT } from './layout.ts';
import { applicationSql, clusterName, dynamicConfiguration, patroniConfiguration } from './patroni.ts';
import { type PostgresqlSettings, postgresqlSettings } from './settings.ts';
import { patroniDropIn, settingsUnit } from './units.ts';

const OWNER = 'postgres:postgres';
const PATRONI = `http://${SELF.address}:${REST_PORT}`;

/** A primary and its standbys. Which one leads is agreed upon in Consul, whose agent runs on the same servers. */
export const postgresql = defineComponent<PostgresqlSettings>({
  name: 'postgresql',
  title: 'PostgreSQL with Patroni',
  description: 'A relational database: a primary and standbys, one of which has each commit before it is acknowledged.',
  version: '15',
  home: 'https://patroni.readthedocs.io/en/rel_3_0/',
  settings: postgresqlSettings,
  install: {
    packages: ['postgresql-15', 'patroni', 'python3-consul', 'curl'],
    // Debian's own cluster would take the port at the next start.
    afterwards: 'systemctl disable postgresql.service',
  },
  ports: () => [
    { name: 'postgresql', port: POSTGRES_PORT, protocol: 'tcp', from: 'members' },
    { name: 'postgresql', port: POSTGRES_PORT, protocol: 'tcp', from: 'clients' },
    { name: 'patroni', port: REST_PORT, protocol: 'tcp', from: 'members' },
    // Balancers ask it who leads.
    { name: 'patroni', port: REST_PORT, protocol: 'tcp', from: 'clients' },
  ],
  peers: (_settings, tier) => [tier],
  values: (inputs) => values(inputs),
  files: (inputs) => [
    {
      path: '/etc/patroni/config.yml',
      content: patroniConfiguration(inputs),
      mode: '0600',
      owner: OWNER,
      onChange: 'reload',
    },
    { path: '/etc/patroni/dynamic.yml', content: dynamicConfiguration(), onChange: 'reload' },
    {
      path: '/etc/patroni/application.sql',
      content: applicationSql(inputs.settings),
      mode: '0600',
      owner: OWNER,
      onChange: 'none',
    },
    patroniDropIn(),
    settingsUnit(clusterName(inputs)),
  ],
  units: () => ['patroni.service', 'patroni-settings.service'],
  health: () => `curl --fail --silent --show-error --max-time 5 --output /dev/null ${PATRONI}/health`,
  // Whichever one is lost: were it the primary, the standby that has all commits follows.
  quorum: ({ count }) => ({ members: count, needed: Math.max(1, count - 1) }),
  data: [{ path: POSTGRES_DATA, owner: OWNER, mode: '0700' }],
  hooks: {
    // A standby follows while this one still lives: clients wait for about two seconds.
    drain: `if curl --fail --silent --output /dev/null ${PATRONI}/primary; then patronictl --config-file /etc/patroni/config.yml switchover --force --leader ${SELF.name}; fi`,
    // From a folder that it may see, and not through a pipe, which would hide that it failed.
    backup: `cd / && runuser --user postgres -- ${POSTGRES_BIN}/pg_dumpall --host /run/postgresql --clean --if-exists > "$BACKUP_DIRECTORY/postgresql.sql" && gzip --force "$BACKUP_DIRECTORY/postgresql.sql"`,
  },
  secrets: [
    { name: 'superuser', kind: 'password' },
    { name: 'replication', kind: 'password' },
    { name: 'rewind', kind: 'password' },
    { name: 'rest', kind: 'password' },
    { name: 'application', kind: 'password' },
  ],
  evidence:
    'Formed from three servers in three zones: the primary cut off from power five times, a standby took writes after 6.3 to 8.1 s, no acknowledged commit lost, the old primary taken back as a standby each time. Handed over on purpose: 1.3 to 7.4 s. While two of three Consul servers were off: no commit waited longer than 0.3 s. Measured on two busy cores.',
  check: checkPostgresql,
});

function values({ settings, flavor }: TierInputs<PostgresqlSettings>): Readonly<Record<string, string | number>> {
  const own = Object.entries(settings.parameters).map(([name, set]) => [`parameter.${name}`, String(set)] as const);
  return {
    ttl: settings.ttlSeconds,
    'loop-wait': settings.loopWaitSeconds,
    'retry-timeout': settings.retryTimeoutSeconds,
    'max-connections': settings.maxConnections,
    'shared-buffers': `${settings.sharedBuffersMiB ?? Math.max(16, Math.floor(flavor.memoryMiB / 4))}MB`,
    ...Object.fromEntries<string>(own),
  };
}
