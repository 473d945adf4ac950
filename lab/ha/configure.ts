import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type AdaptationHost, type Applied, adapt, type Files, type HaTimers } from './adapt.ts';
import { ADAPTATIONS, TARGETS } from './adaptations.ts';
import { CONTROLLERS, type Controller, VIP } from './hosts.ts';
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

/** What a controller is given: Kolla's files for it, adapted. @param rendered folder with one folder a host */
export async function configured(
  controller: Controller,
  timers: HaTimers,
  rendered: string = RENDERED,
): Promise<Configured> {
  const files = await filesBelow(join(rendered, controller.name));
  return adapt(files, ADAPTATIONS, adaptationHost(controller, timers));
}

export function adaptationHost({ name, address }: Controller, timers: HaTimers): AdaptationHost {
  return { name, address, vip: VIP, timers, peers: CONTROLLERS.filter((peer) => peer.name !== name) };
}

/** Writes everything onto a controller's disk, while it is off. */
export async function writeController(
  cluster: NetnsCluster,
  secrets: HaSecrets,
  controller: Controller,
  timers: HaTimers,
): Promise<void> {
  const { files } = await configured(controller, timers);
  const write = async (path: string, text: string, mode = 0o644): Promise<void> => {
    await mkdir(dirname(cluster.disk(controller.name, path)), { recursive: true });
    await writeFile(cluster.disk(controller.name, path), text, { mode });
  };
  for (const [from, to] of Object.entries(TARGETS)) {
    const text = files.get(from);
    if (text === undefined) throw new Error(`Kolla rendered no ${from} for ${controller.name}`);
    // Each service reads its own as its own user; init.py runs prepare.sh first.
    await write(to, secrets.fill(text), to.endsWith('.sh') ? 0o755 : 0o644);
  }
  const names = CONTROLLERS.map(({ address, name }) => `${address} ${name}`);
  await write('/etc/hosts', ['127.0.0.1 localhost', ...names, `${VIP} drill.example.org`, ''].join('\n'));
  for (const repository of ['fernet-keys', 'credential-keys']) {
    for (const index of ['0', '1']) {
      await write(`/etc/keystone/${repository}/${index}`, secrets.key(`${repository} ${index}`));
    }
  }
  await write('/var/lib/rabbitmq/.erlang.cookie', secrets.get('rabbitmq_cluster_cookie'), 0o400);
  await writeHost(cluster, controller.name, controllerServices(controller, timers));
}

/** The programs of this lab, and what init.py shall start. */
export async function writeHost(cluster: NetnsCluster, host: string, services: readonly HostService[]): Promise<void> {
  const copy = async (from: string, to: string): Promise<void> => {
    for (const [path, text] of await filesBelow(join(HERE, from))) {
      const target = cluster.disk(host, join(to, path));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
  };
  await copy('python', '/usr/lib/tandem');
  await copy('scripts', '/usr/lib/tandem');
  await copy('wsgi', '/usr/lib/tandem/wsgi');
  const sysctl = {
    'net/ipv4/ip_nonlocal_bind': 1,
    // As Kolla's own setting for hosts with HAProxy has it in the first; the second is not Kolla's.
    'net/ipv4/tcp_retries2': 8,
    'net/ipv4/tcp_syn_retries': 2,
  };
  const prepare = services.length === 0 ? [] : [['/bin/sh', '/usr/lib/tandem/prepare.sh']];
  const description = cluster.disk(host, '/etc/tandem/host.json');
  await mkdir(dirname(description), { recursive: true });
  await writeFile(description, JSON.stringify({ sysctl, prepare, services }, undefined, 1));
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
