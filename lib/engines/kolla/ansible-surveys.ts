import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { HostCommand } from '../../private-cloud/members/ports.ts';
import { type HostSurvey, type HostSurveys, readSurvey } from '../../private-cloud/status/survey.ts';
import { childEnvironment } from '../../processes/child-environment.ts';
import { runLines } from '../run.ts';
import { ansibleOf } from './ansible-program.ts';
import { noAnsible } from './errors.ts';
import { surveyArguments } from './survey-script.ts';

export interface AnsibleSurveysProps {
  /** The operator's. */
  readonly environment: NodeJS.ProcessEnv;
  /** With variables of hosts and groups beside it. */
  readonly inventory: string;
  /** `docker` or `podman`. */
  readonly engine: string;
  /** For a host to answer SSH, in seconds. @default 10 */
  readonly connectSeconds?: number;
}

/** What a host takes besides its commands, in seconds. */
const HOST_SECONDS = 120;
/** Hosts at once. */
const FORKS = 50;

/** One `ansible` run for all hosts. Answers are files that only this process can read, and they are removed. */
export function ansibleSurveys(props: AnsibleSurveysProps): HostSurveys {
  return {
    async survey(hosts, commands, signal) {
      if (hosts.length === 0) return new Map();
      const folder = mkdtempSync(join(tmpdir(), 'tandem-survey-'));
      try {
        await run(props, hosts, commands, folder, signal);
        return new Map(readdirSync(folder).flatMap((host) => answerIn(folder, host)));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function run(
  { environment, inventory, engine, connectSeconds = 10 }: AnsibleSurveysProps,
  hosts: readonly string[],
  commands: readonly HostCommand[],
  tree: string,
  signal: AbortSignal,
): Promise<void> {
  const program = ansibleOf(environment);
  const longest = Math.max(0, ...commands.map(({ timeoutSeconds = 60 }) => timeoutSeconds));
  const args = [
    ...[hosts.join(','), '--inventory', inventory, '--become', '--tree', tree, '--forks', String(FORKS)],
    ...['--timeout', String(connectSeconds), '--module-name', 'ansible.builtin.command'],
    ...['--args', surveyArguments(engine, commands)],
  ];
  const env = {
    ...childEnvironment('host-tool', environment),
    ...{
      ANSIBLE_NOCOLOR: '1',
      ANSIBLE_TASK_TIMEOUT: String(longest + HOST_SECONDS),
      ANSIBLE_DEPRECATION_WARNINGS: '0',
    },
  };
  const { code, stderr } = await runLines({ program, args, folder: tree, environment: env, signal }, () => undefined);
  signal.throwIfAborted();
  if (code === 127 || code === 126) throw noAnsible(program, stderr);
}

const written = z.looseObject({ rc: z.number().optional(), stdout: z.string().optional() });

function answerIn(folder: string, host: string): [string, HostSurvey][] {
  const { rc, stdout = '' } = written.parse(JSON.parse(readFileSync(join(folder, host), 'utf8')));
  const survey = rc === 0 ? readSurvey(stdout) : undefined;
  return survey === undefined ? [] : [[host, survey]];
}
