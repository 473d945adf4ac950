/**
 * The real kolla-ansible, as an operator would install it, on hosts that are not there: their facts (interfaces, addresses,
 * distribution) come from a cache, and the configuration of every service is written below one folder a host.
 */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Cloud } from '../../../lib/config/schema/cloud.ts';
import { renderTree } from '../../../lib/private-cloud/kolla/render.ts';
import { secretFilesOf } from '../../../lib/private-cloud/kolla/secret-files.ts';
import { topologyOf } from '../../../lib/private-cloud/topology/topology.ts';
import { writeSecrets } from '../../lib/engines/kolla/secrets-folder.ts';

const root = join(import.meta.dirname, '../../..');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/**
 * Tags whose roles say how the services find each other. Those that ask a container engine's socket, and those that only repeat what
 * these show, are listed in docs/not-run.md.
 */
const TAGS = ['loadbalancer', 'memcached', 'mariadb', 'rabbitmq', 'keystone', 'ovn-db'];

/** Folder of an installed kolla-ansible; a minute or two the first time for each set of pinned versions. */
export function kollaAnsible(): string {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(root, '.tandem/cache', `python-kolla-${digest}`);
  const stamp = join(folder, 'installed');
  if (!existsSync(stamp)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', '--requirement', REQUIREMENTS], { stdio: 'pipe' });
    writeFileSync(stamp, '');
  }
  return folder;
}

/** A rendered tree with facts and passwords beside it: all that kolla-ansible needs, no host. */
export interface Site {
  readonly folder: string;
  /** `--configdir`. */
  readonly tree: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Writes a site. Facts are what the configuration says of each host: a rendered address that is not there stays unknown. */
export function writeSite(folder: string, name: string, cloud: Cloud): Site {
  const installed = kollaAnsible();
  const tree = join(folder, 'tree');
  for (const [path, content] of Object.entries(renderTree(name, cloud).files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  copyFileSync(join(installed, 'share/kolla-ansible/etc_examples/kolla/passwords.yml'), join(tree, 'passwords.yml'));
  execFileSync(join(installed, 'bin/kolla-genpwd'), ['--passwords', join(tree, 'passwords.yml')], { stdio: 'pipe' });
  const facts = join(folder, 'facts');
  mkdirSync(facts, { recursive: true });
  for (const host of topologyOf(name, cloud).hosts)
    writeFacts(facts, host.name, factsOf(cloud, host.name, host.addresses));
  writeFacts(facts, 'localhost', factsOf(cloud, 'localhost', {}));
  writeSecrets(tree, secretFilesOf(name, cloud));
  return { folder, tree, environment: environmentOf(installed, facts) };
}

function environmentOf(installed: string, facts: string): NodeJS.ProcessEnv {
  return {
    PATH: `${join(installed, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    ANSIBLE_CACHE_PLUGIN: 'jsonfile',
    ANSIBLE_CACHE_PLUGIN_CONNECTION: facts,
    ANSIBLE_CACHE_PLUGIN_TIMEOUT: '0',
    ANSIBLE_GATHERING: 'smart',
    ANSIBLE_FORKS: '4',
    ANSIBLE_PIPELINING: '1',
    // Modules run in processes that stay, instead of one a task: byte for byte the same files, in a third of the processor's time.
    ANSIBLE_STRATEGY: 'mitogen_linear',
    ANSIBLE_STRATEGY_PLUGINS: join(libraries(installed), 'ansible_mitogen/plugins/strategy'),
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_DISPLAY_SKIPPED_HOSTS: '0',
    ANSIBLE_DISPLAY_OK_HOSTS: '0',
    ANSIBLE_LOCALHOST_WARNING: '0',
    ANSIBLE_DEPRECATION_WARNINGS: '0',
  };
}

function libraries(installed: string): string {
  const [python = ''] = readdirSync(join(installed, 'lib'));
  return join(installed, 'lib', python, 'site-packages');
}

/** As ansible-core 2.19 keeps them: the schema's number before the name, and the value as text within. */
function writeFacts(folder: string, host: string, facts: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(folder, `s1_${host}`), JSON.stringify({ __payload__: JSON.stringify(facts) }));
}

function factsOf(cloud: Cloud, name: string, addresses: Readonly<Partial<Record<string, string>>>) {
  const interfaces = Object.entries(cloud.planes).flatMap(([plane, settings]) => {
    const [device, address] = [settings?.interface, addresses[plane]];
    return device === undefined || address === undefined
      ? []
      : [[device, { device, active: true, ipv4: { address } }] as const];
  });
  const facts: Record<string, unknown> = {
    hostname: name,
    nodename: name,
    fqdn: name,
    distribution: 'Debian',
    distribution_release: 'trixie',
    distribution_version: '13',
    distribution_major_version: '13',
    os_family: 'Debian',
    architecture: 'x86_64',
    processor_vcpus: 16,
    memtotal_mb: 65536,
    service_mgr: 'systemd',
    user_uid: 0,
    user_gid: 0,
    python: { version: { major: 3, minor: 13, micro: 0 } },
    interfaces: ['lo', ...interfaces.map(([device]) => device)],
    ...Object.fromEntries(interfaces.map(([device, value]) => [device.replace(/[-:]/g, '_'), value])),
  };
  return { ...facts, ...Object.fromEntries(Object.entries(facts).map(([key, value]) => [`ansible_${key}`, value])) };
}

const LOCALLY = [
  'ansible_connection=local',
  'ansible_become=false',
  'ansible_python_interpreter={{ ansible_playbook_python }}',
];

/** Variables that keep a run on this machine, and its result below the site's folder. */
export function localVariables(site: Site): string[] {
  return [...LOCALLY, `node_config_directory=${site.folder}/out/{{ inventory_hostname }}`].flatMap((each) => [
    '-e',
    each,
  ]);
}

/** Runs kolla-ansible on a site. Throws with the end of its output. */
async function run(site: Site, verb: string, ...args: readonly string[]): Promise<string> {
  const all = [
    verb,
    ...['--configdir', site.tree, '--inventory', join(site.tree, 'inventory/multinode')],
    ...localVariables(site),
    ...args,
  ];
  try {
    const { stdout } = await promisify(execFile)('kolla-ansible', all, {
      env: site.environment,
      cwd: site.folder,
      maxBuffer: 64 << 20,
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`kolla-ansible ${verb} failed:\n${`${stdout}\n${stderr}`.slice(-6000)}`, { cause: error });
  }
}

/**
 * Writes the configuration of services by tag below `out/<host>/<service>/`. @param hosts default all
 *
 * Without the exporters of every host, which bear the tag `prometheus` too: their role asks the container engine's socket.
 */
export async function generateConfiguration(
  site: Site,
  tags: readonly string[] = TAGS,
  hosts: readonly string[] = [],
): Promise<void> {
  const limit = hosts.length > 0 ? ['--limit', hosts.join(',')] : [];
  await run(site, 'genconfig', '--tags', tags.join(','), '--skip-tags', 'prometheus-node-exporters', ...limit);
}
