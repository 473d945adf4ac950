import { noSuchEnvironment } from '../aws-api/errors.ts';
import { type CheckedProject, hasErrors } from '../config/check.ts';
import { invalidConfiguration } from '../config/errors.ts';
import { directoryFiles } from '../config/files.ts';
import type { Entity, Project } from '../config/project.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Environment } from '../config/schema/environment.ts';
import { noSuchBlueprint } from '../dev/errors.ts';
import { loadChecked } from '../private-cloud/checks/load-checked.ts';
import type { ActionContext } from './context.ts';

/** @throws TandemError `no-such-blueprint` */
export function blueprintNamed({ blueprints }: Project, name: string): Entity<Blueprint> {
  const blueprint = blueprints.get(name);
  if (blueprint === undefined) throw noSuchBlueprint(name, [...blueprints.keys()]);
  return blueprint;
}

/** An environment of AWS. @throws TandemError `no-such-environment` */
export function environmentNamed({ environments }: Project, name: string): Entity<Environment> {
  const environment = environments.get(name);
  if (environment === undefined) throw noSuchEnvironment(name, [...environments.keys()]);
  return environment;
}

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
