import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type AdaptationHost, type Applied, adapt, type Files, type HaTimers } from './adapt.ts';
import { ADAPTATIONS, TARGETS } from './adaptations.ts';
import { CONTROLLERS, type Controller, HOSTS, hostNamed, VIP } from './hosts.ts';
import { forMembers } from './member-settings.ts';
import { type HaMembers, STARTING } from './members.ts';
import type { NetnsCluster } from './netns-cluster.ts';
import type { HaSecrets } from './secrets.ts';
import { controllerServices, type HostService } from './services.ts';

const HERE = import.meta.dirname;

/** Kolla-Ansible's output for the drill's cloud, by host: generated once, and committed. See README.md. */
const RENDERED = join(HERE, 'etc', 'kolla');

export interface Configured {
  readonly files: Files;
  readonly applied: readonly Applied[];
}

/** What a controller is given: Kolla's files for it and these members, adapted. */
export async function configured(
  controller: Controller,
  timers: HaTimers,
  members: HaMembers = STARTING,
): Promise<Configured> {
  const base = CONTROLLERS.find(({ name }) => name === controller.name) ?? hostNamed('control-a-1');
  const files = forMembers(await renderedFiles(base.name), base, controller, members);
  return adapt(files, ADAPTATIONS, adaptationHost(controller, timers, members));
}

/** What Kolla wrote for a host, as it is committed. */
export async function renderedFiles(host: string): Promise<Files> {
  return await filesBelow(join(RENDERED, host));
}

export function adaptationHost(
  { name, address }: Controller,
  timers: HaTimers,
  members: HaMembers = STARTING,
): AdaptationHost {
  return { name, address, vip: VIP, timers, databases: members.mariadb.map(hostNamed) };
}

/** Everything onto a controller's disk, for its first start. */
export async function writeController(
  cluster: NetnsCluster,
  secrets: HaSecrets,
  controller: Controller,
  timers: HaTimers,
  members: HaMembers = STARTING,
): Promise<void> {
  await writeSettings(cluster, secrets, controller, timers, members, Object.keys(TARGETS));
  await writeHost(cluster, controller.name, controllerServices(controller, timers, members));
}

/** Kolla's settings for a controller, and the keys that its services share. @returns those whose text is another than it was */
export async function writeSettings(
  cluster: NetnsCluster,
  secrets: HaSecrets,
  controller: Controller,
  timers: HaTimers,
  members: HaMembers,
  paths: readonly string[],
): Promise<readonly string[]> {
  const { files } = await configured(controller, timers, members);
  const changed: string[] = [];
  const write = async (path: string, text: string, mode = 0o644): Promise<boolean> => {
    const file = cluster.file(controller.name, path);
    if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return false;
    await mkdir(dirname(file), { recursive: true });
    await rm(file, { force: true });
    await writeFile(file, text, { mode });
    return true;
  };
  for (const from of paths) {
    const text = files.get(from);
    const to = TARGETS[from];
    if (text === undefined || to === undefined) throw new Error(`Kolla rendered no ${from} for ${controller.name}`);
    // Each service reads its own as its own user: prepare.sh gives it to that.
    if (await write(to, secrets.fill(text), to.endsWith('.sh') ? 0o755 : 0o644)) changed.push(from);
  }
  const names = HOSTS.map(({ address, name }) => `${address} ${name}`);
  await write('/etc/hosts', ['127.0.0.1 localhost', ...names, `${VIP} drill.example.org`, ''].join('\n'));
  for (const repository of ['fernet-keys', 'credential-keys']) {
    for (const index of ['0', '1']) {
      await write(`/etc/keystone/${repository}/${index}`, secrets.key(`${repository} ${index}`));
    }
  }
  await write('/var/lib/rabbitmq/.erlang.cookie', secrets.get('rabbitmq_cluster_cookie'), 0o400);
  return changed;
}

/** The programs of this lab, and what init.py shall start. */
export async function writeHost(cluster: NetnsCluster, host: string, services: readonly HostService[]): Promise<void> {
  const copy = async (from: string, to: string): Promise<void> => {
    for (const [path, text] of await filesBelow(join(HERE, from))) {
      const target = cluster.file(host, join(to, path));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
  };
  await copy('python', '/usr/lib/tandem');
  await copy('scripts', '/usr/lib/tandem');
  await copy('wsgi', '/usr/lib/tandem/wsgi');
  await writeServices(cluster, host, services);
}

/** What init.py starts, on a host that is on or off. @param stopped those that are not started when the host is switched on */
export async function writeServices(
  cluster: NetnsCluster,
  host: string,
  services: readonly HostService[],
  stopped: readonly string[] = [],
): Promise<void> {
  const sysctl = {
    'net/ipv4/ip_nonlocal_bind': 1,
    // As Kolla's own setting for hosts with HAProxy has it in the first; the second is not Kolla's.
    'net/ipv4/tcp_retries2': 8,
    'net/ipv4/tcp_syn_retries': 2,
  };
  const prepare = services.length === 0 ? [] : [['/bin/sh', '/usr/lib/tandem/prepare.sh']];
  const description = cluster.file(host, '/etc/tandem/host.json');
  await mkdir(dirname(description), { recursive: true });
  // In one go: init.py may read it at any moment.
  await writeFile(`${description}.new`, JSON.stringify({ sysctl, prepare, services, stopped }, undefined, 1));
  await rename(`${description}.new`, description);
}

async function filesBelow(directory: string): Promise<Files> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'));
  const pairs = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(directory, path), await readFile(path, 'utf8')] as const;
  });
  return new Map((await Promise.all(pairs)).sort(([one], [other]) => (one < other ? -1 : 1)));
}
