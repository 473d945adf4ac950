import type { Problem } from '../../config/diagnostic.ts';
import { readConfiguration } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import { sarifContext } from '../sarif-context.ts';
import { writeText } from '../write-text.ts';

export interface ValidateResult {
  /** Sorted by file and line. */
  readonly problems: readonly Problem[];
}

export interface ValidateOptions {
  /** File that gets the problems, for code scanning. */
  readonly sarif?: string | undefined;
}

/**
 * Every problem of the configuration.
 * @throws TandemError `cannot-write`
 */
export async function validate(context: ActionContext, { sarif }: ValidateOptions = {}): Promise<ValidateResult> {
  const { problems } = readConfiguration(context);
  if (sarif !== undefined) {
    const { renderProblemsSarif } = await import('../../plan/render/sarif/problems.ts');
    writeText(sarif, renderProblemsSarif(problems, await sarifContext(context)));
  }
  return { problems };
}
