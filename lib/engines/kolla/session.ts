import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, identifyProcess, type ProcessIdentity } from '../../state/process.ts';
import { growingFile } from '../growing-file.ts';

/**
 * A program in a session of its own, which goes on when this process ends: it writes to a file, and its exit code beside it. Files of a
 * run: `run.json` (what was started), `process.json` (who runs it), `output`, `exit`.
 */
export interface SessionRequest {
  /** Folder of this run alone. */
  readonly folder: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
}

/** The shell writes its own number first, so that no run is unknown, and becomes the parent of the program. */
const SCRIPT =
  'umask 077; trap : INT; echo $$ >"$0/pid"; "$@" >"$0/output" 2>&1 </dev/null; echo $? >"$0/exit.new"; mv "$0/exit.new" "$0/exit"';
const EVERY_MILLISECONDS = 100;

interface Started extends ProcessIdentity {
  readonly format: 'tandem.kolla-run/1';
  readonly since: string;
}

/** Whether a program runs there, ended with a code, ended without one (killed, or with its machine), or was never started. */
export function stateOf(folder: string): { readonly runs: boolean; readonly code?: number } | undefined {
  const code = codeIn(folder);
  if (code !== undefined) return { runs: false, code };
  const started = startedIn(folder);
  if (started === undefined) return undefined;
  if (!hasEnded(started)) return { runs: true };
  // It may have ended between the two looks.
  const late = codeIn(folder);
  return late === undefined ? { runs: false } : { runs: false, code: late };
}

function codeIn(folder: string): number | undefined {
  const exit = textOf(join(folder, 'exit')).trim();
  return exit === '' ? undefined : Number(exit);
}

/** Starts it, unless it runs there already, or has ended and nobody has seen it. */
export async function start(request: SessionRequest): Promise<void> {
  const { folder, program, args, environment, workingFolder } = request;
  const state = stateOf(folder);
  if (state?.runs === true || state?.code !== undefined) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const child = spawn('/bin/sh', ['-c', SCRIPT, folder, program, ...args], {
    ...{ cwd: workingFolder, env: environment, detached: true, stdio: 'ignore' },
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  child.unref();
  const known = (async () => {
    for (;;) {
      if (startedIn(folder) !== undefined || existsSync(join(folder, 'exit'))) return;
      await sleep(10);
    }
  })();
  await Promise.race([known, failed]);
}

/** The shell's number is in a file of its own; who that is, is written once by whoever sees it first. */
function startedIn(folder: string): Started | undefined {
  const file = join(folder, 'process.json');
  const written = textOf(file);
  if (written !== '') return JSON.parse(written) as Started;
  const processId = Number(textOf(join(folder, 'pid')).trim());
  if (!Number.isInteger(processId) || processId <= 0) return undefined;
  const started: Started = {
    format: 'tandem.kolla-run/1',
    ...identifyProcess(processId),
    since: new Date().toISOString(),
  };
  writeFileSync(file, JSON.stringify(started), { mode: 0o600 });
  return started;
}

/**
 * Follows it line by line to its end, from its beginning, whoever started it. An abort lets the task end that is under way (the next
 * `TASK` is where it stops, or two minutes later), then interrupts the whole session once, and waits for its end.
 * @returns exit code; 1 where it was killed
 */
export async function follow(folder: string, signal: AbortSignal, onLine: (line: string) => void): Promise<number> {
  const output = growingFile(join(folder, 'output'));
  let interruptAt = Number.POSITIVE_INFINITY;
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) return;
    interrupted = true;
    const started = startedIn(folder);
    if (started !== undefined && !hasEnded(started)) killGroup(started.processId);
  };
  try {
    for (;;) {
      const state = stateOf(folder);
      if (signal.aborted && interruptAt === Number.POSITIVE_INFINITY) interruptAt = Date.now() + 120_000;
      let fresh = false;
      for (const line of output.lines()) {
        fresh ||= line.startsWith('TASK [') || line.startsWith('PLAY ');
        onLine(line);
      }
      if (state?.code !== undefined) return state.code;
      if (state?.runs !== true) return 1;
      if (signal.aborted && (fresh || Date.now() > interruptAt)) interrupt();
      await sleep(EVERY_MILLISECONDS);
    }
  } finally {
    output.close();
  }
}

function killGroup(processId: number): void {
  try {
    process.kill(-processId, 'SIGINT');
  } catch {
    // It ended meanwhile.
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
