import type { Entity, Named } from '../config/project.ts';
import type { Citation } from '../stack/cite.ts';
import type { StackHead } from '../stack/synthesized.ts';

/**
 * A stack that the configuration asks for, and all that its artefact may depend on: `inputs` is plain JSON, and a stack is a pure
 * function of it, which is what makes the cache right. What kinds there are is each engine's own.
 */
export interface StackDefinition extends StackHead {
  /** Stacks of one unit refer to each other, and are synthesized together. */
  readonly unit: string;
  readonly kind: string;
  /** Folder of the project, or of a commit of it, whose own `stacks/` makes it. @default - Tandem's code alone */
  readonly root?: string;
  readonly inputs: object;
  /** How much work it is, in leases of ten servers: what is much goes alone. @default 1 */
  readonly size?: number;
}

/** What an engine makes of one stack. */
export interface Artefact {
  /** JSON text, byte for byte as the engine's own CLI writes it. */
  readonly text: string;
  /** By resource address. */
  readonly citations: Readonly<Record<string, readonly Citation[]>>;
}

export function filesOf(...entities: readonly Pick<Entity<unknown>, 'file'>[]): string[] {
  return entities.map((entity) => entity.file);
}

/** An entity as an input: without its place in the files, which no artefact depends on. */
export function named<T>(entity: Named<T>): Named<T> {
  return { kind: entity.kind, name: entity.name, value: entity.value };
}
