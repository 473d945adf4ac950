import type { Entity, Named, Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { ownFolder } from '../../private-cloud/kolla/own-files.ts';
import { StackId } from '../../stack/id.ts';
import type { StackTarget } from '../../stack/target.ts';
import { filesOf, named, type StackDefinition } from '../definition.ts';

export const KOLLA = 'kolla';

export interface KollaDefinition extends StackDefinition {
  readonly inputs: { readonly cloud: Named<Cloud> };
}

/** The trees that deploy private clouds themselves, of clouds with a section `kolla`. */
export function kollaTrees(project: Project): KollaDefinition[] {
  return [...project.clouds.values()].filter((cloud) => cloud.value.kolla !== undefined).map(kollaTree);
}

export function kollaTree(cloud: Entity<Cloud>): KollaDefinition {
  const id = StackId.kolla(cloud.name);
  return {
    id,
    unit: id,
    engine: KOLLA,
    dependsOn: [],
    unresolvedInputs: [],
    files: [...filesOf(cloud), ...ownPaths(cloud)],
    target: targetOf(cloud.value),
    kind: 'tree',
    inputs: { cloud: named(cloud) },
  };
}

function ownPaths({ name, value }: Entity<Cloud>): string[] {
  return Object.keys(value.ownFiles ?? {}).map((path) => `${ownFolder(name)}/${path}`);
}

/** The deployment host is the operator's own machine. */
function targetOf({ kolla }: Cloud): StackTarget {
  return kolla === undefined ? {} : { login: kolla.user, secrets: kolla.secrets };
}
