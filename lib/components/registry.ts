import type { AnyComponent } from '../bring-up/tier-software.ts';
import type { Named } from '../config/project.ts';
import type { OwnComponent } from '../config/schema/component.ts';
import { ownComponent } from './own.ts';
import { SHIPPED } from './shipped.ts';

/** Components by name. */
export type Registry = ReadonlyMap<string, AnyComponent>;

const shipped: Registry = new Map(SHIPPED.map((component) => [component.name, component] as const));

/** Tandem's components and a project's own; one of the project's takes no name of Tandem's. */
export function registryOf(own: ReadonlyMap<string, Pick<Named<OwnComponent>, 'value'>> = new Map()): Registry {
  if (own.size === 0) return shipped;
  return new Map([...[...own].map(([name, { value }]) => [name, ownComponent(name, value)] as const), ...shipped]);
}
