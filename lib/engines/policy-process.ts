import { execFile } from 'node:child_process';
import { constants, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { openNoFollow } from '../fs/trusted.ts';
import { foreignCode } from '../git/errors.ts';
import { allowsForeignCode, isForkEvent } from '../git/foreign.ts';
import type { Plan } from '../plan/model.ts';
import type { AskPolicies, PolicyAnswer, PolicyFailure } from '../review/policies/port.ts';
import { ANSWER, startApart, temporary } from './custom-process.ts';
import { policyModules } from './policy-modules.ts';

/** What the process is asked, on its standard input. */
export interface PolicyRequest {
  readonly root: string;
  /** A file relative to the project's root, or the name of a package. */
  readonly from: string;
  readonly plan: Plan;
}

/** In milliseconds, for all policies of a module. */
const TIMEOUT = 30_000;
const AT_ONCE = 2;

/**
 * Asks the policies in `stacks/policies` and in the named packages, each module in a process of its own that reads the project alone and
 * has no network: one that fails, hangs or answers nonsense does so for itself.
 * @throws TandemError `foreign-code`
 */
export function policiesApart(root: string, packages: readonly string[], timeout = TIMEOUT): AskPolicies {
  const sources = [...policyModules(root), ...packages];
  return async (plan) => {
    const [first] = sources;
    if (first === undefined) return [];
    if (isForkEvent(process.env) && !allowsForeignCode(process.env))
      throw foreignCode(first, 'this job is for the pull request of a fork');
    const answers = await pLimit(AT_ONCE).map(sources, (from) => ask({ root, from, plan }, timeout));
    return answers.flat();
  };
}

async function ask(request: PolicyRequest, timeout: number): Promise<(PolicyAnswer | PolicyFailure)[]> {
  const { root, from } = request;
  const folder = temporary();
  try {
    const { program, args, env } = startApart('policy-main', root, folder);
    const options = { cwd: root, env, timeout, killSignal: 'SIGKILL', maxBuffer: 16 << 20 } as const;
    const ended = await new Promise<{ readonly isLate: boolean; readonly stderr: string }>((resolve) => {
      const child = execFile(program, args, options, (error, _, stderr) => {
        resolve({ isLate: error?.killed === true, stderr });
      });
      child.stdin?.on('error', () => undefined).end(JSON.stringify(request));
    });
    if (ended.isLate) return [{ from, id: '', why: `it did not end within ${timeout / 1000} s` }];
    return readAnswer(folder, from, ended.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readAnswer(folder: string, from: string, stderr: string): (PolicyAnswer | PolicyFailure)[] {
  try {
    const handle = openNoFollow(join(folder, ANSWER), constants.O_RDONLY);
    return JSON.parse(readFileSync(handle, 'utf8')) as (PolicyAnswer | PolicyFailure)[];
  } catch {
    const why = stderr.split('\n').find((line) => /error/i.test(line)) ?? 'it ended without an answer';
    return [{ from, id: '', why }];
  }
}
