import { z } from 'zod';
import type { FileKind, JsonSchema } from './json-schema.ts';
import { pageOf } from './reference-page.ts';
import { approversSchema } from './schema/approvers.ts';
import { awsPricesSchema } from './schema/aws-prices.ts';
import { blueprintSchema } from './schema/blueprint.ts';
import { cloudSchema } from './schema/cloud.ts';
import { componentSchema } from './schema/component.ts';
import { environmentSchema } from './schema/environment.ts';
import { leaseSchema } from './schema/lease.ts';
import { linkSchema } from './schema/link.ts';
import { organisationSchema } from './schema/organisation.ts';
import { pricesSchema } from './schema/prices.ts';

const EXTENDS: JsonSchema = {
  title: 'name',
  description:
    'Environment file that this one differs from, without .yaml. Maps merge, lists and values replace. Default: none.',
  type: 'string',
};

/**
 * Every kind of configuration file with its JSON Schema.
 * @param runs schema of what tiers run, which the components know. @default - whatever they take
 */
export function fileKinds(runs?: JsonSchema): FileKind[] {
  return [
    kind(
      'tandem',
      'config/tandem.yaml',
      'Settings of the organisation, for all clouds and environments.',
      toJson(organisationSchema),
    ),
    kind(
      'approvers',
      'config/approvers.yaml',
      'Who approves bundles, and with which keys. A change of it needs somebody whom the version before names.',
      toJson(approversSchema),
    ),
    kind('cloud', 'config/clouds/<name>.yaml', 'An OpenStack private cloud.', toJson(cloudSchema)),
    kind(
      'environment-layer',
      'config/environments/<name>.yaml',
      'A deployment of the AWS side. A file may omit what the file that it `extends` has; together they hold every field without a default.',
      layer(toJson(environmentSchema)),
      toJson(environmentSchema),
    ),
    kind(
      'blueprint',
      'config/blueprints/<name>.yaml',
      'What a dev environment is made of.',
      withParameters(toJson(blueprintSchema), runs),
      toJson(blueprintSchema),
    ),
    kind(
      'lease',
      'config/dev/<name>.yaml',
      'One dev environment, leased to an owner until a date.',
      toJson(leaseSchema),
    ),
    kind(
      'link',
      'config/links/<name>.yaml',
      'What joins a private cloud and an environment on AWS: tunnels, routes, names.',
      toJson(linkSchema),
    ),
    kind(
      'component',
      'components/custom/<name>/component.yaml',
      'A program of your own that tiers of blueprints run. Its files have placeholders: `@{address}`, `@{name}`, `@{index}`, `@{zone}`, `@{value NAME}`, `@{secret NAME}`, `@{peers|TIER|LIMIT|SEPARATOR|ITEM}`.',
      toJson(componentSchema),
    ),
    kind(
      'prices',
      'config/prices/<cloud>.yaml',
      "What a private cloud charges, in the organisation's currency a month.",
      toJson(pricesSchema),
    ),
    kind('aws-prices', 'config/prices/aws.yaml', 'What AWS asks, in US dollars.', toJson(awsPricesSchema)),
  ];
}

/** The generated documents: text by path, relative to the project's root. */
export function referenceFiles(runs?: JsonSchema): Map<string, string> {
  const kinds = fileKinds(runs);
  const documents = new Map([['docs/reference/configuration.md', pageOf(kinds)]]);
  for (const { name, schema } of kinds) {
    documents.set(`docs/reference/schema/${name}.schema.json`, `${printJson(schema)}\n`);
  }
  return documents;
}

function kind(name: string, files: string, about: string, schema: JsonSchema, whole = schema): FileKind {
  const { extends: base } = schema.properties ?? {};
  const listed = base === undefined ? whole : { ...whole, properties: { extends: base, ...whole.properties } };
  return { name, files, about, schema: { ...schema, title: files, description: about }, listed };
}

export function toJson(schema: z.ZodType): JsonSchema {
  // As users write it: what has a default may be left out.
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) as JsonSchema;
}

/** A layer may say less than the whole: nothing in it is required. */
function layer(whole: JsonSchema): JsonSchema {
  const partial = withoutRequired(whole);
  return { ...partial, properties: { extends: EXTENDS, ...partial.properties } };
}

const PARAMETER: JsonSchema = {
  type: 'object',
  properties: { parameter: { type: 'string', title: 'name of a parameter' } },
  required: ['parameter'],
  additionalProperties: false,
};

/** A blueprint as users write it: any value in its tiers and parts may name a parameter, and `runs` may be a list. */
function withParameters(blueprint: JsonSchema, runs: JsonSchema = {}): JsonSchema {
  const { tiers = {}, parts = {} } = blueprint.properties ?? {};
  return {
    ...blueprint,
    properties: { ...blueprint.properties, parts: orParameter(parts), tiers: orParameter(tiers, runs) },
  };
}

function orParameter(schema: JsonSchema, runs: JsonSchema = {}): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  const inner: JsonSchema = {
    ...schema,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, each]) => [
              key,
              key === 'runs' ? orList(orParameter({ ...each, ...runs })) : orParameter(each, runs),
            ]),
          ),
        }),
    ...(items === undefined ? {} : { items: orParameter(items, runs) }),
    ...(typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
      ? { additionalProperties: orParameter(additionalProperties, runs) }
      : {}),
  };
  const isScalar = !['object', 'array'].includes(schema.type ?? '') && (schema.type ?? schema.anyOf) !== undefined;
  return isScalar ? alternatively(inner, PARAMETER) : inner;
}

function orList(map: JsonSchema): JsonSchema {
  return alternatively(map, { type: 'array', items: { type: 'string' } });
}

/** What is said of the value stands around its alternatives. */
function alternatively({ description, default: fallback, ...one }: JsonSchema, other: JsonSchema): JsonSchema {
  const said = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
  return { ...said, anyOf: [...(one.anyOf ?? [one]), other] };
}

function withoutRequired(schema: JsonSchema): JsonSchema {
  const { required: _required, ...rest } = schema;
  if (rest.properties === undefined) return rest;
  const properties = Object.entries(rest.properties).map(([key, inner]) => [key, withoutRequired(inner)] as const);
  return { ...rest, properties: Object.fromEntries(properties) };
}

/** JSON as the project's formatter leaves it: short lists on one line. */
export function printJson(value: unknown, indent = '', before = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((each) => printJson(each, inner)).join(', ')}]`;
    if (!line.includes('\n') && indent.length + before + line.length < 120) return line;
    return `[\n${value.map((each) => inner + printJson(each, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(
    ([key, each]) => `${inner}${JSON.stringify(key)}: ${printJson(each, inner, key.length + 4)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
