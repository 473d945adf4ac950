import type { JsonSchema } from '../../../lib/config/json-schema.ts';

const KNOWN = new Set([
  '$schema',
  'title',
  'description',
  'type',
  'enum',
  'const',
  'default',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'pattern',
  'properties',
  'propertyNames',
  'required',
  'additionalProperties',
  'items',
  'anyOf',
]);

/**
 * What a value breaks of a schema: as much of JSON Schema as ours use, so that a keyword beyond it is noticed.
 * Enough to see that editors, which use a full validator, are told what the loader demands.
 */
export function violations(schema: JsonSchema, value: unknown, path = ''): string[] {
  const unknown = Object.keys(schema).filter((key) => !KNOWN.has(key));
  if (unknown.length > 0) return [`${path}: the schema uses ${unknown.join(', ')}`];
  if (schema.anyOf !== undefined) {
    const tried = schema.anyOf.map((each) => violations(each, value, path));
    return tried.some((found) => found.length === 0) ? [] : (tried[0] ?? []);
  }
  const kind = kindOf(value);
  const found: string[] = [];
  if (schema.type !== undefined && schema.type !== kind && !(schema.type === 'number' && kind === 'integer')) {
    return [`${path}: ${kind} is no ${schema.type}`];
  }
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) found.push(`${path}: not one of the enum`);
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) found.push(`${path}: too small`);
    if (schema.maximum !== undefined && value > schema.maximum) found.push(`${path}: too big`);
    if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum) found.push(`${path}: too small`);
  }
  if (typeof value === 'string') {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
      found.push(`${path}: not of the pattern`);
    if (schema.maxLength !== undefined && value.length > schema.maxLength) found.push(`${path}: too long`);
  }
  if (Array.isArray(value)) {
    if (schema.minItems !== undefined && value.length < schema.minItems) found.push(`${path}: too few`);
    if (schema.maxItems !== undefined && value.length > schema.maxItems) found.push(`${path}: too many`);
    found.push(...value.flatMap((each, index) => violations(schema.items ?? {}, each, `${path}[${index}]`)));
  } else if (kind === 'object') {
    found.push(...objectViolations(schema, value as Record<string, unknown>, path));
  }
  return found;
}

function objectViolations(schema: JsonSchema, value: Readonly<Record<string, unknown>>, path: string): string[] {
  const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value, key));
  return [
    ...missing.map((key) => `${path}: lacks ${key}`),
    ...Object.entries(value).flatMap(([key, each]) => {
      const own = schema.properties?.[key];
      if (own !== undefined) return violations(own, each, `${path}.${key}`);
      if (schema.additionalProperties === false) return [`${path}: unknown key ${key}`];
      const names =
        schema.propertyNames === undefined ? [] : violations(schema.propertyNames, key, `${path} key ${key}`);
      const rest =
        typeof schema.additionalProperties === 'object'
          ? violations(schema.additionalProperties, each, `${path}.${key}`)
          : [];
      return [...names, ...rest];
    }),
  ];
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
