import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Ends the process with SIGKILL. @default - none */
  readonly timeoutMs?: number;
}

/** A process to its end, whatever that is. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [program = '', ...rest] = command;
  return new Promise((done, refuse) => {
    const child = execFile(
      program,
      rest,
      {
        env: { ...process.env, ...options.environment },
        maxBuffer: 64 * 1024 * 1024,
        killSignal: 'SIGKILL',
        ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
      },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code === 'string')
          refuse(new Error(`${program} does not start`, { cause: error }));
        else done({ code: error === null ? 0 : Number(error.code ?? 137), stdout, stderr });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** As `run`. @throws where it does not end with 0, with what it said */
export async function must(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, options);
  if (code !== 0)
    throw new Error(`${command.join(' ')} ended with ${code}\n${stderr.slice(-4000)}\n${stdout.slice(-4000)}`);
  return stdout;
}

/** A process that ends with this one, whatever ends this one. Its group is its own, so that Ctrl-C reaches this one first. */
export function spawnWith(command: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { stdio: 'pipe', detached: true });
}
