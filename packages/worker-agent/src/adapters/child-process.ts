import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { canStart } from '../command.ts';
import type { ProcessEnd, ProcessRunner, ProcessSpec } from '../ports.ts';
import type { Cell, Cells } from './cell.ts';

/** From asking a process to end until it is ended. */
const GRACE_MS = 5000;
const CLEANUP_MS = 60_000;

/**
 * Runs a command with all that it starts in a cell of its own. Input and output are files, not pipes: a job may write gigabytes, and
 * the agent holds none of it.
 */
export class ChildProcesses implements ProcessRunner {
  readonly #inherited: NodeJS.ProcessEnv;
  readonly #cells: Cells;

  constructor(inherited: NodeJS.ProcessEnv, cells: Cells) {
    this.#inherited = inherited;
    this.#cells = cells;
  }

  async run(spec: ProcessSpec): Promise<ProcessEnd> {
    if (spec.stop.aborted) return { kind: 'stopped' };
    const [program = ''] = spec.command;
    if (!canStart(program, this.#inherited['PATH'] ?? ''))
      return { kind: 'not-started', why: `there is no program '${program}'` };
    // At once and not by the thread pool: between two jobs, nothing else may come before the start of the second.
    const files = [openSync(spec.stdinFile, 'r')];
    try {
      files.push(openSync(spec.stdoutFile, 'w', 0o600), openSync(spec.stderrFile, 'w', 0o600));
      const cell = this.#cells.open(spec);
      const end = await this.#started(spec, cell, files);
      const outOfMemory = cell.ranOutOfMemory();
      // Whatever it left running is nobody's any more.
      await cell.clear();
      await this.#cleanUp(spec.cleanup);
      return outOfMemory && !(end.kind === 'exit' && end.code === 0) ? { kind: 'out-of-memory' } : end;
    } finally {
      for (const file of files) closeSync(file);
    }
  }

  #started(spec: ProcessSpec, cell: Cell, stdio: number[]): Promise<ProcessEnd> {
    const [program = '', ...args] = cell.command;
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
    const child = spawn(program, args, {
      cwd: spec.cwd,
      env: { ...this.#inherited, ...spec.env, ...cell.env },
      stdio,
      // A group of its own, so that what it started is asked to end with it, and Ctrl-C at the agent does not reach it.
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
      if (cause !== undefined) resolve({ kind: cause });
      else resolve(code === null ? { kind: 'killed', signal: signal ?? 'unknown' } : { kind: 'exit', code });
    });
    return promise.finally(() => {
      clearTimeout(timer);
      clearTimeout(force);
      spec.stop.removeEventListener('abort', onStop);
    });
  }

  /** A container of a daemon is no child of the agent, and ends by its daemon's word only. That it is gone already is no failure. */
  #cleanUp(command: readonly string[] | undefined): Promise<void> {
    const [program, ...args] = command ?? [];
    if (program === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      execFile(program, args, { env: this.#inherited, timeout: CLEANUP_MS }, () => resolve());
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
