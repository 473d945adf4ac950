import { AwsError, validationError } from '../aws-error.ts';
import type { Json } from '../json.ts';
import { isList, isObject, text } from '../json.ts';
import { resourceTypeOf } from '../resources/types.ts';
import { dependenciesOf, inOrder, referencesIn } from './dependencies.ts';
import { schemaOf } from './schema.ts';
import type { Template } from './template.ts';

const PSEUDO = ['AccountId', 'NoValue', 'NotificationARNs', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'];

/** Everything that CloudFormation refuses before it looks at a stack; throws the first. */
export function validateTemplate(template: Template): void {
  unknownTypes(template);
  unresolvedNames(template);
  unknownConditions(template);
  attributes(template);
  inOrder(dependenciesOf(template));
}

function unknownTypes(template: Template): void {
  const types = new Set([...template.resources.values()].map(({ type }) => type));
  const unknown = [...types].filter((type) => resourceTypeOf(type) === undefined);
  if (unknown.length === 0) return;
  const unpublished = unknown.filter((type) => schemaOf(type) === undefined);
  // A type that AWS has and the endpoint does not is refused in words of its own.
  if (unpublished.length > 0)
    throw validationError(`Template format error: Unrecognized resource types: [${unpublished.join(', ')}]`);
  throw validationError(`lab/aws does not support the resource types [${unknown.join(', ')}]; see lab/aws/SPEC.md`);
}

function unresolvedNames(template: Template): void {
  const check = (value: Json, block: string): void => {
    const names = referencesIn(value).map(({ logicalId }) => logicalId);
    const missing = names.filter(
      (name) =>
        !template.resources.has(name) &&
        !Object.hasOwn(template.parameters, name) &&
        !PSEUDO.includes(name.replace(/^AWS::/, '')),
    );
    if (missing.length > 0) {
      const which = [...new Set(missing)].join(', ');
      throw validationError(
        `Template format error: Unresolved resource dependencies [${which}] in the ${block} block of the template`,
      );
    }
  };
  for (const { properties, dependsOn, logicalId } of template.resources.values()) {
    check(properties, 'Resources');
    const absent = dependsOn.filter((id) => !template.resources.has(id));
    if (absent.length > 0)
      throw validationError(
        `Template format error: Unresolved resource dependencies [${absent.join(', ')}] in the Resources block of the template (DependsOn of ${logicalId})`,
      );
  }
  for (const output of Object.values(template.outputs)) check(output['Value'] ?? null, 'Outputs');
}

function unknownConditions(template: Template): void {
  const need = (name: string | undefined, where: string): void => {
    if (name !== undefined && !Object.hasOwn(template.conditions, name))
      throw validationError(
        `Template format error: Unresolved condition dependency ${name} in the ${where} block of the template`,
      );
  };
  for (const { condition, properties } of template.resources.values()) {
    need(condition, 'Resources');
    for (const name of conditionsOfIfs(properties)) need(name, 'Resources');
  }
  for (const output of Object.values(template.outputs)) need(text(output['Condition']), 'Outputs');
}

function conditionsOfIfs(value: Json): string[] {
  if (isList(value)) return value.flatMap(conditionsOfIfs);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === 'Fn::If' && isList(inner) ? [text(inner[0]) ?? ''] : []),
    ...conditionsOfIfs(inner),
  ]);
}

function attributes(template: Template): void {
  const values = [...template.resources.values()].map(({ properties }) => properties as Json);
  values.push(...Object.values(template.outputs).map((output) => output['Value'] ?? null));
  for (const { logicalId, attribute } of values.flatMap(referencesIn)) {
    const declaration = template.resources.get(logicalId);
    const schema = declaration === undefined ? undefined : schemaOf(declaration.type);
    if (attribute === undefined || schema === undefined) continue;
    if (schema.attributes.has(attribute) || Object.hasOwn(schema.properties, attribute.split('.')[0] ?? '')) continue;
    throw validationError(
      `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
    );
  }
}

const NAMED_IAM = ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName', 'InstanceProfileName'];
const IAM_TYPES = ['Role', 'Policy', 'RolePolicy', 'ManagedPolicy', 'InstanceProfile', 'User', 'Group', 'AccessKey'];

/** Templates that make IAM things need the caller's word; names of their own need the stronger one. */
export function requireCapabilities(template: Template, given: readonly string[]): void {
  const iam = [...template.resources.values()].filter(({ type }) =>
    IAM_TYPES.includes(type.replace(/^AWS::IAM::/, '')),
  );
  const named = iam.some(({ properties }) => NAMED_IAM.some((name) => properties[name] !== undefined));
  const need = iam.length === 0 ? undefined : named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  if (need === undefined || given.includes('CAPABILITY_NAMED_IAM') || given.includes(need)) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${need}]`);
}
