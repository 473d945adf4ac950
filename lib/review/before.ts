import type { Project } from '../config/project.ts';
import type { StackId } from '../stack/id.ts';

/**
 * The configuration that a stack was made from, as far as it is known: `absent`: there was no such stack; `unknown`: its commit is not
 * in this clone, or its configuration can be read no longer.
 */
export type Before = Project | 'absent' | 'unknown';

/** Asked for stacks that change alone: reading an old configuration takes time. */
export type BeforeOf = (stack: StackId) => Before;

/** The project in which there was no such stack. */
export const NOTHING: Pick<Project, 'clouds' | 'environments' | 'links' | 'leases' | 'blueprints'> = {
  clouds: new Map(),
  environments: new Map(),
  links: new Map(),
  leases: new Map(),
  blueprints: new Map(),
};
