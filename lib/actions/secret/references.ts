import type { ConfigPath } from '../../config/origin.ts';
import type { Entity, Project } from '../../config/project.ts';
import { secretReference } from '../../config/schema/common.ts';
import type { SecretRef } from '../../secrets/secret.ts';

/** Every reference to a secret in the configuration, with the places that have it. */
export function referencesIn(project: Project): ReadonlyMap<SecretRef, readonly string[]> {
  const { organisation, clouds, environments, blueprints, leases } = project;
  const entities = [organisation, ...[clouds, environments, blueprints, leases].flatMap((each) => [...each.values()])];
  const found = new Map<SecretRef, string[]>();
  for (const entity of entities) collect(entity, entity.value, [], found);
  return found;
}

function collect(
  entity: Pick<Entity<unknown>, 'origin'>,
  value: unknown,
  path: ConfigPath,
  found: Map<SecretRef, string[]>,
): void {
  if (typeof value === 'string') {
    if (!value.startsWith('secret:') || !secretReference.safeParse(value).success) return;
    const { file, line } = entity.origin.at(...path).position;
    const reference = value as SecretRef;
    found.set(reference, [...(found.get(reference) ?? []), `${file}:${line}`]);
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) collect(entity, each, [...path, index], found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) collect(entity, each, [...path, key], found);
  }
}
