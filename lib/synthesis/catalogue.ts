import type { Project } from '../config/project.ts';
import type { StackDefinition } from '../engines/definition.ts';
import { enginePlugins } from '../engines/plugins.ts';
import { compareIds } from '../stack/id.ts';

/** Every stack of a project, sorted by id. */
export function stacksOf(project: Project): StackDefinition[] {
  return enginePlugins()
    .flatMap((plugin) => plugin.catalogue(project))
    .sort((a, b) => compareIds(a.id, b.id));
}
