import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { labSandboxFailed } from '../errors.ts';
import { logTail, readCommand, runCommand } from '../openstack/command.ts';
import { allProcesses, childrenOf, commandLine, identify, isAlive, type ProcessId } from '../openstack/process-id.ts';
import type { HaLayout } from './layout.ts';

const SCRIPTS = join(import.meta.dirname, 'scripts');
const SWITCH = join(SCRIPTS, 'switch.sh');
const ENVIRONMENT = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'PYTHONDONTWRITEBYTECODE=1'];

/** A host of the cluster: its place on the network, without what runs on it. */
export interface Node {
  readonly name: string;
  readonly address: string;
  /** Number of its own, 1 to 254: its hardware address is made of it. */
  readonly number: number;
}

/** A switch and hosts in name spaces of their own. Hosts can be switched on, switched off and cut off from the switch. */
export class NetnsCluster {
  readonly layout: HaLayout;
  /** Process 1 of the outermost name spaces. */
  readonly init: ProcessId;

  constructor(layout: HaLayout, init: ProcessId) {
    this.layout = layout;
    this.init = init;
  }

  /** A path on a host's disk, on or off, as seen from outside: what was written, without the packages below. */
  disk(host: string, path: string): string {
    return `/proc/${this.init.pid}/root/lab/hosts/${host}/upper${path}`;
  }

  /** A path on a host that is on, the packages included. @throws Error where it is off */
  path(host: string, path: string): string {
    return `/proc/${this.#require(host).pid}/root${path}`;
  }

  /** A path on a host's disk: what is written there is seen on it, whether it is on or off. */
  file(host: string, path: string): string {
    return this.find(host) === undefined ? this.disk(host, path) : this.path(host, path);
  }

  log(name: string): string {
    return join(this.layout.log, `${name}.log`);
  }

  /** Process 1 of a host; undefined where it is off. Its command line names the host until `init.py` takes over. */
  find(host: string): ProcessId | undefined {
    // Entered from outside, its parent is not in here; so all are searched, and a host of another cluster is told apart by its name space.
    const here = nameSpace(this.init.pid);
    const starter = allProcesses().find((pid) => isStarter(pid, host) && nameSpace(pid) === here);
    const first = starter === undefined ? undefined : childrenOf(starter)[0];
    return first === undefined ? undefined : identify(first);
  }

