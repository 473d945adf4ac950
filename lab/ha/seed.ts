import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { readCommand } from '../openstack/command.ts';
import type { HaTimers } from './adapt.ts';
import { writeController, writeHost } from './configure.ts';
import { CLIENT, CONTROLLERS, type Controller, FLAVOR, PORTS, REGION, VIP } from './hosts.ts';
import type { HaLayout } from './layout.ts';
import type { NetnsCluster } from './netns-cluster.ts';
import type { HaSecrets } from './secrets.ts';
import { until } from './until.ts';

/** Schemas of the services. */
export const DATABASES = ['keystone', 'nova', 'nova_api', 'nova_cell0', 'neutron'] as const;

/** Database users, and the password of Kolla's that each has. */
const USERS = {
  keystone: 'keystone_database_password',
  nova: 'nova_database_password',
  nova_api: 'nova_api_database_password',
  neutron: 'neutron_database_password',
  drill: 'drill_database_password',
} as const;

/**
 * A database with every schema, user and endpoint, made on one controller and kept as an archive: every later start unpacks it on all
 * three, and needs no migration and no copy between members.
 */
export async function makeSeed(
  cluster: NetnsCluster,
  layout: HaLayout,
  secrets: HaSecrets,
  context: { readonly timers: HaTimers; readonly signal: AbortSignal; readonly say: (what: string) => void },
): Promise<void> {
  const [first] = CONTROLLERS;
  if (first === undefined) throw new Error('there is no controller');
  const { timers, signal, say } = context;
  const run = async (argv: readonly string[], user = 'root', input?: string): Promise<void> => {
    await cluster.run(first.name, argv, { name: 'seed', user, signal, ...(input === undefined ? {} : { input }) });
  };
  const sql = async (text: string): Promise<void> => await run(['mariadb'], 'root', text);

  await writeController(cluster, secrets, first, timers);
  await letFound(cluster, first.name);
  await writeHost(cluster, CLIENT.name, []);
  await cluster.powerOn(CLIENT);
  await cluster.powerOn(first);
  // None of them has a database yet: they would only fail again and again.
  for (const name of ['nova', 'neutron', 'keystone']) await hold(cluster, first.name, name);
  await until('the first database', 180, signal, async () => await sql('SELECT 1;'));
  await sql(createSql(secrets));
  say('databases created');
  await until('the database through the VIP', 60, signal, async () => {
    const argv = ['mariadb', `--host=${VIP}`, '--user=keystone', `--password=${secrets.get(USERS.keystone)}`];
    await run([...argv, '--execute=SELECT 1', 'keystone']);
  });
  await run(['keystone-manage', 'db_sync'], 'keystone');
  await bootstrapKeystone(cluster, first, secrets, signal);
  await release(cluster, first.name, 'keystone');
  say('Keystone is set up');
  await run(['nova-manage', 'api_db', 'sync'], 'nova');
  await sql(cellsSql(secrets));
  // Kolla's [database] is cell 0; the other cell is named for this one call.
  await run(['nova-manage', 'db', 'sync', '--local_cell'], 'nova');
  const cell = `[database]\nconnection = ${novaDatabase(secrets, 'nova')}\n`;
  await writeFile(cluster.path(first.name, '/etc/nova/cell.conf'), cell);
  const both = ['--config-file', '/etc/nova/nova.conf', '--config-file', '/etc/nova/cell.conf'];
  await run(['nova-manage', ...both, 'db', 'sync', '--local_cell'], 'nova');
  await sql(flavorSql());
  say('Nova is set up');
  const files = [
    '--config-file',
    '/etc/neutron/neutron.conf',
    '--config-file',
    '/etc/neutron/plugins/ml2/ml2_conf.ini',
  ];
  await run(['neutron-db-manage', ...files, 'upgrade', 'heads'], 'neutron');
  say('Neutron is set up');
  await writeCatalogue(cluster, first, secrets, signal);
  say('the service catalogue is written');

  for (const name of ['keystone', 'clustercheck']) await hold(cluster, first.name, name);
  await writeFile(cluster.path(first.name, '/run/tandem/stopped/mariadb'), '');
  await run(['mariadb-admin', 'shutdown']);
  await until('the database to stop', 60, signal, async () => {
    const running = await cluster.read(first.name, ['sh', '-c', 'pgrep -x mariadbd || true']);
    if (running.trim() !== '') throw new Error('it is still running');
  });
  await mkdir(layout.cache, { recursive: true });
  const partial = `${layout.schemas}.partial`;
  await readCommand([
    'tar',
    '--create',
    `--file=${partial}`,
    `--directory=${cluster.path(first.name, '/var/lib/mysql')}`,
    '.',
  ]);
  await rename(partial, layout.schemas);
  await cluster.powerOff(first.name);
  await cluster.powerOff(CLIENT.name);
  for (const host of [first.name, CLIENT.name]) {
    await cluster.inSwitch(['rm', '-rf', `/lab/hosts/${host}`]);
  }
}

/** The seed, onto the disk of a controller that is off. Exactly one may found the cluster anew. */
export async function plantSeed(cluster: NetnsCluster, layout: HaLayout, host: string, founds: boolean): Promise<void> {
  const data = cluster.disk(host, '/var/lib/mysql');
  await mkdir(data, { recursive: true });
  await readCommand([
    'tar',
    '--extract',
    '--same-owner',
    '--preserve-permissions',
    `--file=${layout.schemas}`,
    `--directory=${data}`,
  ]);
  if (founds) await letFound(cluster, host);
}

