import type { Json, JsonObject } from '../json.ts';
import { isList, isObject, same } from '../json.ts';
import { resourceTypeOf } from '../resources/types.ts';
import { referencesIn } from './dependencies.ts';
import { hasUnknown, mentions } from './evaluate.ts';
import type { PropertySchemas, TypeSchema, ValueType } from './schema.ts';
import type { ChangeDetail, Recreation, Stack, Target } from './stack.ts';
import type { ResourceDeclaration } from './template.ts';

export function propertyDetails(
  schema: TypeSchema,
  stack: Stack,
  target: Target,
  declaration: ResourceDeclaration,
  before: JsonObject,
  after: JsonObject,
): ChangeDetail[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const earlier = stack.current?.template.resources.get(declaration.logicalId)?.properties ?? {};
  return names
    .filter((name) => !same(before[name], after[name]))
    .flatMap((name) => {
      const written = declaration.properties[name];
      const shared = {
        attribute: name === schema.tags?.property ? 'Tags' : 'Properties',
        name,
        recreation: recreationOf(schema, name, before[name], after[name]),
        before: before[name],
        after: after[name],
      };
      const evaluation = hasUnknown(after[name]) ? ('Dynamic' as const) : ('Static' as const);
      const causes = written === undefined ? [] : causesIn(written, after[name], stack, target);
      const details: ChangeDetail[] = causes.map((cause) => ({ ...shared, evaluation, ...cause }));
      if (causes.length === 0 || !same(earlier[name], written))
        details.push({ ...shared, evaluation, source: 'DirectModification', cause: undefined });
      return details;
    });
}

/** The parameters and resources behind a property that changes although its text may not have. */
function causesIn(
  written: Json,
  after: Json | undefined,
  stack: Stack,
  target: Target,
): Pick<ChangeDetail, 'source' | 'cause'>[] {
  const causes = new Map<string, Pick<ChangeDetail, 'source' | 'cause'>>();
  for (const { logicalId, attribute } of referencesIn(written)) {
    const parameter = target.parameters.get(logicalId);
    const changed = parameter !== undefined && !same(parameter.value, stack.current?.parameters.get(logicalId)?.value);
    if (changed) causes.set(logicalId, { source: 'ParameterReference', cause: logicalId });
    if (parameter !== undefined || !target.template.resources.has(logicalId)) continue;
    const cause = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
    if (!mentions(after, cause)) continue;
    causes.set(cause, { source: attribute === undefined ? 'ResourceReference' : 'ResourceAttribute', cause });
  }
  return [...causes.values()];
}

export function tagDetails(schema: TypeSchema | undefined, stack: Stack, target: Target): ChangeDetail[] {
  if (schema?.tags === undefined || same(stack.current?.tags ?? {}, target.tags)) return [];
  const shared = { attribute: 'Tags', name: undefined, recreation: 'Never', cause: undefined } as const;
  return [
    { ...shared, evaluation: 'Static', source: 'DirectModification', before: stack.current?.tags, after: target.tags },
  ];
}

export function attributeDetails(stack: Stack, declaration: ResourceDeclaration): ChangeDetail[] {
  const earlier = stack.current?.template.resources.get(declaration.logicalId);
  const detail = (attribute: string, before: Json | undefined, after: Json | undefined): ChangeDetail[] =>
    same(before, after)
      ? []
      : [
          {
            attribute,
            name: undefined,
            recreation: 'Never',
            evaluation: 'Static',
            source: 'DirectModification',
            cause: undefined,
            before,
            after,
          },
        ];
  if (earlier === undefined) return [];
  return [
    ...detail('Metadata', earlier.metadata, declaration.metadata),
    ...detail('DeletionPolicy', earlier.deletionPolicy, declaration.deletionPolicy),
    ...detail('UpdateReplacePolicy', earlier.updateReplacePolicy, declaration.updateReplacePolicy),
    ...detail('CreationPolicy', earlier.attributes['CreationPolicy'], declaration.attributes['CreationPolicy']),
    ...detail('UpdatePolicy', earlier.attributes['UpdatePolicy'], declaration.attributes['UpdatePolicy']),
  ];
}

/** Whether changing this property replaces the resource, by its schema and, where that says "maybe", by the type. */
export function recreationOf(
  schema: TypeSchema,
  name: string,
  before: Json | undefined,
  after: Json | undefined,
): Recreation {
  const property = schema.properties[name];
  if (property === undefined) return 'Never';
  if (property.replaces === 'yes') return 'Always';
  if (property.replaces === 'maybe') {
    if (hasUnknown(after)) return 'Conditionally';
    return (resourceTypeOf(schema.type)?.replaces?.(name, before, after) ?? true) ? 'Always' : 'Never';
  }
  const paths = schema.replacementPaths.filter(([first]) => first === name).map((path) => path.slice(1));
  return changedBelow(schema, property.type, before, after, paths) ? 'Always' : 'Never';
}

function changedBelow(
  schema: TypeSchema,
  type: ValueType,
  before: Json | undefined,
  after: Json | undefined,
  paths: readonly (readonly string[])[],
): boolean {
  if (same(before, after)) return false;
  if (paths.some((path) => path.length === 0)) return true;
  if (type.kind === 'array') {
    const lists = [isList(before) ? before : [], isList(after) ? after : []] as const;
    const length = Math.max(lists[0].length, lists[1].length);
    const inner = paths.map((path) => (path[0] === '*' ? path.slice(1) : path));
    return Array.from({ length }).some((_, i) => changedBelow(schema, type.element, lists[0][i], lists[1][i], inner));
  }
  const members: PropertySchemas = type.kind === 'object' ? (schema.definitions.get(type.id) ?? {}) : {};
  return Object.entries(members).some(([name, property]) => {
    const was = isObject(before) ? before[name] : undefined;
    const is = isObject(after) ? after[name] : undefined;
    if (same(was, is)) return false;
    if (property.replaces === 'yes') return true;
    const deeper = paths.filter(([first]) => first === name).map((path) => path.slice(1));
    return changedBelow(schema, property.type, was, is, deeper);
  });
}
