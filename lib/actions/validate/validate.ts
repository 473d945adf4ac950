import { hasErrors } from '../../config/check.ts';
import { type Problem, wholeFileProblem } from '../../config/diagnostic.ts';
import type { Project } from '../../config/project.ts';
import { moduleFaults } from '../../engines/check-process.ts';
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
 * Every problem of the configuration; where it has none, of the project's own modules, which are given it.
 * @throws TandemError `cannot-write`
 */
export async function validate(context: ActionContext, { sarif }: ValidateOptions = {}): Promise<ValidateResult> {
  const { project, problems: found } = readConfiguration(context);
  const problems = project === undefined || hasErrors(found) ? found : [...found, ...moduleProblems(context, project)];
  if (sarif !== undefined) {
    const { renderProblemsSarif } = await import('../../plan/render/sarif/problems.ts');
    writeText(sarif, renderProblemsSarif(problems, await sarifContext(context)));
  }
  return { problems };
}

function moduleProblems({ root }: ActionContext, project: Project): Problem[] {
  return moduleFaults(root, project).map(({ file, line = 1, column = 1, why }) => ({
    ...wholeFileProblem('module-fails', file, why, adviceFor(file)),
    line,
    column,
  }));
}

function adviceFor(file: string): string {
  const [example, folder] = file.startsWith('stacks/policies/')
    ? ['stacks/policies/README.md', 'stacks/policies']
    : ['docs/examples/custom', 'stacks/custom'];
  return `correct it, as ${example} has it, or move it out of ${folder}; it may read only the project, and use neither network nor other programs`;
}
