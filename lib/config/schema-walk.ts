import type { z } from 'zod';

/** What zod keeps about a schema; the part that walks it needs. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly defaultValue?: unknown;
}

function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def;
}

/** The schema inside `optional`, `default` and `prefault`. */
function unwrap(schema: z.ZodType): z.ZodType {
  let current = schema;
  for (let inner = definitionOf(current).innerType; inner !== undefined; inner = definitionOf(current).innerType)
    current = inner;
  return current;
}

/** The keys that a strict object has at a path of a schema; none where there is no such object. */
export function keysAt(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  const level = schemasAt(schema, path).flatMap(variants);
  return [...new Set(level.flatMap((each) => Object.keys(definitionOf(each).shape ?? {})))];
}

/** What a schema wants at a path: one schema, or the alternatives of a union; none where the path leads nowhere. */
export function schemasAt(schema: z.ZodType, path: readonly (string | number)[]): z.ZodType[] {
  let level: z.ZodType[] = [schema];
  for (const part of path) level = level.flatMap((each) => childrenAt(each, part));
  return level;
}

function childrenAt(schema: z.ZodType, part: string | number): z.ZodType[] {
  return variants(schema).flatMap((variant) => {
    const { shape, valueType, element } = definitionOf(variant);
    const own = shape !== undefined && Object.hasOwn(shape, String(part)) ? shape[String(part)] : undefined;
    const child = own ?? valueType ?? element;
    return child === undefined ? [] : [child];
  });
}

/** The alternatives of a union; of anything else, itself. */
function variants(schema: z.ZodType): z.ZodType[] {
  const inner = unwrap(schema);
  return definitionOf(inner).options?.flatMap(variants) ?? [inner];
}

/** What a value has at a path; undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let current: unknown = root;
  for (const part of path) current = (current as Record<string | number, unknown> | null | undefined)?.[part];
  return current;
}
