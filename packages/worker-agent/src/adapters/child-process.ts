import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ProcessEnd, ProcessRunner, ProcessSpec } from '../ports.ts';

/** From asking a process to end until it is ended. */
const GRACE_MS = 5000;

/**
 * Runs a command in a process group of its own. Input and output are files, not pipes: a job may write gigabytes, and the agent
 * holds none of it.
 */
export class ChildProcesses implements ProcessRunner {
  readonly #inherited: NodeJS.ProcessEnv;

  constructor(inherited: NodeJS.ProcessEnv) {
    this.#inherited = inherited;
  }

  async run(spec: ProcessSpec): Promise<ProcessEnd> {
    if (spec.stop.aborted) return { kind: 'stopped' };
    // At once and not by the thread pool: between two jobs, nothing else may come before the start of the second.
    const files = [openSync(spec.stdinFile, 'r')];
    try {
      files.push(openSync(spec.stdoutFile, 'w', 0o600), openSync(spec.stderrFile, 'w', 0o600));
      return await this.#started(spec, files);
    } finally {
      for (const file of files) closeSync(file);
    }
  }

  #started(spec: ProcessSpec, stdio: number[]): Promise<ProcessEnd> {
    const [program = '', ...args] = spec.command;
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
    const child = spawn(program, args, {
      cwd: spec.cwd,
      env: { ...this.#inherited, ...spec.env },
      stdio,
      // A group of its own, so that what it started can be ended with it, and Ctrl-C at the agent does not reach it.
      detached: true,
    });
    let cause: 'timeout' | 'stopped' | undefined;
    let force: NodeJS.Timeout | undefined;
    const end = (why: 'timeout' | 'stopped'): void => {
      cause ??= why;
      signalGroup(child.pid, 'SIGTERM');
      force ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS);
    };
    const onStop = (): void => end('stopped');
    const timer = setTimeout(() => end('timeout'), spec.timeoutMs);
    spec.stop.addEventListener('abort', onStop, { once: true });
    child.once('error', (error) => resolve({ kind: 'not-started', why: error.message }));
    child.once('exit', (code, signal) => {
      // Whatever it left running is nobody's any more.
      signalGroup(child.pid, 'SIGKILL');
      if (cause !== undefined) resolve({ kind: cause });
      else resolve(code === null ? { kind: 'killed', signal: signal ?? 'unknown' } : { kind: 'exit', code });
    });
    return promise.finally(() => {
      clearTimeout(timer);
      clearTimeout(force);
      spec.stop.removeEventListener('abort', onStop);
    });
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}
