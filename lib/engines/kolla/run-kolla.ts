import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { RELEASE } from '../../private-cloud/kolla/release.ts';
import { childEnvironment } from '../../processes/child-environment.ts';
import { runLines } from '../run.ts';
import { kollaVersion, noKolla } from './errors.ts';

/** What went wrong in a run, without what the hosts said: that may hold secrets, and is in the log alone. */
export interface KollaFault {
  readonly host: string;
  readonly task: string;
}

export interface KollaRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** The operator's. */
  readonly environment: NodeJS.ProcessEnv;
  /** One host at a time. @default false */
  readonly oneByOne?: boolean | undefined;
  /** Takes the whole output; readable by its owner alone. */
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onTask: (task: string) => void;
}

/** Runs kolla-ansible to its end. Gives its exit code and who failed at what. */
export async function runKolla(
  run: KollaRun,
): Promise<{ readonly code: number; readonly faults: readonly KollaFault[] }> {
  const faults: KollaFault[] = [];
  let task = '';
  mkdirSync(dirname(run.log), { recursive: true, mode: 0o700 });
  const write = (text: string): void => appendFileSync(run.log, `${text}\n`, { mode: 0o600 });
  write(`$ kolla-ansible ${run.args.join(' ')}`);
  const environment = environmentOf(run);
  const { code, stderr } = await runLines({ ...run, environment }, (line) => {
    write(line);
    const begun = /^TASK \[(.+)\] \**$/.exec(line)?.[1];
    if (begun !== undefined) run.onTask((task = begun));
    const host = /^fatal: \[([^\]]+)\]/.exec(line)?.[1];
    if (host !== undefined) faults.push({ host: host.split(' ')[0] ?? host, task });
  });
  if (stderr !== '') write(stderr);
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
