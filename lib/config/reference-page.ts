import type { FileKind, JsonSchema } from './json-schema.ts';

const HEAD = `# Configuration

Generated from the schemas by \`npm run docs\`; edit \`lib/config/schema/\` instead.

All files are YAML 1.2 in UTF-8, of at most 1 MiB, without aliases, merge keys and tags. Each begins with a line such as
\`# yaml-language-server: $schema=../../docs/reference/schema/lease.schema.json\`, by which editors complete and check it.
\`tandem validate\` reports every problem of all files at once. \`*\` stands for a name of your own, \`[]\` for each entry of a list.
Fields without a default are required.
`;

interface Row {
  readonly path: string;
  readonly type: string;
  readonly unit: string;
  readonly fallback: string;
  readonly description: string;
}

/** The reference page: every field of every kind of file, with type, unit, default and description. */
export function pageOf(kinds: readonly FileKind[]): string {
  return [HEAD, ...kinds.map(section)].join('\n');
}

function section({ name, files, about, listed }: FileKind): string {
  return [
    `## \`${files}\``,
    '',
    `${about} JSON Schema: [${name}.schema.json](schema/${name}.schema.json).`,
    '',
    ...fieldsOf(listed),
    '',
  ].join('\n');
}

/** A table of every field of a schema. */
export function fieldsOf(schema: JsonSchema): string[] {
  const rows = rowsOf(schema, '').map(
    ({ path, type, unit, fallback, description }) =>
      `| \`${path}\` | ${type} | ${unit} | ${fallback} | ${cell(description)} |`,
  );
  return ['| field | type | unit | default | description |', '|---|---|---|---|---|', ...rows];
}

/** A row a field, in the order of the schema; maps and lists first, then what is in them. */
function rowsOf(schema: JsonSchema, prefix: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const isRequired = schema.required?.includes(key) === true;
    const row = {
      path,
      type: typeOf(field),
      unit: unitOf(key, field),
      fallback: defaultOf(field, isRequired),
      description: field.description ?? '',
    };
    return [row, ...inside(field, path)];
  });
}

function inside(field: JsonSchema, path: string): Row[] {
  if (field.properties !== undefined) return rowsOf(field, path);
  if (field.items !== undefined) return inside(field.items, `${path}[]`);
  const values = field.additionalProperties;
  return typeof values === 'object' ? inside(values, `${path}.*`) : [];
}

function typeOf(field: JsonSchema): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  const alternatives = field.anyOf ?? field.oneOf;
  if (alternatives !== undefined) return alternatives.map(typeOf).join(' or ');
  if (field.type === 'array') return `list of ${typeOf(field.items ?? {})}${sizeOf(field)}`;
  if (field.type === 'object') {
    return typeof field.additionalProperties === 'object'
      ? `map of names to ${typeOf(field.additionalProperties)}`
      : 'map';
  }
  if (field.type === 'integer' || field.type === 'number') {
    const kind = field.type === 'integer' ? 'whole number' : 'number';
    return `${kind}${rangeOf(field)}`;
  }
  if (field.type === 'boolean') return '`true`, `false`';
  const length = field.maxLength === undefined ? '' : `, at most ${field.maxLength} characters`;
  return `${field.title ?? 'text'}${length}`;
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const least = exclusiveMinimum === undefined ? minimum?.toString() : `more than ${exclusiveMinimum}`;
  if (least !== undefined && maximum !== undefined) return `, ${least} to ${maximum}`;
  if (least !== undefined) return exclusiveMinimum === undefined ? `, ${least} or more` : `, ${least}`;
  return maximum === undefined ? '' : `, at most ${maximum}`;
}

function sizeOf({ minItems, maxItems }: JsonSchema): string {
  if (minItems !== undefined && minItems === maxItems) return `, exactly ${minItems}`;
  if (minItems === undefined && maxItems === undefined) return '';
  return maxItems === undefined ? `, at least ${minItems ?? 0}` : `, ${minItems ?? 0} to ${maxItems}`;
}

const UNITS: readonly (readonly [suffix: string, unit: string])[] = [
  ['Seconds', 's'],
  ['Minutes', 'min'],
  ['Days', 'days'],
  ['GiB', 'GiB'],
  ['MiB', 'MiB'],
  ['Percent', '%'],
  ['mtu', 'bytes'],
  ['Mtu', 'bytes'],
  ['vcpus', 'vCPUs'],
  ['prefixLength', 'bits'],
  ['PrefixLength', 'bits'],
  ['monthly', 'currency a month'],
];

/** By the end of the key's name, as the schemas have it. */
function unitOf(key: string, field: JsonSchema): string {
  const isNumber = [field, field.items, field.additionalProperties].some(
    (each) => typeof each === 'object' && (each.type === 'integer' || each.type === 'number'),
  );
  return isNumber ? (UNITS.find(([suffix]) => key.endsWith(suffix))?.[1] ?? '') : '';
}

function defaultOf(field: JsonSchema, isRequired: boolean): string {
  const said = /\bDefault: ([^.]+(?:\.[^ .][^.]*)*)\./.exec(field.description ?? '')?.[1];
  if (said !== undefined) return cell(said);
  if (field.default !== undefined) return `\`${JSON.stringify(field.default)}\``.replaceAll('|', '\\|');
  return isRequired ? '**required**' : 'none';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