/** Lets a host that is off found the clusters of its databases, when it starts the next time. */
async function letFound(cluster: NetnsCluster, host: string): Promise<void> {
  for (const name of ['bootstrap', 'found-nb', 'found-sb'])
    await writeFile(cluster.disk(host, `/etc/tandem/${name}`), '');
}

async function hold(cluster: NetnsCluster, host: string, name: string): Promise<void> {
  await writeFile(cluster.path(host, `/run/tandem/stopped/${name}`), '');
  await cluster.read(host, ['sh', '-c', `kill "$(cat /run/tandem/pid/${name} 2>/dev/null)" 2>/dev/null; true`]);
}

async function release(cluster: NetnsCluster, host: string, name: string): Promise<void> {
  await rm(cluster.path(host, `/run/tandem/stopped/${name}`), { force: true });
}

function createSql(secrets: HaSecrets): string {
  const grants = (user: keyof typeof USERS): readonly string[] => {
    const own = [user, ...(user === 'nova' ? ['nova_cell0'] : [])];
    return [
      `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${secrets.get(USERS[user])}';`,
      ...own.map((database) => `GRANT ALL ON ${database}.* TO '${user}'@'%';`),
    ];
  };
  return [
    ...DATABASES.map((name) => `CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb3;`),
    'CREATE DATABASE IF NOT EXISTS drill;',
    'CREATE TABLE IF NOT EXISTS drill.written (id BIGINT AUTO_INCREMENT PRIMARY KEY, run VARCHAR(64) NOT NULL,' +
      ' number BIGINT NOT NULL, host VARCHAR(64) NOT NULL, UNIQUE KEY once (run, number)) ENGINE=InnoDB;',
    ...(Object.keys(USERS) as (keyof typeof USERS)[]).flatMap(grants),
    // For state transfers, which log in with a password, as Kolla's root has one.
    'ALTER USER root@localhost IDENTIFIED VIA unix_socket OR mysql_native_password USING ' +
      `PASSWORD('${secrets.get('database_password')}');`,
  ].join('\n');
}

/** Nova's two cells, as `nova-manage cell_v2` writes them. Every password is the same in each start from this seed. */
function cellsSql(secrets: HaSecrets): string {
  const password = secrets.get('rabbitmq_password');
  const brokers = CONTROLLERS.map(({ address }) => `openstack:${password}@${address}:${PORTS.rabbitmq}`).join(',');
  const row = (uuid: string, name: string, transport: string, connection: string): string =>
    'INSERT INTO nova_api.cell_mappings (created_at, uuid, name, transport_url, database_connection, disabled) ' +
    `VALUES (NOW(), '${uuid}', '${name}', '${transport}', '${connection}', 0);`;
  return [
    'DELETE FROM nova_api.cell_mappings;',
    row('00000000-0000-0000-0000-000000000000', 'cell0', 'none:///', novaDatabase(secrets, 'nova_cell0')),
    row('6b2d1c4e-9d0f-4c7a-8f51-3f6a7c0e1b2d', 'cell1', `rabbit://${brokers}//`, novaDatabase(secrets, 'nova')),
  ].join('\n');
}

function novaDatabase(secrets: HaSecrets, name: string): string {
  const login = `nova:${secrets.get(USERS.nova)}`;
  return `mysql+pymysql://${login}@${VIP}/${name}`;
}

function flavorSql(): string {
  const columns =
    'created_at, name, memory_mb, vcpus, swap, flavorid, rxtx_factor, root_gb, ephemeral_gb, disabled, is_public';
  return `INSERT INTO nova_api.flavors (${columns}) VALUES (NOW(), '${FLAVOR}', 64, 1, 0, '${FLAVOR}', 1, 1, 0, 0, 1);`;
}

async function bootstrapKeystone(
  cluster: NetnsCluster,
  first: Controller,
  secrets: HaSecrets,
  signal: AbortSignal,
): Promise<void> {
  const face = (name: string): readonly string[] => [`--bootstrap-${name}-url`, `http://${VIP}:${PORTS.keystone}/v3/`];
  const argv = [
    ...['env', `OS_BOOTSTRAP_PASSWORD=${secrets.get('keystone_admin_password')}`, 'keystone-manage', 'bootstrap'],
    ...['admin', 'internal', 'public'].flatMap(face),
    ...['--bootstrap-region-id', REGION],
  ];
  await cluster.run(first.name, argv, { name: 'seed', user: 'keystone', signal });
}

async function writeCatalogue(
  cluster: NetnsCluster,
  first: Controller,
  secrets: HaSecrets,
  signal: AbortSignal,
): Promise<void> {
  const settings = {
    url: `http://${VIP}:${PORTS.keystone}/v3`,
    region: REGION,
    adminPassword: secrets.get('keystone_admin_password'),
    services: [
      {
        name: 'nova',
        type: 'compute',
        password: secrets.get('nova_keystone_password'),
        url: `http://${VIP}:${PORTS.nova}/v2.1`,
      },
      {
        name: 'neutron',
        type: 'network',
        password: secrets.get('neutron_keystone_password'),
        url: `http://${VIP}:${PORTS.neutron}`,
      },
    ],
  };
  await until('Keystone through the VIP', 180, signal, async () => {
    const text = await cluster.read(first.name, ['python3', '/usr/lib/tandem/probe.py', '5', settings.url]);
    if (!text.includes(' 200')) throw new Error(text.trim());
  });
  await writeFile(cluster.path(first.name, '/tmp/catalogue.json'), JSON.stringify(settings), { mode: 0o600 });
  const argv = ['python3', '/usr/lib/tandem/catalogue.py', '/tmp/catalogue.json'];
  await cluster.run(first.name, argv, { name: 'seed', signal });
}
