import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { growingFile } from './growing-file.ts';

export interface RunRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Passed on as one interrupt; the process is then waited for, however long its clean stop takes. */
  readonly signal: AbortSignal;
  /** Told the process's number once it runs. */
  readonly onStart?: (processId: number) => void;
}

export interface RunResult {
  readonly code: number;
  readonly stderr: string;
  /** By a signal, before it could tidy up. */
  readonly isKilled: boolean;
}

/** State and plans hold secrets: nobody else may read what the process writes. */
const PRIVATELY = ['-c', 'umask 077; exec "$0" "$@"'];

/** Runs to the end, line by line on its standard output. */
export async function runLines(request: RunRequest, onLine: (line: string) => void): Promise<RunResult> {
  const child = start(request, ['ignore', 'pipe', 'pipe']);
  const stop = interruptOn(request.signal, child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  try {
    for await (const line of createInterface({ input: child.stdout })) onLine(line);
    const [code] = await closed;
    return { code: code ?? 1, stderr, isKilled: code === null };
  } finally {
    stop();
  }
}

/**
 * Runs with its output in a file, which is followed: should this process be killed, the other one finishes its work and notes it in
 * the state, where a broken pipe would end it in the middle. The file is removed at the end.
 */
export async function* runFollowed(request: RunRequest, outputFile: string): AsyncGenerator<string, RunResult> {
  const errorFile = `${outputFile}.err`;
  const handles = [openSync(outputFile, 'w', 0o600), openSync(errorFile, 'w', 0o600)];
  const child = start(request, ['ignore', handles[0] ?? 'ignore', handles[1] ?? 'ignore']);
  for (const handle of handles) closeSync(handle);
  const stop = interruptOn(request.signal, child);
  const closed = once(child, 'close') as Promise<[number | null]>;
  let code: number | undefined;
  let isKilled = false;
  closed.then(
    ([exit]) => {
      isKilled = exit === null;
      code = exit ?? 1;
    },
    () => void (code = 1),
  );
  const output = growingFile(outputFile);
  try {
    for (let ended = false; !ended; ) {
      ended = code !== undefined;
      yield* output.lines();
      if (!ended) await Promise.race([closed.catch(() => undefined), sleep(100)]);
    }
    const stderr = growingFile(errorFile);
    const text = [...stderr.lines()].join('\n');
    stderr.close();
    return { code: code ?? 1, stderr: text, isKilled };
  } finally {
    stop();
    output.close();
    if (code !== undefined) for (const file of [outputFile, errorFile]) rmSync(file, { force: true });
  }
}

function start(request: RunRequest, stdio: ('ignore' | 'pipe' | number)[]) {
  // Detached: a terminal's Ctrl-C must not reach it besides the one interrupt that is passed on, since a second one kills it.
  const child = spawn('/bin/sh', [...PRIVATELY, request.program, ...request.args], {
    ...{ cwd: request.folder, env: request.environment, detached: true },
    stdio: stdio as ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) request.onStart?.(child.pid);
  return child;
}

function interruptOn(signal: AbortSignal, child: { kill(signal: 'SIGINT'): boolean }): () => void {
  const interrupt = (): void => void child.kill('SIGINT');
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  return () => signal.removeEventListener('abort', interrupt);
}
