import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { RELEASE } from '../../private-cloud/kolla/release.ts';
import { childEnvironment } from '../../processes/child-environment.ts';
import { kollaVersion, noKolla } from './errors.ts';
import { follow, start, stateOf } from './session.ts';

/** What went wrong in a run, without what the hosts said: that may hold secrets, and is in the log alone. */
export interface KollaFault {
  readonly host: string;
  readonly task: string;
}

export interface KollaRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Folder of this run alone: one that goes on there is followed, and one that ended unseen is not repeated. */
  readonly run: string;
  /** A run that succeeded stays known, and is not repeated either. @default false */
  readonly once?: boolean;
  /** The operator's. */
  readonly environment: NodeJS.ProcessEnv;
  /** One host at a time. @default false */
  readonly oneByOne?: boolean | undefined;
  /** Takes the whole output once the run ended; readable by its owner alone. */
  readonly log: string;
  /** Ends it after the task that is under way. */
  readonly signal: AbortSignal;
}

/** Runs kolla-ansible to its end, in a session of its own that survives this process. Gives its exit code and who failed at what. */
export async function runKolla(
  run: KollaRun,
): Promise<{ readonly code: number; readonly faults: readonly KollaFault[] }> {
  const seen = join(run.run, 'seen');
  if (run.once === true && existsSync(seen)) return { code: 0, faults: [] };
  if (existsSync(seen)) rmSync(run.run, { recursive: true, force: true });
  const { program, args, folder: workingFolder } = run;
  await start({ folder: run.run, program, args, environment: environmentOf(run), workingFolder });
  const result = await outcomeOf(run);
  mkdirSync(dirname(run.log), { recursive: true, mode: 0o700 });
  const output = join(run.run, 'output');
  const said = existsSync(output) ? readFileSync(output, 'utf8') : '';
  appendFileSync(run.log, `$ ${basename(program)} ${args.join(' ')}\n${said}`, { mode: 0o600 });
  if (result.code === 0) writeFileSync(seen, '');
  else rmSync(run.run, { recursive: true, force: true });
  return result;
}

/** Waits for the end of whatever runs in folders of runs: what an interrupted process started, and what uses the tree. */
export async function followAll(runs: string, signal: AbortSignal): Promise<void> {
  const folders = existsSync(runs) ? readdirSync(runs, { recursive: true, withFileTypes: true }) : [];
  const started = folders.filter((entry) => entry.name === 'pid').map((entry) => entry.parentPath);
  for (const folder of started) if (stateOf(folder)?.runs === true) await follow(folder, signal, () => undefined);
  signal.throwIfAborted();
}

async function outcomeOf({ run, signal }: KollaRun) {
  const faults: KollaFault[] = [];
  let task = '';
  const code = await follow(run, signal, (line) => {
    task = /^TASK \[(.+)\] \**$/.exec(line)?.[1] ?? task;
    // Ansible by itself says it another way: `host | UNREACHABLE! => …`.
    const host = /^fatal: \[([^\]]+)\]/.exec(line)?.[1] ?? /^(\S+) \| (?:FAILED|UNREACHABLE)\b/.exec(line)?.[1];
    if (host !== undefined) faults.push({ host: host.split(' ')[0] ?? host, task });
    // Behind a failure that its task is meant to bear, as of a port that nobody listens on yet.
    if (line === '...ignoring') faults.pop();
  });
  return { code, faults };
}

function environmentOf({ environment, oneByOne }: KollaRun): Record<string, string> {
  const own = { ANSIBLE_NOCOLOR: '1', ANSIBLE_DISPLAY_ARGS_TO_STDOUT: '0' };
  return {
    ...childEnvironment('host-tool', environment),
    ...own,
    ...(oneByOne === true ? { ANSIBLE_FORKS: '1' } : {}),
  };
}

/**
 * The program: TANDEM_KOLLA_ANSIBLE, else `kolla-ansible` on the path; of the release that the tree is written for.
 * @throws TandemError `no-kolla-ansible`, `kolla-ansible-version`
 */
export async function findKolla(environment: NodeJS.ProcessEnv): Promise<string> {
  const program = environment['TANDEM_KOLLA_ANSIBLE'] ?? 'kolla-ansible';
  const env = childEnvironment('host-tool', environment);
  let answer: string;
  try {
    const { stdout, stderr } = await promisify(execFile)(program, ['--version'], { env, timeout: 60_000 });
    answer = `${stdout}${stderr}`;
  } catch (error) {
    throw noKolla(program, error);
  }
  const version = /(\d+)\.\d+\.\d+/.exec(answer);
  const [wanted = ''] = RELEASE.version.split('.');
  if (version?.[1] !== wanted) throw kollaVersion(program, version?.[0] ?? answer.trim(), RELEASE.version);
  return program;
}
