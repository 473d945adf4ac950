/**
 * Writes `models/*.json`: the shapes of the calls that the endpoint answers, out of the models that AWS publishes with botocore.
 *
 *     node lab/aws/api/generate.ts FOLDER/botocore/data
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { OPERATIONS } from './operations.ts';
import type { ApiModel, Member, Shape } from './shapes.ts';

interface RawMember {
  readonly shape: string;
  readonly locationName?: string;
  readonly queryName?: string;
}

interface RawShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, RawMember>>;
  readonly required?: readonly string[];
  readonly member?: RawMember;
  readonly key?: RawMember;
  readonly value?: RawMember;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

interface RawModel {
  readonly metadata: Readonly<Record<string, string>>;
  readonly operations: Readonly<
    Record<string, { readonly input?: RawMember; readonly output?: RawMember & { readonly resultWrapper?: string } }>
  >;
  readonly shapes: Readonly<Record<string, RawShape>>;
}

function read(folder: string, service: string): RawModel {
  const version = readdirSync(join(folder, service)).sort().at(-1) ?? '';
  return JSON.parse(
    gunzipSync(readFileSync(join(folder, service, version, 'service-2.json.gz'))).toString(),
  ) as RawModel;
}

/** EC2 writes what it takes with a capital, and what it gives as the location name says. */
function memberOf(name: string, raw: RawMember, ec2: boolean): Member {
  const { shape, locationName = name, queryName } = raw;
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const takes = ec2 ? (queryName ?? capital(locationName)) : locationName;
  return { shape, ...(takes !== name && { takes }), ...(locationName !== name && { gives: locationName }) };
}

function shapeOf(raw: RawShape, ec2: boolean): Shape {
  const { type, members, required, member, key, value, min, max } = raw;
  return {
    type,
    ...(members && {
      members: Object.fromEntries(Object.entries(members).map(([name, each]) => [name, memberOf(name, each, ec2)])),
    }),
    ...(required && required.length > 0 && { required }),
    ...(member && { of: member.shape }),
    ...(key && value && { key: key.shape, value: value.shape }),
    ...(raw.enum && { enum: raw.enum }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

function modelOf(raw: RawModel, service: string): ApiModel {
  const ec2 = service === 'ec2';
  const shapes: Record<string, Shape> = {};
  const visit = (name: string): void => {
    const found = raw.shapes[name];
    if (found === undefined || name in shapes) return;
    const shape = shapeOf(found, ec2);
    shapes[name] = shape;
    for (const { shape: inner } of Object.values(shape.members ?? {})) visit(inner);
    for (const inner of [shape.of, shape.key, shape.value]) if (inner !== undefined) visit(inner);
  };
  const operations = (OPERATIONS[service] ?? []).map((name) => {
    const found = raw.operations[name];
    if (found === undefined) throw new Error(`${service} has no ${name}`);
    const { input, output } = found;
    for (const each of [input, output]) if (each !== undefined) visit(each.shape);
    return [name, { ...(input && { takes: input.shape }), ...(output && { gives: output.shape }) }] as const;
  });
  const { apiVersion = '', xmlNamespace = '', targetPrefix = '' } = raw.metadata;
  const sorted = Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    version: apiVersion,
    namespace: xmlNamespace,
    target: targetPrefix,
    operations: Object.fromEntries(operations),
    shapes: Object.fromEntries(sorted),
  };
}

const folder = process.argv[2] ?? '';
for (const service of Object.keys(OPERATIONS)) {
  const file = join(import.meta.dirname, 'models', `${service}.json`);
  writeFileSync(file, `${JSON.stringify(modelOf(read(folder, service), service))}\n`);
}
