import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TandemError } from '../../lib/errors/tandem-error.ts';
import { labAborted, labDirectoryInUse, labFailed, labNoMemory, labNoSpace } from '../errors.ts';
import { takeLock } from '../openstack/lock.ts';
import { unmountBelow } from '../openstack/mounts.ts';
import { installPackages, packagesInstalled } from '../openstack/packages.ts';
import { requireDebian12, requireRoot, requireTools } from '../openstack/preflight.ts';
import type { OnLabProgress } from '../openstack/types.ts';
import type { HaTimers } from './adapt.ts';
import { writeController, writeHost } from './configure.ts';
import { firstFault } from './health.ts';
import { CLIENT, VIP } from './hosts.ts';
import { DEFAULT_HA_DIRECTORY, type HaLayout, haLayout } from './layout.ts';
import { everywhere, type HaMembers, hostsOf, keepMembers, STARTING } from './members.ts';
import { closeClusters, findCluster, type NetnsCluster, openCluster } from './netns-cluster.ts';
import { HA_PACKAGES } from './packages.ts';
import { availableMib, freeMib } from './resources.ts';
import { openSecrets } from './secrets.ts';
import { makeSeed, plantSeed } from './seed.ts';
import { until } from './until.ts';

export interface HaUpOptions {
  /** Timers of the database's load balancer and of OVN, from which predictions are made too. */
  readonly timers: HaTimers;
  /** @default - `/var/lib/tandem-lab-ha` */
  readonly directory?: string;
  /** Names of those that carry everything. @default - three */
  readonly controllers?: readonly string[];
  /** @default - progress is dropped */
  readonly onProgress?: OnLabProgress;
  /** Aborting stops what was started and rejects with `lab-aborted`; installed packages stay.
   * @default - not abortable */
  readonly signal?: AbortSignal;
}

/** Three controllers that run. */
export interface HaLab {
  readonly directory: string;
  readonly controllers: readonly { readonly name: string; readonly address: string; readonly rack: string }[];
  readonly vip: string;
  readonly logDirectory: string;
}

export interface HaUpResult {
  readonly lab: HaLab;
  readonly alreadyRunning: boolean;
  readonly seconds: number;
}

/** What a lab makes in its folder; anything else there belongs to somebody. */
const OWN_ENTRIES = new Set(['root', 'root.partial', 'root.json', 'cache', 'tools', 'state', 'log', 'run']);

/** In MiB: what three controllers with their disks take, and what packages take on disk. */
const MEMORY_MIB = 6144;
const PACKAGES_MIB = 5120;

/** Starts three controllers, unless they run; resolves when every service on each is healthy. */
export async function haUp(options: HaUpOptions): Promise<HaUpResult> {
  const begun = performance.now();
  const seconds = (): number => Math.round((performance.now() - begun) / 100) / 10;
  const say = (phase: string, message: string): void => options.onProgress?.({ phase, message, seconds: seconds() });
  const layout = haLayout(resolve(options.directory ?? DEFAULT_HA_DIRECTORY));
  const signal = options.signal ?? new AbortController().signal;

  requireRoot();
  await requireDebian12();
  requireTools();
  await requireOwnFolder(layout);
  await mkdir(layout.run, { recursive: true });
  const giveBack = await takeLock(layout);
  try {
    if (findCluster(layout) !== undefined && existsSync(layout.lab))
      return { lab: JSON.parse(await readFile(layout.lab, 'utf8')) as HaLab, alreadyRunning: true, seconds: seconds() };
    await clear(layout);
    let phase = 'preparation';
    try {
      const enter = (name: string, message: string): void => {
        phase = name;
        say(name, message);
      };
      await prepare(layout, signal, enter);
      const lab = await start(layout, options, signal, enter);
      await writeFile(layout.lab, JSON.stringify(lab, undefined, 2));
      say('ready', `running: ${lab.controllers.map(({ name }) => name).join(', ')}`);
      return { lab, alreadyRunning: false, seconds: seconds() };
    } catch (error) {
      await closeClusters(layout.directory);
      await rm(layout.tools, { recursive: true, force: true });
      if (signal.aborted) throw labAborted();
      throw error instanceof TandemError ? error : labFailed({ phase, log: layout.log }, error);
    }
  } finally {
    await giveBack();
  }
}

type Enter = (phase: string, message: string) => void;

async function prepare(layout: HaLayout, signal: AbortSignal, enter: Enter): Promise<void> {
  const memory = await availableMib();
  if (memory < MEMORY_MIB) throw labNoMemory({ availableMib: memory, neededMib: MEMORY_MIB });
  if (await packagesInstalled(layout, HA_PACKAGES)) return;
  const free = await freeMib(layout.directory);
  if (free < PACKAGES_MIB) throw labNoSpace({ directory: layout.directory, freeMib: free, neededMib: PACKAGES_MIB });
  enter('packages', 'installing Debian packages (once)');
  await installPackages(layout, signal, HA_PACKAGES);
  await rm(layout.tools, { recursive: true, force: true });
}

async function start(
  layout: HaLayout,
  { timers, controllers: names }: Pick<HaUpOptions, 'timers' | 'controllers'>,
  signal: AbortSignal,
  enter: Enter,
): Promise<HaLab> {
  const secrets = await openSecrets(layout);
  enter('cluster', 'creating network namespaces');
  const cluster = await openCluster(layout);
  if (!existsSync(layout.schemas)) {
    enter('seed', 'creating the database that every later start uses (once)');
    await makeSeed(cluster, layout, secrets, { timers, signal, say: (message) => enter('seed', message) });
  }
  enter('hosts', 'switching the hosts on');
  await writeHost(cluster, CLIENT.name, []);
  await cluster.powerOn(CLIENT);
  const members = names === undefined ? STARTING : everywhere(names);
  keepMembers(layout, members);
  const controllers = hostsOf(members);
  for (const [index, controller] of controllers.entries()) {
    await writeController(cluster, secrets, controller, timers, members);
    await plantSeed(cluster, layout, controller.name, index === 0);
    signal.throwIfAborted();
  }
  await Promise.all(controllers.map((controller) => cluster.powerOn(controller)));
  enter('services', 'waiting until every service on each host is healthy');
  await waitHealthy(cluster, members, signal);
  return {
    directory: layout.directory,
    controllers: controllers.map(({ name, address, rack }) => ({ name, address, rack })),
    vip: VIP,
    logDirectory: layout.log,
  };
}

async function waitHealthy(cluster: NetnsCluster, members: HaMembers, signal: AbortSignal): Promise<void> {
  await until(
    'healthy services on every controller',
    420,
    signal,
    async () => {
      const verdict = await firstFault(cluster, members);
      if (verdict !== undefined) throw new Error(verdict);
    },
    1000,
  );
}

async function requireOwnFolder(layout: HaLayout): Promise<void> {
  const entries = await readdir(layout.directory).catch(() => []);
  const foreign = entries.filter((name) => !OWN_ENTRIES.has(name));
  if (foreign.length > 0)
    throw labDirectoryInUse({ directory: layout.directory, found: foreign.slice(0, 3).join(', ') });
}

/** Whatever a killed `up`, or a reboot, left behind. */
async function clear(layout: HaLayout): Promise<void> {
  await closeClusters(layout.directory);
  await unmountBelow(layout.directory);
  for (const path of [layout.lab, layout.tools, layout.log, layout.state])
    await rm(path, { recursive: true, force: true });
  for (const path of [layout.log, layout.tools, layout.state]) await mkdir(path, { recursive: true });
}
