import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { labSandboxFailed, labServiceFailed } from '../errors.ts';
import { logTail, readCommand, runCommand } from './command.ts';
import type { LabLayout } from './layout.ts';
import { allProcesses, childrenOf, commandLine, identify, isAlive, type ProcessId } from './process-id.ts';

const SCRIPT = join(import.meta.dirname, 'scripts', 'sandbox.sh');
const ENVIRONMENT = [
  'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  'LANG=C.UTF-8',
  'PYTHONDONTWRITEBYTECODE=1',
  // Each worker formats two hundred deprecations of policy rules otherwise, for seconds.
  'PYTHONWARNINGS=ignore',
];

export interface RunInside {
  /** User and group inside the lab. */
  readonly user: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Mount, process and host namespaces of the lab. Network and users are the machine's. */
export class Sandbox {
  readonly init: ProcessId;
  readonly #layout: LabLayout;

  constructor(layout: LabLayout, init: ProcessId) {
    this.#layout = layout;
    this.init = init;
  }

  /** A path inside, as seen from outside. */
  path(inside: string): string {
    return `/proc/${this.init.pid}/root${inside}`;
  }

  async write(inside: string, text: string, mode = 0o644): Promise<void> {
    await mkdir(dirname(this.path(inside)), { recursive: true });
    await writeFile(this.path(inside), text, { mode });
  }

  log(name: string): string {
    return join(this.#layout.log, `${name}.log`);
  }

  /** Runs a program inside to its end. */
  async run(name: string, inside: RunInside, options: { input?: string; signal?: AbortSignal } = {}): Promise<void> {
    const log = this.log(name);
    try {
      await runCommand(this.argv(inside), { log, ...options });
    } catch (error) {
      options.signal?.throwIfAborted();
      throw labServiceFailed({ service: name, reason: 'could not be run', logTail: logTail(log), log }, error);
    }
  }

  async read(inside: RunInside): Promise<string> {
    return await readCommand(this.argv(inside));
  }

  /** Starts a service; it outlives this process, and ends with the sandbox. */
  start(name: string, inside: RunInside): ChildProcess {
    const [program = '', ...args] = this.argv(inside);
    const log = openSync(this.log(name), 'a', 0o600);
    try {
      const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], cwd: '/' });
      child.unref();
      return child;
    } finally {
      closeSync(log);
    }
  }

  /** The command line, seen from outside, that runs a program inside. */
  argv(inside: RunInside): readonly string[] {
    const variables = Object.entries(inside.env ?? {}).map(([name, value]) => `${name}=${value}`);
    const home = inside.env?.['HOME'] === undefined ? [`HOME=${inside.user === 'root' ? '/root' : '/tmp'}`] : [];
    return [
      'nsenter',
      `--target=${this.init.pid}`,
      '--mount',
      '--pid',
      '--uts',
      '--root',
      '--wd',
      '--',
      '/usr/bin/setpriv',
      `--reuid=${inside.user}`,
      `--regid=${inside.user}`,
      '--init-groups',
      '--',
      '/usr/bin/env',
      '-i',
      ...ENVIRONMENT,
      ...home,
      ...variables,
      ...inside.argv,
    ];
  }
}

export async function startSandbox(layout: LabLayout): Promise<Sandbox> {
  await mkdir(layout.state, { recursive: true });
  const log = openSync(join(layout.log, 'sandbox.log'), 'w', 0o600);
  const child = spawn(
    'unshare',
    ['--mount', '--pid', '--uts', '--fork', '--kill-child=SIGKILL', '--', '/bin/sh', SCRIPT, layout.directory],
    { detached: true, stdio: ['ignore', log, log], cwd: '/' },
  );
  closeSync(log);
  child.unref();
  let failure: unknown;
  child.once('error', (error) => (failure = error));
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline && failure === undefined && child.exitCode === null) {
    const init = child.pid === undefined ? undefined : childrenOf(child.pid)[0];
    const id = init === undefined ? undefined : identify(init);
    if (id !== undefined && existsSync(`/proc/${id.pid}/root/run/lab-ready`)) {
      await writeFile(layout.sandbox, JSON.stringify(id));
      return new Sandbox(layout, id);
    }
    await sleep(50);
  }
  await stopSandboxes(layout.directory);
  throw labSandboxFailed({ logTail: logTail(join(layout.log, 'sandbox.log')) || 'no reason was given' }, failure);
}

/** Every sandbox of this directory, also one whose record was lost: their command line names it. */
export function findSandboxes(directory: string): readonly number[] {
  return allProcesses().filter((pid) => {
    const line = commandLine(pid);
    return line[0] === 'unshare' && line.at(-1) === directory && line.at(-2)?.endsWith('/scripts/sandbox.sh') === true;
  });
}

/** The kernel ends every process inside, and drops every mount, when process 1 ends. */
export async function stopSandboxes(directory: string): Promise<boolean> {
  const found = findSandboxes(directory).flatMap((pid) => [...childrenOf(pid), pid]);
  const ids = found.map(identify).filter((id) => id !== undefined);
  for (const id of ids) {
    try {
      process.kill(id.pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  while (ids.some(isAlive)) await sleep(20);
  return ids.length > 0;
}
