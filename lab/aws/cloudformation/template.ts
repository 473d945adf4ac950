import { type CollectionTag, parseDocument, type ScalarTag } from 'yaml';
import { validationError } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject, text } from '../json.ts';

export type Policy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface ResourceDeclaration {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly deletionPolicy: Policy;
  readonly updateReplacePolicy: Policy;
  readonly metadata: Json | undefined;
  /** CreationPolicy and UpdatePolicy, which change how CloudFormation works, not what there is. */
  readonly attributes: JsonObject;
}

/** A template as written. */
export interface Template {
  readonly text: string;
  readonly body: JsonObject;
  readonly description: string | undefined;
  readonly parameters: Readonly<Record<string, JsonObject>>;
  readonly mappings: JsonObject;
  readonly conditions: JsonObject;
  readonly rules: JsonObject;
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly outputs: Readonly<Record<string, JsonObject>>;
}

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Resources',
  'Outputs',
];
const RESOURCE_ATTRIBUTES = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
];
const POLICIES: readonly string[] = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];

/** Limits of the CloudFormation quotas page. */
export const LIMITS = {
  resources: 500,
  parameters: 200,
  outputs: 200,
  mappings: 200,
  bodyBytes: 51_200,
  urlBytes: 1_048_576,
};

/** Reads JSON, or YAML with CloudFormation's short forms. */
export function parseTemplate(source: string): Template {
  const body = read(source);
  const format = (message: string) => validationError(`Template format error: ${message}`);
  const extra = Object.keys(body).filter((key) => !SECTIONS.includes(key));
  if (body['Transform'] !== undefined)
    throw validationError('lab/aws runs no transforms: a template must not have Transform');
  if (extra.length > 0) throw validationError(`Invalid template property or properties [${extra.join(', ')}]`);
  const version = body['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== '2010-09-09')
    throw format('unsupported value for AWSTemplateFormatVersion.');
  if (!isObject(body['Resources']) || Object.keys(body['Resources']).length === 0)
    throw format('At least one Resources member must be defined.');
  const section = (name: string): JsonObject => {
    const found = body[name];
    if (found !== undefined && !isObject(found)) throw format(`${name} must be an object`);
    return found ?? {};
  };
  const objects = (name: string): Record<string, JsonObject> =>
    Object.fromEntries(
      Object.entries(section(name)).map(([key, value]) => {
        if (!isObject(value)) throw format(`Every ${name} member must be an object.`);
        return [key, value];
      }),
    );
  const resources = new Map(Object.entries(objects('Resources')).map(([id, value]) => [id, declaration(id, value)]));
  const template: Template = {
    text: source,
    body,
    description: text(body['Description']),
    parameters: objects('Parameters'),
    mappings: section('Mappings'),
    conditions: section('Conditions'),
    rules: section('Rules'),
    resources,
    outputs: objects('Outputs'),
  };
  checkLimits(template);
  return template;
}

function checkLimits(template: Template): void {
  const counts: readonly [string, number, number][] = [
    ['resources', template.resources.size, LIMITS.resources],
    ['parameters', Object.keys(template.parameters).length, LIMITS.parameters],
    ['outputs', Object.keys(template.outputs).length, LIMITS.outputs],
    ['mappings', Object.keys(template.mappings).length, LIMITS.mappings],
  ];
  for (const [what, count, most] of counts) {
    if (count > most)
      throw validationError(
        `Template format error: Number of ${what}, ${count}, is greater than maximum allowed, ${most}`,
      );
  }
}

function declaration(logicalId: string, value: JsonObject): ResourceDeclaration {
  const format = (message: string) => validationError(`Template format error: ${message}`);
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) throw format(`Resource name ${logicalId} is non alphanumeric.`);
  const extra = Object.keys(value).filter((key) => !RESOURCE_ATTRIBUTES.includes(key));
  if (extra.length > 0)
    throw validationError(`Invalid template resource property '${extra.join(', ')}' in resource ${logicalId}`);
  const type = value['Type'];
  if (typeof type !== 'string')
    throw format(`[/Resources/${logicalId}] Every Resources object must contain a Type member.`);
  const { Properties: properties = {}, DependsOn: dependsOn = [], Condition: condition } = value;
  if (!isObject(properties)) throw format(`[/Resources/${logicalId}/Properties] Properties must be an object`);
  const policy = (name: string, otherwise: Policy): Policy => {
    const found = value[name] ?? otherwise;
    if (typeof found !== 'string' || !POLICIES.includes(found))
      throw format(`Unrecognized ${name} ${text(found) ?? ''} for resource ${logicalId}`);
    return found as Policy;
  };
  return {
    logicalId,
    type,
    properties,
    dependsOn: (Array.isArray(dependsOn) ? dependsOn : [dependsOn]).map(String),
    condition: text(condition),
    deletionPolicy: policy('DeletionPolicy', 'Delete'),
    updateReplacePolicy: policy('UpdateReplacePolicy', 'Delete'),
    metadata: value['Metadata'],
    attributes: Object.fromEntries(
      Object.entries(value).filter(([key]) => key === 'CreationPolicy' || key === 'UpdatePolicy'),
    ),
  };
}

function read(source: string): JsonObject {
  const document = parseDocument(source, {
    customTags: shortForms(),
    schema: 'core',
    uniqueKeys: true,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined)
    throw validationError(
      `Template format error: ${source.trimStart().startsWith('{') ? 'JSON' : 'YAML'} not well-formed. (${error.message.split('\n', 1)[0] ?? ''})`,
    );
  const body: unknown = document.toJS({ maxAliasCount: 0 });
  if (!isObject(body)) throw validationError('Template format error: unsupported structure.');
  return body;
}

/** `!Ref X` and the like, as `{Ref: X}`. */
function shortForms(): (ScalarTag | CollectionTag)[] {
  const names = ['Ref', 'Condition', 'GetAtt', 'Sub', 'Join', 'Select', 'Split', 'If', 'Equals', 'And', 'Or', 'Not'];
  names.push('FindInMap', 'ImportValue', 'GetAZs', 'Base64', 'Cidr');
  return names.flatMap((name): (ScalarTag | CollectionTag)[] => {
    const long = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
    const wrap = (value: unknown): unknown => ({
      [long]: name === 'GetAtt' && typeof value === 'string' ? splitOnce(value) : value,
    });
    return [
      { tag: `!${name}`, resolve: (value: string) => wrap(value) },
      { tag: `!${name}`, collection: 'seq', resolve: (node) => wrap(node.toJSON()) },
      { tag: `!${name}`, collection: 'map', resolve: (node) => wrap(node.toJSON()) },
    ];
  });
}

function splitOnce(value: string): string[] {
  const dot = value.indexOf('.');
  return [value.slice(0, dot), value.slice(dot + 1)];
}
