import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logSink, realPorts } from './adapters/real-ports.ts';
import { systemClock } from './adapters/system-clock.ts';
import { Agent } from './agent.ts';
import { persist } from './backoff.ts';
import { jsonLog, type Log, levelOf, wordsOf } from './log.ts';
import { LogShipper } from './log-shipper.ts';
import { instanceIdOf } from './notices.ts';
import type { Ports } from './ports.ts';
import { type Invoke, prepareProgram, UnfitProgram } from './program.ts';
import { onSignals } from './signals.ts';
import { VERSION } from './version.ts';
import { parseWorkerConfig, type WorkerConfig } from './worker-config.ts';

export const DEFAULT_CONFIG_FILE = '/etc/tandem/worker.json';
/** EX_CONFIG of sysexits.h: systemd starts the unit some times more, with whatever configuration there is then, and gives up. */
const UNFIT = 78;
const BACKOFF = { firstMs: 1000, mostMs: 30_000 };

/** A log on standard output, and later also where the shipper sends it. */
export function openLog(env: NodeJS.ProcessEnv): { readonly log: Log; readonly shipper: LogShipper } {
  const shipper = new LogShipper(systemClock, (line) => process.stdout.write(line));
  return { log: jsonLog(shipper.line, levelOf(env['TANDEM_LOG_LEVEL']), () => systemClock.now()), shipper };
}

/** Runs the agent until a signal; gives the exit code. */
export async function start(configFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  const { log, shipper } = openLog(env);
  const folder = stateFolder(env);
  try {
    const config = parseWorkerConfig(readFileSync(configFile, 'utf8'));
    await work(config, env, { log, shipper }, folder);
    return 0;
  } catch (error) {
    log('error', 'this instance cannot do jobs', { file: configFile, why: wordsOf(error) });
    // Read by whoever gives the instance up.
    writeFileSync(reasonFile(folder), wordsOf(error), { mode: 0o600 });
    await shipper.flush();
    return UNFIT;
  }
}

async function work(
  config: WorkerConfig,
  env: NodeJS.ProcessEnv,
  { log, shipper }: ReturnType<typeof openLog>,
  folder: string,
): Promise<void> {
  const { program } = config;
  log('info', 'starting', {
    ...{ version: VERSION, cluster: config.cluster, command: program.command.join(' '), program: program.version },
  });
  const early = new AbortController();
  let onSignal = (): void => early.abort();
  onSignals(() => onSignal(), log);
  const ports = realPorts(config, env, log);
  const instanceId = await instanceIdOf({ ...ports, log }, early.signal);
  if (instanceId === undefined) return;
  const ended = new AbortController();
  const shipping = shipper.run(logSink(config, env, ports.metadata, instanceId), ended.signal);
  const invoke = await prepared(config, ports, env, log, join(folder, 'programs'), early.signal);
  if (invoke === undefined) return;
  const agent = new Agent({
    ...{ ports, config, log, version: VERSION, instanceId, invoke },
    ...{ folder: jobsFolder(folder), outboxFolder: join(folder, 'outbox') },
  });
  onSignal = () => agent.signal();
  await agent.run();
  ended.abort();
  await shipping;
}

/** Tries until it works or can't. @throws UnfitProgram */
async function prepared(
  config: WorkerConfig,
  { clock, random, downloads }: Ports,
  env: NodeJS.ProcessEnv,
  log: Log,
  folder: string,
  signal: AbortSignal,
): Promise<Invoke | undefined> {
  const attempt = (): Promise<Invoke | UnfitProgram> =>
    prepareProgram({ config, downloads, folder, path: env['PATH'] ?? '' }).catch((error: unknown) => {
      if (error instanceof UnfitProgram) return error;
      throw error;
    });
  const made = await persist(attempt, {
    ...{ clock, random, backoff: BACKOFF, signal },
    onFailure: (error) => log('warn', 'program not ready; trying again', { why: wordsOf(error) }),
  });
  if (made instanceof UnfitProgram) throw made;
  return made;
}

export const reasonFile = (folder: string): string => join(folder, 'why');

/** systemd gives a folder that outlives the process. What a killed one left of its jobs is removed; results that it could not store are not. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const state = env['STATE_DIRECTORY'] ?? join(tmpdir(), `tandem-worker-${process.pid}`);
  mkdirSync(join(state, 'programs'), { recursive: true, mode: 0o700 });
  return state;
}

/** Of jobs that are under way: each has a folder below. */
function jobsFolder(state: string): string {
  const folder = join(state, 'jobs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
