import type { z } from 'zod';

type Path = readonly (string | number)[];

/** A place of a schema where text may stand. */
export interface StringField {
  /** With a star for each name and index: `images.*.url`. A last `(key)` is the name itself. */
  readonly name: string;
  readonly schema: z.ZodType;
  /** Where it stands in the example. */
  readonly path: Path;
  readonly isKey: boolean;
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
}

/** Every string of a schema, once, where an example has it */
export function stringFields(schema: z.ZodType, example: unknown): StringField[] {
  const found = new Map<string, StringField>();
  walk(schema, example, [], [], found);
  return [...found.values()];
}

function walk(schema: z.ZodType, example: unknown, name: string[], path: Path, found: Map<string, StringField>): void {
  const definition: Definition = schema._zod.def;
  const { innerType, keyType, valueType, element, shape, options } = definition;
  const add = (field: StringField) => {
    if (!found.has(field.name)) found.set(field.name, field);
  };
  if (innerType !== undefined) walk(innerType, example, name, path, found);
  else if (definition.type === 'string') add({ name: name.join('.'), schema, path, isKey: false });
  else if (shape !== undefined)
    for (const [key, inner] of Object.entries(shape))
      walk(inner, at(example, key), [...name, key], [...path, key], found);
  else if (options !== undefined) for (const option of options) walk(option, example, name, path, found);
  else if (element !== undefined) walk(element, at(example, 0), [...name, '*'], [...path, 0], found);
  else if (keyType !== undefined && valueType !== undefined) {
    const own = Object.keys(example ?? {});
    const keys = own.length === 0 ? ['x'] : own;
    add({ name: [...name, '(key)'].join('.'), schema: keyType, path: [...path, keys[0] ?? ''], isKey: true });
    // Where one of several has the field, it stands there.
    for (const key of [...keys].sort((a, b) => size(at(example, b)) - size(at(example, a))))
      walk(valueType, at(example, key), [...name, '*'], [...path, key], found);
  }
}

function at(value: unknown, key: string | number): unknown {
  return (value as Record<string | number, unknown> | undefined)?.[key];
}

function size(value: unknown): number {
  return JSON.stringify(value ?? null).length;
}

/** A copy of a value with text at a path. */
export function withText(value: unknown, [key, ...rest]: Path, text: string): unknown {
  if (key === undefined) return text;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object | undefined) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = withText(copy[key], rest, text);
  return copy;
}
