import { type CheckedProject, hasErrors } from '../config/check.ts';
import { formatProblem } from '../config/diagnostic.ts';
import { invalidConfiguration } from '../config/errors.ts';
import { directoryFiles } from '../config/files.ts';
import type { Project } from '../config/project.ts';
import { loadChecked } from '../private-cloud/rules/load-checked.ts';
import type { TandemContext } from './context.ts';

/** Loads and checks the working tree's configuration. */
export function readConfiguration(context: TandemContext): CheckedProject {
  return loadChecked(directoryFiles(context.root()), context.now());
}

/** The project, or every problem on stderr and an error. Warnings are shown and let pass. */
export function requireProject(context: TandemContext): Project {
  const { project, problems } = readConfiguration(context);
  for (const problem of problems) context.log(`${formatProblem(problem)}\n`);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (hasErrors(problems) || project === undefined) throw invalidConfiguration(errors);
  return project;
}
