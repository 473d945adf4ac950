import type { ConfigPath, SourcePosition } from '../config/origin.ts';
import type { EntityKind, Project } from '../config/project.ts';

/**
 * A value of the configuration by name, not by line: `{ kind: 'blueprint', name: 'di', path: ['tiers', 'web', 'count'] }`.
 * Stays true while lines move, so that a cached artefact can keep it; `resolveRef` finds the line of today.
 */
export interface ConfigRef {
  readonly kind: EntityKind;
  readonly name: string;
  readonly path: ConfigPath;
}

export function ref(kind: EntityKind, name: string, ...path: ConfigPath): ConfigRef {
  return { kind, name, path };
}

export function refAt(base: ConfigRef, ...path: ConfigPath): ConfigRef {
  return { ...base, path: [...base.path, ...path] };
}

/** Where the value is written today; undefined where its file is gone. */
export function resolveRef(project: Project, reference: ConfigRef): SourcePosition | undefined {
  const entity = entityOf(project, reference);
  return entity?.origin.at(...reference.path).keyPosition;
}

export function entityOf(project: Project, reference: Pick<ConfigRef, 'kind' | 'name'>) {
  switch (reference.kind) {
    case 'organisation':
      return project.organisation;
    case 'cloud':
      return project.clouds.get(reference.name);
    case 'environment':
      return project.environments.get(reference.name);
    case 'blueprint':
      return project.blueprints.get(reference.name);
    case 'lease':
      return project.leases.get(reference.name);
    case 'prices':
      return project.prices.get(reference.name);
  }
}
