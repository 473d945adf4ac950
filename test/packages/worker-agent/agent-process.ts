import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { LabInstance } from '../../../lab/aws/model/instances.ts';
import type { LabCluster } from './cluster.ts';

/** As the unit that the user data write. */
export const NODE_FLAGS = ['--lite-mode', '--max-semi-space-size=1', '--max-old-space-size=64'];

export interface AgentProcess {
  readonly child: ChildProcess;
  readonly instance: LabInstance;
  readonly ended: Promise<number | null>;
  /** Everything logged so far. */
  log(): string;
  /** Largest resident memory so far, in MB, as the kernel counts it. */
  peakMegabytes(): number;
}

/** Starts the bundled agent as systemd would, on an instance of its own or a given one. */
export async function startAgent(
  cluster: LabCluster,
  bundle: string,
  config: string | readonly string[],
  on?: { instance: LabInstance; metadataUrl: string },
  more: Readonly<Record<string, string>> = {},
): Promise<AgentProcess> {
  const { instance, metadataUrl } = on ?? (await cluster.launch());
  const { TANDEM_TEST_CGROUP: group, ...env } = more;
  const command = [process.execPath, ...NODE_FLAGS, bundle, ...(typeof config === 'string' ? [config] : config)];
  // systemd starts a unit in its control group; here a shell enters it.
  const enter = ['/bin/sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', group ?? ''];
  const [program = '', ...args] = group === undefined ? command : [...enter, ...command];
  const child = spawn(program, args, {
    env: { ...cluster.environment(metadataUrl), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    ...{ child, instance, ended },
    log: () => text,
    peakMegabytes: () => {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? NaN) / 1000;
    },
  };
}

/** Waits until it holds. @throws Error that says what was waited for */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = performance.now() + seconds * 1000; !(await holds()); ) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
