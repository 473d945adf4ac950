import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { aptConfiguration, debianMirrors, sourceLines } from '../openstack/apt.ts';
import { must, type Ran, run } from './run.ts';

/** Debian, and what components installed into it, made once: `TANDEM_FORM_FOLDER`. */
export const FORM_FOLDER = process.env['TANDEM_FORM_FOLDER'] ?? '/var/lib/tandem-form';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const here = import.meta.dirname;

/** Why servers can't be formed on this machine; undefined where they can. */
export function whyNoForming(): string | undefined {
  if (process.getuid?.() !== 0) return 'forming servers needs root: mounts, namespaces';
  if (!existsSync('/etc/debian_version')) return 'forming servers needs Debian: its packages come by apt';
  if (!readFileSync('/proc/filesystems', 'utf8').includes('\toverlay')) return 'the kernel has no overlay file system';
  return undefined;
}

/** Files that are in a root before its components are installed: the path on a server, and the file of this machine. */
export type RootFiles = Readonly<Record<string, string>>;

/** Debian 12 with systemd, as an image of a cloud: the folder. The first time it takes a minute or two. */
export async function baseRoot(): Promise<string> {
  const script = join(here, 'base.sh');
  const digest = digestOf([readFileSync(script, 'utf8')]);
  const mirrors = debianMirrors(aptSources());
  const dump = await must(['apt-config', 'dump']);
  const environment = {
    SOURCES: `${sourceLines(mirrors, KEYRING).join('\n')}\n`,
    APT_CONFIGURATION: aptConfiguration(dump),
  };
  await mustOnceMore(['bash', script, FORM_FOLDER, digest], environment);
  return join(FORM_FOLDER, `base-${digest}`);
}

/** Lower folders of an overlay in which an installation script ran, made once for each script. */
export async function installedRoot(script: string, files: RootFiles = {}): Promise<string> {
  const base = await baseRoot();
  const contents = Object.entries(files).flatMap(([to, from]) => [
    to,
    createHash('sha256').update(readFileSync(from)).digest('hex'),
  ]);
  const digest = digestOf([base, script, readFileSync(join(here, 'prepare.sh'), 'utf8'), ...contents]);
  const work = mkdtempSync(join(tmpdir(), 'tandem-form-'));
  try {
    const file = join(work, 'install.sh');
    writeFileSync(file, script);
    // Should the power go while dpkg unpacks, the layer is not there, and made anew: nothing needs to be on the disk before the next step.
    const unsafe = join(work, 'unsafe-io');
    writeFileSync(unsafe, 'force-unsafe-io\n');
    const copies = [...Object.entries(files), ['/etc/dpkg/dpkg.cfg.d/tandem-form', unsafe] as const].map(
      ([to, from]) => `${from}=${to}`,
    );
    await mustOnceMore(
      ['bash', join(here, 'prepare.sh'), FORM_FOLDER, base, digest, file, ...copies],
      mirrorVariables(),
    );
  } finally {
    rmSync(work, { recursive: true });
  }
  return `${join(FORM_FOLDER, `layer-${digest}`)}:${base}`;
}

/** What fetches hundreds of packages: a mirror that fails once is asked again. */
async function mustOnceMore(command: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  if ((await run(command, { environment })).code !== 0) await must(command, { environment });
}

/** Where artefacts come from on this machine, if its own settings name mirrors. */
function mirrorVariables(): Record<string, string> {
  return { ...mavenMirror(), ...npmMirror() };
}

/** Not that of the project or of a run of npm: what they were told stands in their environment. */
function npmMirror(): Record<string, string> {
  const given = process.env['TANDEM_MIRROR_NPM'] ?? process.env['npm_config_registry'];
  if (given !== undefined) return { TANDEM_MIRROR_NPM: given };
  const { stdout, status } = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' });
  return status === 0 && stdout.startsWith('http') ? { TANDEM_MIRROR_NPM: stdout.trim().replace(/\/$/, '') } : {};
}

function mavenMirror(): Record<string, string> {
  const given = process.env['TANDEM_MIRROR_MAVEN'];
  if (given !== undefined) return { TANDEM_MIRROR_MAVEN: given };
  const settings = [join(process.env['HOME'] ?? '/root', '.m2/settings.xml'), '/etc/maven/settings.xml'].find((path) =>
    existsSync(path),
  );
  if (settings === undefined) return {};
  const text = readFileSync(settings, 'utf8').replaceAll(/<!--[^]*?-->/g, '');
  const mirrors = text.match(/<mirror>[^]*?<\/mirror>/g) ?? [];
  const central = mirrors.find((mirror) => /<mirrorOf>\s*(central|\*|external:\*)\s*<\/mirrorOf>/.test(mirror));
  const url = central === undefined ? undefined : /<url>\s*(.*?)\s*<\/url>/.exec(central)?.[1];
  return url === undefined ? {} : { TANDEM_MIRROR_MAVEN: url };
}

function aptSources(): string {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return ['/etc/apt/sources.list', ...files.sort().map((name) => join(folder, name))]
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n\n');
}

function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}

/** A command in a root, read-only but for `/tmp`, where `files` stand by name. */
export async function inRoot(
  lower: string,
  command: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const work = mkdtempSync(join(tmpdir(), 'tandem-form-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(work, 'files', name)), { recursive: true });
      writeFileSync(join(work, 'files', name), content);
    }
    for (const folder of ['upper', 'work', 'root', 'files']) mkdirSync(join(work, folder), { recursive: true });
    const script = [
      `mount -t overlay overlay -o "lowerdir=${lower},upperdir=${work}/upper,workdir=${work}/work" ${work}/root`,
      `cd ${work}/root`,
      'mount -t proc proc proc',
      'mount -t tmpfs tmpfs run',
      'touch dev/null && mount --bind /dev/null dev/null',
      `mount --bind ${work}/files tmp`,
      'exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"',
    ].join('\n');
    return await run(['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-euc', script, 'sh', ...command]);
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** A script that installs packages of Debian, for what tests check with. */
export function aptInstall(...packages: readonly string[]): string {
  const names = packages.join(' ');
  return `set -eu\napt-get -q update\nDEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install ${names}\n`;
}
