import { type CheckedProject, hasErrors } from '../config/check.ts';
import { invalidConfiguration } from '../config/errors.ts';
import { directoryFiles } from '../config/files.ts';
import type { Project } from '../config/project.ts';
import { loadChecked } from '../private-cloud/checks/load-checked.ts';
import type { ActionContext } from './context.ts';

/** Loads and checks the working tree's configuration. */
export function readConfiguration({ root, now }: Pick<ActionContext, 'root' | 'now'>): CheckedProject {
  return loadChecked(directoryFiles(root), now());
}

/** The project. Tells of every problem; warnings let pass. @throws TandemError `invalid-configuration` */
export function requireProject(context: Pick<ActionContext, 'root' | 'now' | 'io'>): Project {
  const { project, problems } = readConfiguration(context);
  for (const problem of problems) context.io.emit({ kind: 'problem', problem });
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (hasErrors(problems) || project === undefined) throw invalidConfiguration(errors);
  return project;
}
