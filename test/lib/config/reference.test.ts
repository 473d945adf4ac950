import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { reference } from '../../../lib/blueprints/reference.ts';
import type { JsonSchema } from '../../../lib/config/json-schema.ts';
import { fileKinds, printJson } from '../../../lib/config/reference.ts';
import { violations } from './json-schema-check.ts';

const root = join(import.meta.dirname, '../../..');

const FOLDERS: Readonly<Record<string, string>> = {
  config: 'tandem',
  'config/clouds': 'cloud',
  'config/environments': 'environment-layer',
  'config/blueprints': 'blueprint',
  'config/dev': 'lease',
  'config/prices': 'prices',
};

/** Files whose kind is not their folder's. */
const OWN_KIND: Readonly<Record<string, string>> = { 'approvers.yaml': 'approvers', 'aws.yaml': 'aws-prices' };

const shipped = Object.entries(FOLDERS).flatMap(([folder, kind]) =>
  readdirSync(join(root, folder))
    .filter((entry) => entry.endsWith('.yaml'))
    .map((entry) => ({ file: `${folder}/${entry}`, folder, kind: OWN_KIND[entry] ?? kind })),
);

const schemaOf = (kind: string): JsonSchema => fileKinds().find(({ name }) => name === kind)!.schema;

describe('the generated reference', () => {
  it.each([...reference().keys()])('%s is up to date (else: npm run docs)', (file) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(reference().get(file));
  });

  it('is the same every time', () => {
    expect([...reference()]).toEqual([...reference()]);
  });

  it.each(fileKinds().map(({ name }) => name))('describes every field of %s', (name) => {
    expect(undescribed(schemaOf(name), name)).toEqual([]);
  });

  it('prints JSON that is read back as it was', () => {
    const value = { a: [], b: {}, c: [1, 'x', null], d: { e: ['long'.repeat(40)] } };
    expect(JSON.parse(printJson(value))).toEqual(value);
  });
});

describe('the shipped configuration', () => {
  it.each(shipped)('$file names its schema for editors', ({ file, folder, kind }) => {
    const path = relative(join(root, folder), join(root, `docs/reference/schema/${kind}.schema.json`));
    expect(readFileSync(join(root, file), 'utf8').split('\n')[0]).toBe(`# yaml-language-server: $schema=${path}`);
  });

  it.each(shipped)('$file passes its schema', ({ file, kind }) => {
    expect(violations(schemaOf(kind), parse(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  it('fails its schema where it is broken', () => {
    expect(
      violations(schemaOf('lease'), { blueprint: 'di', owner: 'nobody', until: 2026, tiers: { Web: {} }, x: 1 }),
    ).toEqual([
      ': lacks since',
      '.owner: not of the pattern',
      '.until: integer is no string',
      '.tiers key Web: not of the pattern',
      ': unknown key x',
    ]);
  });
});

function undescribed(schema: JsonSchema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const own = field.description === undefined || field.description === '' ? [`${path}.${key}`] : [];
    const values = typeof field.additionalProperties === 'object' ? [field.additionalProperties] : [];
    return [...own, ...[field, ...values, field.items ?? {}].flatMap((each) => undescribed(each, `${path}.${key}`))];
  });
}
