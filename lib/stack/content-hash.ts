import { digestOf } from './synthesized.ts';

const known = new WeakMap<object, string>();

/** `sha256:…` of plain JSON. Frozen values are hashed once: entities of the configuration are shared by a thousand stacks. */
export function contentHash(value: unknown): string {
  if (typeof value !== 'object' || value === null || !Object.isFrozen(value))
    return digestOf(JSON.stringify(value ?? null));
  const before = known.get(value);
  if (before !== undefined) return before;
  const made = digestOf(JSON.stringify(value));
  known.set(value, made);
  return made;
}

/** `sha256:…` of a list of texts; no two lists give the same input. */
export function hashOfParts(parts: readonly string[]): string {
  return digestOf(JSON.stringify(parts));
}
