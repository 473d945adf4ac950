import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeNamespace, type Place, setLink } from './place.ts';
import { must, type Ran, run, spawnWith } from './run.ts';

export interface ServerPlan {
  readonly name: string;
  readonly tier: string;
  /** From 1. */
  readonly index: number;
  readonly zone: string;
  /** Among all servers of the lease, from 0. */
  readonly at: number;
  /** Lower folders of its root. */
  readonly lower: string;
  /** Sizes of its volumes in MiB, by id. */
  readonly volumes: Readonly<Record<string, number>>;
  /** Address, where its network is not the place's own. @default - the place's, by `at` */
  readonly address?: string;
  /** Makes its network namespace and what it is joined to. @default - one interface on the bridge of this machine */
  readonly connect?: () => Promise<void>;
  /** What is done at each boot as soon as systemd is there. @default - nothing */
  readonly begun?: (server: FormedServer) => Promise<void>;
}

export interface ExecOptions {
  /** @default 'root' */
  readonly user?: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Another network namespace of this machine that it runs in, by name. @default - the server's */
  readonly network?: string;
  /** @default 300000 */
  readonly timeoutMs?: number;
}

/** A server that systemd of Debian runs in namespaces of its own: root, network, processes, name. */
export class FormedServer {
  readonly name: string;
  readonly tier: string;
  readonly index: number;
  readonly zone: string;
  readonly address: string;
  readonly #place: Place;
  readonly #plan: ServerPlan;
  readonly #folder: string;
  #metadataService: ChildProcessWithoutNullStreams | undefined;
  #init: number | undefined;
  #unshare: ChildProcessWithoutNullStreams | undefined;
  #said = '';

  constructor(place: Place, plan: ServerPlan) {
    this.name = plan.name;
    this.tier = plan.tier;
    this.index = plan.index;
    this.zone = plan.zone;
    this.address = plan.address ?? place.address(plan.at);
    this.#place = place;
    this.#plan = plan;
    this.#folder = join(place.folder, plan.name);
  }

