import { rmSync } from 'node:fs';
import pLimit from 'p-limit';
import { messageOf } from '../errors/tandem-error.ts';
import { foreignCode } from '../git/errors.ts';
import { allowsForeignCode, isForkEvent } from '../git/foreign.ts';
import type { Plan } from '../plan/model.ts';
import type { AskPolicies, PolicyAnswer, PolicyFailure } from '../review/policies/port.ts';
import { answerIn, runApart, temporary } from './apart.ts';
import { policyModules } from './own-modules.ts';

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
    const ended = await runApart({ program: 'policy-main', root, folder, request, timeout });
    if (ended.isLate) return [{ from, id: '', why: `it did not end within ${timeout / 1000} s` }];
    return answerIn(folder, ended.stderr) as (PolicyAnswer | PolicyFailure)[];
  } catch (error) {
    return [{ from, id: '', why: messageOf(error) }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
