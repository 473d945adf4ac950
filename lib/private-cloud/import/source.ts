/** A text file of the tree that is imported, as it was read. */
export interface SourceFile {
  /** As the user named it, or below what the user named: what reports print. */
  readonly path: string;
  readonly text: string;
}

/** A place in a file of the tree; lines count from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** What an import could not take over as it stands, and what became of it. */
export interface Remark extends Place {
  /**
   * - `not-understood`: no reader here knows what it means;
   * - `encrypted`: Ansible's vault holds it.
   */
  readonly kind: 'not-understood' | 'encrypted';
  /** One sentence: what stands there, and what became of it. */
  readonly text: string;
}

/** Values as YAML has them. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A variable and where it was written. */
export interface Variable extends Place {
  readonly value: Plain;
}

export type Variables = ReadonlyMap<string, Variable>;

/** `{{ … }}` and its like, anywhere in a text. */
export function isTemplate(text: string): boolean {
  return /\{[{%#]/.test(text);
}

/** Whether Ansible would evaluate any text in a value. */
export function hasTemplate(value: Plain): boolean {
  if (typeof value === 'string') return isTemplate(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each: Plain) => hasTemplate(each));
}

export function isMap(value: Plain | undefined): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