  /** The server as it is before its first boot. */
  async make(): Promise<void> {
    for (const folder of ['upper/etc/systemd/system', 'work', 'root', 'volumes', 'disks'])
      mkdirSync(join(this.#folder, folder), { recursive: true });
    const upper = join(this.#folder, 'upper');
    writeFileSync(join(upper, 'etc/hostname'), `${this.name}\n`);
    writeFileSync(join(upper, 'etc/hosts'), `127.0.0.1 localhost\n127.0.1.1 ${this.name}\n`);
    writeFileSync(join(upper, 'etc/machine-id'), `${crypto.randomUUID().replaceAll('-', '')}\n`);
    writeFileSync(join(upper, 'etc/resolv.conf'), '');
    for (const [id, sizeMiB] of Object.entries(this.#plan.volumes)) {
      const file = join(this.#folder, 'disks', id);
      await must(['truncate', '--size', `${sizeMiB}M`, file]);
      const device = await must(['losetup', '--find', '--show', file]);
      symlinkSync(device.trim(), join(this.#folder, 'volumes', id));
    }
    await (this.#plan.connect?.() ?? makeNamespace(this.#place, this.#plan.at));
  }

  /** What the metadata service answers from now on. */
  async tell(metadata: object): Promise<void> {
    const isNew = this.#metadataService === undefined;
    const service = (this.#metadataService ??= this.#serveMetadata());
    service.stdin.write(`${JSON.stringify(metadata)}\n`);
    if (isNew) await once(service.stdout, 'data');
  }

  #serveMetadata(): ChildProcessWithoutNullStreams {
    const base = this.#plan.lower.split(':').at(-1) ?? '';
    const program = readFileSync(join(import.meta.dirname, 'metadata-service.py'), 'utf8');
    const namespace = `--net=/run/netns/${this.#place.namespace(this.#plan.at)}`;
    return spawnWith(['nsenter', namespace, 'chroot', base, '/usr/bin/python3', '-c', program]);
  }

  /** Power on: systemd comes up, and has started what is enabled. */
  async boot(): Promise<void> {
    const { at, lower } = this.#plan;
    const namespace = this.#place.namespace(at);
    const group = `tandem-form-${this.#place.number}/${at}`;
    const started = spawnWith([
      'bash',
      join(import.meta.dirname, 'server.sh'),
      namespace,
      group,
      lower,
      this.#folder,
      this.name,
    ]);
    this.#unshare = started;
    const keep = (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-4000);
    };
    started.stderr.on('data', keep);
    started.stdout.on('data', keep);
    await this.#untilUp(started);
  }

  async #untilUp(started: ChildProcessWithoutNullStreams): Promise<void> {
    let begun = false;
    for (let tries = 0; tries < 600; tries += 1) {
      if (started.exitCode !== null || started.signalCode !== null)
        throw new Error(`${this.name} did not start: ${this.#said}`);
      this.#init = initBelow(started.pid ?? 0);
      if (this.#init !== undefined) {
        if (!begun) await this.#plan.begun?.(this);
        begun = true;
        const { stdout } = await this.exec(['systemctl', 'is-system-running', '--wait']);
        if (/^(running|degraded)/.test(stdout)) return;
      }
      await sleep(100);
    }
    throw new Error(`${this.name} did not come up: ${this.#said}`);
  }

  /** A command on the server, to its end. */
  async exec(command: readonly string[], options: ExecOptions = {}): Promise<Ran> {
    if (this.#init === undefined) throw new Error(`${this.name} is off`);
    const { user = 'root', input, environment = {}, network, timeoutMs = 300_000 } = options;
    const as = user === 'root' ? [] : ['runuser', '--user', user, '--'];
    const variables = Object.entries({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LANG: 'C.UTF-8',
      HOME: '/root',
      ...environment,
    });
    const inside = [
      'nsenter',
      '--target',
      String(this.#init),
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      network === undefined ? '--net' : `--net=/run/netns/${network}`,
      '--cgroup',
      '--root',
      '--wdns=/',
    ];
    // `nsenter` leaves a working directory of this machine's root.
    const env = ['/usr/bin/env', '-i', '--chdir=/', ...variables.map(([key, value]) => `${key}=${value}`)];
    return run([...inside, ...env, ...as, ...command], { timeoutMs, ...(input === undefined ? {} : { input }) });
  }

  /** As `exec`. @throws where it does not end with 0 */
  async must(command: readonly string[], options: ExecOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.exec(command, options);
    if (code !== 0) throw new Error(`${this.name}: ${command.join(' ')} ended with ${code}\n${stderr}\n${stdout}`);
    return stdout;
  }

  /** Power off, at once: SIGKILL to everything on it. Its disks stay. */
  async kill(): Promise<void> {
    const unshare = this.#unshare;
    if (this.#init === undefined || unshare === undefined) return;
    const ended = new Promise<void>((done) => {
      if (unshare.exitCode !== null || unshare.signalCode !== null) done();
      else unshare.once('exit', () => done());
    });
    process.kill(this.#init, 'SIGKILL');
    this.#init = undefined;
    await ended;
  }

  /** Off the network. */
  async cut(): Promise<void> {
    await setLink(this.#place, this.#plan.at, 'down');
  }

  /** Back on it. */
  async heal(): Promise<void> {
    await setLink(this.#place, this.#plan.at, 'up');
  }

  /** The end of what its units said. */
  async journal(lines = 60): Promise<string> {
    const { stdout } = await this.exec(['journalctl', '--no-pager', '--lines', String(lines)]);
    return stdout;
  }

  async end(): Promise<void> {
    await this.kill();
    this.#metadataService?.kill('SIGKILL');
  }
}

/** The first process inside: systemd, once the scripts before it have become it. */
function initBelow(pid: number): number | undefined {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    if (child === undefined || child === 0) return undefined;
    return readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'systemd' ? child : undefined;
  } catch {
    return undefined;
  }
}
