import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labPackagesFailed } from '../errors.ts';
import { aptConfiguration, debianMirrors, sourceLines } from './apt.ts';
import { logTail, readCommand, runCommand } from './command.ts';
import type { LabLayout } from './layout.ts';

/** Debian bookworm's OpenStack is Zed. */
const LAB_PACKAGES = [
  'ca-certificates',
  'iproute2',
  'procps',
  'mariadb-server',
  'rabbitmq-server',
  'memcached',
  'keystone',
  'glance-api',
  'placement-api',
  'nova-api',
  'nova-conductor',
  'nova-scheduler',
  'nova-compute',
  'neutron-server',
  'python3-neutron-vpnaas',
  'ovn-central',
  'ovn-host',
  'openvswitch-switch',
  'cinder-api',
  'cinder-scheduler',
  'cinder-volume',
  'octavia-api',
  'octavia-driver-agent',
  'python3-ovn-octavia-provider',
  'designate-api',
  'designate-central',
  'designate-mdns',
  'designate-producer',
  'designate-worker',
  'barbican-api',
  'uwsgi',
  'uwsgi-plugin-python3',
  'python3-pymysql',
  'python3-memcache',
] as const;

const marker = (packages: readonly string[]): string => JSON.stringify({ format: 'tandem.lab-root/1', packages });
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What a root of packages needs of a lab's folder. */
export type PackageLayout = Pick<LabLayout, 'root' | 'rootMarker' | 'schemas' | 'log' | 'tools'>;

export async function packagesInstalled(
  layout: PackageLayout,
  packages: readonly string[] = LAB_PACKAGES,
): Promise<boolean> {
  return existsSync(layout.root) && (await readFile(layout.rootMarker, 'utf8').catch(() => '')) === marker(packages);
}

/** Debian's packages into `root`, with nothing installed on the machine itself. */
export async function installPackages(
  layout: PackageLayout,
  signal: AbortSignal,
  packages: readonly string[] = LAB_PACKAGES,
): Promise<void> {
  const log = join(layout.log, 'packages.log');
  const tools = join(layout.tools, 'apt');
  const partial = `${layout.root}.partial`;
  const apt = join(layout.tools, 'apt.conf');
  try {
    await rm(partial, { recursive: true, force: true });
    await rm(layout.root, { recursive: true, force: true });
    await rm(layout.schemas, { force: true });
    await writeFile(apt, aptConfiguration(await readCommand(['apt-config', 'dump'])), { mode: 0o600 });
    await downloadTools(['mmdebstrap'], tools, { log, signal });
    await runCommand(
      [
        // Its mounts are private and its processes end with it, however it ends.
        ...['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child=SIGKILL', '--'],
        'mmdebstrap',
        '--mode=root',
        '--variant=essential',
        '--format=directory',
        `--aptopt=${apt}`,
        '--dpkgopt=force-unsafe-io',
        '--dpkgopt=path-exclude=/usr/share/doc/*',
        '--dpkgopt=path-exclude=/usr/share/man/*',
        '--dpkgopt=path-exclude=/usr/share/locale/*',
        `--essential-hook=sh "${join(import.meta.dirname, 'scripts', 'before-install.sh')}" "$1"`,
        `--include=${packages.join(',')}`,
        'bookworm',
        partial,
        ...sourceLines(debianMirrors(await aptSources()), KEYRING),
      ],
      { log, signal, env: toolEnvironment(tools) },
    );
    await runCommand(
      [
        'chroot',
        partial,
        'python3',
        '-m',
        'compileall',
        '-q',
        '-j',
        '0',
        '-x',
        '/tests?/',
        '/usr/lib/python3/dist-packages',
      ],
      { log, signal, env: { ...process.env, PYTHONDONTWRITEBYTECODE: undefined } },
    );
    // It may name a registry and its credentials.
    await rm(join(partial, 'etc/apt/apt.conf.d/99mmdebstrap'), { force: true });
    await rename(partial, layout.root);
    await writeFile(layout.rootMarker, marker(packages));
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (signal.aborted) throw error;
    throw labPackagesFailed({ logTail: logTail(log), log }, error);
  }
}

/** Unpacks packages of this machine's release, with what they need and the machine lacks, without installing them. */
export async function downloadTools(
  packages: readonly string[],
  into: string,
  context: { log: string; signal: AbortSignal },
): Promise<void> {
  const lists = join(into, 'lists');
  const archives = join(into, 'archives');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  const options = [
    '-o',
    `Dir::State::Lists=${lists}`,
    '-o',
    `Dir::Cache::Archives=${archives}`,
    '-o',
    'Dir::Cache::pkgcache=',
    '-o',
    'Dir::Cache::srcpkgcache=',
    '-o',
    'APT::Sandbox::User=root',
    '-o',
    'Debug::NoLocking=true',
    '-o',
    'APT::Update::Post-Invoke::=',
    '-o',
    'DPkg::Post-Invoke::=',
    '-o',
    'Binary::apt-get::APT::Keep-Downloaded-Packages=true',
    '-o',
    'APT::Keep-Downloaded-Packages=true',
  ];
  // This machine's other sources are of no use here, and one that is broken would stop the lab.
  const sources = join(into, 'sources.list');
  await writeFile(sources, `${sourceLines(debianMirrors(await aptSources()), KEYRING).join('\n')}\n`);
  const only = ['-o', `Dir::Etc::SourceList=${sources}`, '-o', 'Dir::Etc::SourceParts=/dev/null'];
  await runCommand(['apt-get', ...options, ...only, 'update', '-q'], context);
  await runCommand(
    [
      'apt-get',
      ...options,
      ...only,
      'install',
      '-q',
      '-y',
      '--no-install-recommends',
      '--download-only',
      '--reinstall',
      ...packages,
    ],
    context,
  );
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  for (const file of files) await runCommand(['dpkg-deb', '-x', join(archives, file), into], context);
}

/** Finds programs and Perl modules below `tools` first. */
function toolEnvironment(tools: string): NodeJS.ProcessEnv {
  const perl = [
    'usr/share/perl5',
    'usr/share/perl/5.36',
    'usr/lib/x86_64-linux-gnu/perl/5.36',
    'usr/lib/x86_64-linux-gnu/perl5/5.36',
  ];
  return {
    ...process.env,
    PATH: `${join(tools, 'usr/bin')}:/usr/sbin:/usr/bin:/sbin:/bin`,
    PERL5LIB: perl.map((path) => join(tools, path)).join(':'),
    DEBIAN_FRONTEND: 'noninteractive',
  };
}

async function aptSources(): Promise<string> {
  const parts = '/etc/apt/sources.list.d';
  const names = (await readdir(parts).catch(() => [])).filter((name) => /\.(list|sources)$/.test(name)).sort();
  const files = ['/etc/apt/sources.list', ...names.map((name) => join(parts, name))];
  return (await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))).join('\n\n');
}
