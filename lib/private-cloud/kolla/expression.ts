import { printableJson } from '../../text/printable.ts';

/** Text that Ansible evaluates where it is used. All other text of a tree stays text. */
export class Expression {
  readonly template: string;

  constructor(template: string) {
    this.template = template;
  }
}

/** A value of a rendered file. */
export type Value =
  | string
  | number
  | boolean
  | Expression
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** Where Jinja begins to read something else than text. */
const TEMPLATE = /\{[{%#]/;

/** A value for YAML in one line, as JSON, which YAML contains. Text that Ansible would take for a template is marked as none. */
export function yamlValue(value: Value): string {
  if (value instanceof Expression) return json(value.template);
  if (typeof value === 'string') return TEMPLATE.test(value) ? `!unsafe ${json(value)}` : json(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(yamlValue).join(',')}]`;
  const entries = Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, inner] as const]));
  return `{${entries.map(([key, inner]) => `${json(key)}:${yamlValue(inner)}`).join(',')}}`;
}

/** A value as it is read back from a rendered file: an expression is its text, and text that is none is marked. */
export function plainValue(value: Value): unknown {
  if (value instanceof Expression) return value.template;
  if (typeof value === 'string') return TEMPLATE.test(value) ? `!unsafe ${value}` : value;
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map(plainValue);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, plainValue(inner)]])),
  );
}

/**
 * A value for an INI file that Ansible evaluates as a whole. Text there is what Tandem itself writes, and names: the configuration
 * has no other field that leads here.
 */
export function iniValue(value: Value): string {
  if (value instanceof Expression) return value.template;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && /^[\w.,:;=?&/ +-]*$/.test(value)) return value;
  throw new TypeError(`${JSON.stringify(value)} would not stay text in an INI file of Kolla-Ansible`);
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

/** Line separators of Unicode end a line of YAML for some readers. */
function json(text: string): string {
  return printableJson(JSON.stringify(text));
}