  /** Switches a host on. Resolves when its process 1 runs, before its services do. */
  async powerOn(node: Node): Promise<void> {
    const mac = `02:66:00:00:00:${node.number.toString(16).padStart(2, '0')}`;
    const log = openSync(this.log(`${node.name}-power`), 'a', 0o600);
    const [program = '', ...args] = this.#inSwitch([
      '/bin/sh',
      '/lab/scripts/power-on.sh',
      node.name,
      node.address,
      mac,
    ]);
    const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], cwd: '/' });
    closeSync(log);
    child.unref();
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline && child.exitCode === null) {
      const first = this.find(node.name);
      if (first !== undefined && existsSync(`/proc/${first.pid}/root/run/tandem/ready`)) return;
      await sleep(50);
    }
    throw labSandboxFailed({ logTail: logTail(this.log(`${node.name}-power`)) || `${node.name} did not start` });
  }

  /** Switches a host off: its link goes down first, so that no process can close a connection. */
  async powerOff(host: string): Promise<void> {
    const first = this.find(host);
    if (first === undefined) return;
    await this.inSwitch(['ip', 'link', 'set', `p-${host}`, 'down', 'nomaster']);
    kill(first.pid);
    while (isAlive(first)) await sleep(10);
  }

  /** Removes the host's port from the switch; on the host the link stays up, as behind a switch of its own. */
  async cut(host: string): Promise<void> {
    await this.inSwitch(['ip', 'link', 'set', `p-${host}`, 'nomaster']);
  }

  async heal(host: string): Promise<void> {
    await this.inSwitch(['ip', 'link', 'set', `p-${host}`, 'master', 'rack']);
  }

  /** Stops all of a host's processes but process 1, which nothing could continue, and continues them after a while. */
  async stall(host: string, seconds: number): Promise<void> {
    // -1: everything that this shell may signal, in its process name space, except process 1 and itself.
    await this.read(host, ['sh', '-c', `kill -STOP -1; sleep ${seconds}; kill -CONT -1`]);
  }

  /** Standard output of a program in the switch's name spaces. */
  async inSwitch(argv: readonly string[]): Promise<string> {
    return await readCommand(this.#inSwitch(argv));
  }

  /** Standard output of a short program on a host. */
  async read(host: string, argv: readonly string[], user = 'root'): Promise<string> {
    return await readCommand(this.argv(host, argv, user));
  }

  /** Runs a program on a host to its end; what it prints goes to the log `name`. */
  async run(
    host: string,
    argv: readonly string[],
    options: { name: string; user?: string; input?: string; signal?: AbortSignal },
  ): Promise<void> {
    const { name, user = 'root', ...rest } = options;
    await runCommand(this.argv(host, argv, user), { log: this.log(name), ...rest });
  }

  /** Runs a short program on a host to its end, whatever that is; 124 where the time was over. */
  async attempt(
    host: string,
    argv: readonly string[],
    { user = 'root', input = '', seconds = 60 }: { user?: string; input?: string; seconds?: number } = {},
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
    const [program = '', ...args] = this.argv(host, ['timeout', '--kill-after=5', String(seconds), ...argv], user);
    return await new Promise((fulfil, reject) => {
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
      const said = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      child.once('error', reject);
      child.once('close', (code) => fulfil({ code: code ?? 137, ...said }));
    });
  }

  /** The command line, seen from outside, that runs a program on a host. */
  argv(host: string, argv: readonly string[], user = 'root'): readonly string[] {
    return [
      'nsenter',
      `--target=${this.#require(host).pid}`,
      ...['--mount', '--pid', '--uts', '--ipc', '--net', '--root', '--wd', '--'],
      ...['/usr/bin/setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--'],
      ...['/usr/bin/env', '-i', ...ENVIRONMENT, `HOME=${user === 'root' ? '/root' : '/tmp'}`],
      ...argv,
    ];
  }

  #inSwitch(argv: readonly string[]): readonly string[] {
    return [
      'nsenter',
      `--target=${this.init.pid}`,
      ...['--mount', '--pid', '--uts', '--net', '--root', '--wd', '--'],
      ...['/usr/bin/env', '-i', ...ENVIRONMENT],
      ...argv,
    ];
  }

  #require(host: string): ProcessId {
    const first = this.find(host);
    if (first === undefined) throw new Error(`${host} is off`);
    return first;
  }
}

function isStarter(pid: number, host: string): boolean {
  const line = commandLine(pid);
  return line[0] === 'unshare' && line.at(-1) === host && line.at(-2) === '/lab/scripts/host.sh';
}

function nameSpace(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}

export async function openCluster(layout: HaLayout): Promise<NetnsCluster> {
  await mkdir(layout.state, { recursive: true });
  const log = openSync(join(layout.log, 'switch.log'), 'w', 0o600);
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--pid', '--net', '--uts', '--fork', '--kill-child=SIGKILL', '--'],
      ...['/bin/sh', SWITCH, layout.directory, SCRIPTS],
    ],
    { detached: true, stdio: ['ignore', log, log], cwd: '/' },
  );
  closeSync(log);
  child.unref();
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline && child.exitCode === null && child.pid !== undefined) {
    const cluster = findCluster(layout);
    if (cluster !== undefined && existsSync(`/proc/${cluster.init.pid}/root/run/lab-ready`)) return cluster;
    await sleep(50);
  }
  await closeClusters(layout.directory);
  throw labSandboxFailed({ logTail: logTail(join(layout.log, 'switch.log')) || 'no reason was given' });
}

/** The running cluster of this folder, found by its command line, even where its record was lost. */
export function findCluster(layout: HaLayout): NetnsCluster | undefined {
  const [outer] = outermost(layout.directory);
  const first = outer === undefined ? undefined : childrenOf(outer)[0];
  const init = first === undefined ? undefined : identify(first);
  return init === undefined ? undefined : new NetnsCluster(layout, init);
}

/** The kernel ends every process and drops every mount, interface and name space below process 1. Resolves when it has. */
export async function closeClusters(directory: string): Promise<boolean> {
  const found = outermost(directory).flatMap((pid) => [...childrenOf(pid), pid]);
  const ids = found.map(identify).filter((id) => id !== undefined);
  for (const { pid } of ids) kill(pid);
  while (ids.some(isAlive)) await sleep(20);
  return ids.length > 0;
}

function outermost(directory: string): readonly number[] {
  return allProcesses().filter((pid) => {
    const line = commandLine(pid);
    return (
      line[0] === 'unshare' && line.at(-2) === directory && line.at(-3)?.endsWith('/ha/scripts/switch.sh') === true
    );
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
