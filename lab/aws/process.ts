import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { labPortTaken, labServiceFailed } from '../errors.ts';
import { identify, isAlive, type ProcessId } from '../openstack/process-id.ts';

const DEFAULT_AWS_LAB_DIRECTORY = '.tandem/lab-aws';
const DEFAULT_PORT = 4566;

export interface LabAwsOptions {
  /** Where the process file and the log are kept. @default '.tandem/lab-aws' */
  readonly directory?: string;
  /** @default 4566 */
  readonly port?: number;
  /** What identifiers, and all that is drawn, follow from. @default 'tandem' */
  readonly seed?: string;
}

export interface LabAws {
  readonly url: string;
  readonly pid: number;
  readonly log: string;
  /** False if it ran already. */
  readonly started: boolean;
}

export type LabAwsStatus =
  | { readonly state: 'stopped' }
  | { readonly state: 'running' | 'broken'; readonly url: string; readonly pid: number; readonly log: string };

interface Running {
  readonly process: ProcessId;
  readonly url: string;
}

/** Starts the endpoint as a process of its own that outlives the caller; does nothing if it runs. */
export async function labAwsUp(options: LabAwsOptions = {}): Promise<LabAws> {
  const files = filesIn(options);
  const running = await readRunning(files.state);
  if (running !== undefined && (await answers(running.url)))
    return { url: running.url, pid: running.process.pid, log: files.log, started: false };
  const port = options.port ?? DEFAULT_PORT;
  const url = `http://127.0.0.1:${port}`;
  if (await answers(url)) throw labPortTaken({ ports: [{ port, service: 'aws', owner: 'another process' }] });
  await mkdir(files.directory, { recursive: true });
  const log = await open(files.log, 'a');
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, `main${extname(import.meta.filename)}`),
      ...['--port', String(port)],
      ...(options.seed === undefined ? [] : ['--seed', options.seed]),
    ],
    {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  await log.close();
  const ended = new Promise<string>((failed) => {
    child.once('error', (error) => failed(error.message));
    child.once('exit', (code) => failed(`ended with exit code ${code ?? 'unknown'}`));
  });
  child.unref();
  const reason = await Promise.race([ended, ready(url)]);
  const id = child.pid === undefined ? undefined : identify(child.pid);
  if (reason !== undefined || id === undefined) {
    const logTail = (await readFile(files.log, 'utf8').catch(() => '')).slice(-2000);
    throw labServiceFailed({ service: 'aws', reason: reason ?? 'did not start', logTail, log: files.log });
  }
  await writeFile(files.state, JSON.stringify({ process: id, url }));
  return { url, pid: id.pid, log: files.log, started: true };
}

/** Ends the endpoint and forgets what it held. Returns whether there was one. */
export async function labAwsDown(options: LabAwsOptions = {}): Promise<boolean> {
  const files = filesIn(options);
  const running = await readRunning(files.state);
  if (running !== undefined) {
    process.kill(running.process.pid, 'SIGTERM');
    for (let tries = 0; tries < 100 && isAlive(running.process); tries += 1) await sleep(50);
    if (isAlive(running.process)) process.kill(running.process.pid, 'SIGKILL');
  }
  await rm(files.state, { force: true });
  return running !== undefined;
}

export async function labAwsStatus(options: LabAwsOptions = {}): Promise<LabAwsStatus> {
  const files = filesIn(options);
  const running = await readRunning(files.state);
  if (running === undefined) return { state: 'stopped' };
  const state = (await answers(running.url)) ? 'running' : 'broken';
  return { state, url: running.url, pid: running.process.pid, log: files.log };
}

function filesIn(options: LabAwsOptions) {
  const directory = resolve(options.directory ?? DEFAULT_AWS_LAB_DIRECTORY);
  return { directory, state: join(directory, 'process.json'), log: join(directory, 'endpoint.log') };
}

/** The process of the file, if it is still the same one. */
async function readRunning(path: string): Promise<Running | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const running = JSON.parse(text) as Running;
    return isAlive(running.process) ? running : undefined;
  } catch {
    // Half written by a caller that was stopped: as good as none.
    return undefined;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${url}/_lab/health`, { signal: AbortSignal.timeout(2000) });
    return ok;
  } catch {
    return false;
  }
}

async function ready(url: string): Promise<undefined> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await answers(url)) return undefined;
    await sleep(100);
  }
  throw new Error(`nothing answers at ${url} after 30 s`);
}
