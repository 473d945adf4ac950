import { hasErrors } from '../config/check.ts';
import { formatProblem } from '../config/diagnostic.ts';
import { invalidConfiguration } from '../config/errors.ts';
import { directoryFiles } from '../config/files.ts';
import type { Project } from '../config/project.ts';
import { TandemError } from '../errors/tandem-error.ts';
import { loadChecked } from '../private-cloud/checks/load-checked.ts';
import { compareIds, type StackId } from '../stack/id.ts';
import { printable } from '../text/printable.ts';

/**
 * What `cdk synth` and `cdktn synth` start: the configuration of the folder they run in, as one App that is written where the CLI
 * says. Problems come out as `tandem validate` prints them, and end the process with 1.
 */
export function runApp<T extends { readonly id: StackId }>(
  catalogue: (project: Project) => T[],
  build: (definitions: T[]) => { synth(): unknown },
): void {
  try {
    // Sorted as `tandem synth` has them: the order of stacks is the order of the manifest.
    const definitions = catalogue(projectIn(process.cwd())).sort((a, b) => compareIds(a.id, b.id));
    build(definitions).synth();
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    process.stderr.write(printable(`${error.code}: ${error.message}\n  ${error.next}\n`));
    process.exitCode = 1;
  }
}

function projectIn(root: string): Project {
  const { project, problems } = loadChecked(directoryFiles(root), new Date());
  for (const problem of problems) process.stderr.write(printable(`${formatProblem(problem)}\n`));
  if (hasErrors(problems) || project === undefined)
    throw invalidConfiguration(problems.filter(({ severity }) => severity === 'error').length);
  return project;
}
