import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface CommandOptions {
  /** Standard output and error are appended here. */
  readonly log: string;
  readonly cwd?: string;
  /** @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Written to standard input, which is empty otherwise. */
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Politeness to others, 0 to 19. */
  readonly nice?: number;
}

/** Runs a program to its end; its output goes to a log. Rejects if it fails, or is ended by the signal. */
export async function runCommand(argv: readonly string[], options: CommandOptions): Promise<void> {
  const nice = options.nice === undefined ? [] : ['nice', '-n', String(options.nice)];
  // If this process is killed, what it runs is ended by the kernel.
  const args = ['--pdeathsig', 'KILL', '--', ...nice, ...argv];
  options.signal?.throwIfAborted();
  const log = openSync(options.log, 'a', 0o600);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn('setpriv', args, {
        cwd: options.cwd,
        env: options.env,
        // A group of its own: ending it ends what it started too.
        detached: true,
        stdio: [options.input === undefined ? 'ignore' : 'pipe', log, log],
      });
      const end = (): void => {
        if (child.pid !== undefined) killGroup(child.pid);
      };
      options.signal?.addEventListener('abort', end, { once: true });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        options.signal?.removeEventListener('abort', end);
        if (options.signal?.aborted === true) reject(options.signal.reason as Error);
        else if (code === 0) resolve();
        else
          reject(
            new Error(`${argv[0] ?? ''} ended with ${code === null ? `signal ${signal ?? ''}` : `exit code ${code}`}`),
          );
      });
      // A program that ends without reading breaks the pipe; its exit code says why.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(options.input);
    });
  } finally {
    closeSync(log);
  }
}

/** Standard output of a short program. */
export async function readCommand(
  argv: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<string> {
  const [program, ...args] = argv;
  if (program === undefined) throw new TypeError('an empty command');
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${program} ended with exit code ${code ?? 'none'}: ${err.trim().slice(-400)}`));
    });
  });
}

/** The last lines of a log, for an error message. */
export function logTail(path: string, lines = 12): string {
  try {
    const file = openSync(path, 'r');
    try {
      const size = fstatSync(file).size;
      const buffer = Buffer.alloc(Math.min(size, 8192));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      return buffer
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .slice(-lines)
        .map((line) => line.slice(0, 300))
        .join('\n');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
