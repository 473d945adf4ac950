import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One run of a command. */
export interface Run {
  readonly seconds: number;
  /** Largest sum of resident memory over the process and its descendants, in MB. */
  readonly megabytes: number;
  readonly output: string;
}

export interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end. @throws Error with what it printed, where it fails */
export function runOnce(command: Command): Promise<Run> {
  const [file = '', ...args] = command.args;
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: command.cwd,
    env: { ...process.env, NO_COLOR: '1', ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, kilobytes] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const timer = setInterval(() => {
    kilobytes = Math.max(kilobytes, residentBelow(child.pid ?? 0));
  }, 40);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - started) / 1000;
      if (code === 0) resolve({ seconds, megabytes: Math.round(kilobytes / 1000), output: stdout });
      else reject(new Error(`${command.args.join(' ')} ended with ${code}:\n${stderr.slice(-3000)}`));
    });
  });
}

/** Kilobytes resident in a process and everything below it. */
function residentBelow(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : '';
    const [, parent] = /^\d+ \(.*\) \S (\d+)/s.exec(stat) ?? [];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (pid: number): boolean => pid === root || (parents.has(pid) && isBelow(parents.get(pid) ?? 0));
  let sum = 0;
  for (const pid of parents.keys()) {
    if (isBelow(pid)) sum += Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  }
  return sum;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Runs two things in turn, so that a busy moment of the machine meets both. */
export async function alternate(
  repetitions: number,
  left: () => Promise<Run>,
  right: () => Promise<Run>,
): Promise<{ left: Run[]; right: Run[] }> {
  const runs = { left: [] as Run[], right: [] as Run[] };
  for (let index = 0; index < repetitions; index += 1) {
    // Whoever goes first finds colder caches: take turns in that as well.
    if (index % 2 === 0) runs.left.push(await left());
    runs.right.push(await right());
    if (index % 2 === 1) runs.left.push(await left());
  }
  return runs;
}
