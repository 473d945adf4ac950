import type { ConfigPath, SourcePosition } from '../config/origin.ts';
import type { EntityKind, Project } from '../config/project.ts';
import type { Approvers } from '../config/schema/approvers.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { OwnComponent } from '../config/schema/component.ts';
import type { Environment } from '../config/schema/environment.ts';
import type { Lease } from '../config/schema/lease.ts';
import type { Link } from '../config/schema/link.ts';
import type { Organisation } from '../config/schema/organisation.ts';
import type { Prices } from '../config/schema/prices.ts';

/**
 * A value of the configuration by name, not by line: `{ kind: 'blueprint', name: 'di', path: ['tiers', 'web', 'count'] }`.
 * Stays true while lines move, so that a cached artefact can keep it; `resolveRef` finds the line of today.
 */
export interface ConfigRef {
  readonly kind: EntityKind;
  readonly name: string;
  readonly path: ConfigPath;
}

interface ValueOf {
  readonly organisation: Organisation;
  readonly cloud: Cloud;
  readonly environment: Environment;
  readonly blueprint: Blueprint;
  readonly lease: Lease;
  readonly link: Link;
  readonly prices: Prices;
  readonly approvers: Approvers;
  readonly component: OwnComponent;
}

/** Whatever can follow in a path: an index of a list, a key of a map. */
type Key<T> = T extends readonly unknown[] ? number : T extends object ? keyof T & string : never;
type Inner<T, K> = T extends unknown ? (K extends keyof T ? NonNullable<T[K]> : never) : never;

/** The path if the schema has it; where it leaves the schema, what could stand there instead. */
type PathIn<T, Path extends ConfigPath> = Path extends readonly [infer K, ...infer Rest extends ConfigPath]
  ? [K] extends [Key<T>]
    ? [K, ...PathIn<Inner<T, K>, Rest>]
    : [Key<T>, ...Rest]
  : [];

type ValueAt<T, Path extends ConfigPath> = Path extends readonly [infer K, ...infer Rest extends ConfigPath]
  ? ValueAt<Inner<T, K>, Rest>
  : T;

/** A reference that knows the type of its value: a path that the schema does not have fails to compile. */
export class TypedRef<T> implements ConfigRef {
  readonly kind: EntityKind;
  readonly name: string;
  readonly path: ConfigPath;
  declare readonly value?: T;

  constructor({ kind, name, path }: ConfigRef) {
    this.kind = kind;
    this.name = name;
    this.path = path;
  }

  /** A value inside this one. */
  at<const Path extends ConfigPath>(...path: Path & PathIn<T, Path>): TypedRef<ValueAt<T, Path>> {
    return new TypedRef({ kind: this.kind, name: this.name, path: [...this.path, ...path] });
  }
}

/** The whole of a file of the configuration; values in it are `.at(…)`. */
export function ref<K extends EntityKind>(kind: K, name: string): TypedRef<ValueOf[K]> {
  return new TypedRef({ kind, name, path: [] });
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
    case 'link':
      return project.links.get(reference.name);
    case 'component':
      return project.components?.get(reference.name);
    case 'approvers':
      return project.approvers;
    case 'prices':
      return reference.name === 'aws' ? project.awsPrices : project.prices.get(reference.name);
  }
}
