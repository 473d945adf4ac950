import type { Origin } from './origin.ts';
import type { Approvers } from './schema/approvers.ts';
import type { AwsPrices } from './schema/aws-prices.ts';
import type { Blueprint } from './schema/blueprint.ts';
import type { Cloud } from './schema/cloud.ts';
import type { OwnComponent } from './schema/component.ts';
import type { Environment } from './schema/environment.ts';
import type { Lease } from './schema/lease.ts';
import type { Link } from './schema/link.ts';
import type { Organisation } from './schema/organisation.ts';
import type { Prices } from './schema/prices.ts';

/** One loaded file: its name, its value with all defaults applied, and where each value was written. Frozen. */
export interface Entity<T> {
  readonly kind: EntityKind;
  readonly name: string;
  /** Relative to the project's root. */
  readonly file: string;
  readonly value: T;
  readonly origin: Origin;
}

export type EntityKind =
  | 'organisation'
  | 'cloud'
  | 'environment'
  | 'blueprint'
  | 'lease'
  | 'link'
  | 'prices'
  | 'approvers'
  | 'component';

/** The whole configuration: typed, frozen, with source positions. All that Tandem does starts from it. */
export interface Project {
  /** The folder that holds `config/`, and the user's own stacks in `stacks/custom/`; undefined for files that are in no folder. */
  readonly root?: string;
  readonly organisation: Entity<Organisation>;
  readonly clouds: ReadonlyMap<string, Entity<Cloud>>;
  readonly environments: ReadonlyMap<string, Entity<Environment>>;
  readonly blueprints: ReadonlyMap<string, Entity<Blueprint>>;
  readonly leases: ReadonlyMap<string, Entity<Lease>>;
  /** What joins a cloud and an environment, by name. */
  readonly links: ReadonlyMap<string, Entity<Link>>;
  readonly prices: ReadonlyMap<string, Entity<Prices>>;
  /** Who approves bundles; undefined where nobody is named. */
  readonly approvers?: Entity<Approvers>;
  /** `config/prices/aws.yaml`; undefined where there is none. */
  readonly awsPrices?: Entity<AwsPrices>;
  /** The blueprints of leases that give parameters of their own, by lease. Ask `blueprintOf`. */
  readonly leaseBlueprints?: ReadonlyMap<string, Entity<Blueprint>>;
  /** The project's own components, by name. */
  readonly components?: ReadonlyMap<string, Entity<OwnComponent>>;
  /** Content of the cloud-init files that blueprints name, by path relative to the project's root. */
  readonly userData?: ReadonlyMap<string, string>;
}

/** The cloud that a lease lives on: its own choice, or the organisation's. */
export function cloudOf(project: Pick<Project, 'organisation'>, lease: Entity<Lease>): string {
  return lease.value.cloud ?? project.organisation.value.defaultCloud;
}

/** The blueprint of a lease, with the values that the lease gives its parameters; undefined where it did not load. */
export function blueprintOf(
  project: Pick<Project, 'blueprints' | 'leaseBlueprints'>,
  lease: Pick<Entity<Lease>, 'name' | 'value'>,
): Entity<Blueprint> | undefined {
  return project.leaseBlueprints?.get(lease.name) ?? project.blueprints.get(lease.value.blueprint);
}

/** The link of a cloud, which has at most one. */
export function linkOf(links: Project['links'], cloud: string): Entity<Link> | undefined {
  return [...links.values()].find(({ value }) => value.cloud === cloud);
}

/** Every blueprint, as it is and as leases with parameters of their own have it. */
export function allBlueprints(project: Pick<Project, 'blueprints' | 'leaseBlueprints'>): readonly Entity<Blueprint>[] {
  return [...project.blueprints.values(), ...(project.leaseBlueprints?.values() ?? [])];
}

/** An entity without its source: what a stack is built from, and all that its artefact may depend on. */
export type Named<T> = Pick<Entity<T>, 'kind' | 'name' | 'value'>;
