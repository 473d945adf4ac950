import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

type SpecDatabase = ReturnType<typeof loadAwsServiceSpecSync>;
type Resource = NonNullable<ReturnType<typeof lookUp>>;
type Property = Resource['properties'][string];
type PropertyType = Property['type'];

/** What a value may be. */
export type ValueType =
  | { readonly kind: 'string' | 'number' | 'integer'; readonly allowed?: readonly (string | number)[] }
  | { readonly kind: 'boolean' | 'json' | 'date-time' | 'null' | 'tag' }
  | { readonly kind: 'array' | 'map'; readonly element: ValueType }
  | { readonly kind: 'union'; readonly types: readonly ValueType[] }
  | { readonly kind: 'object'; readonly id: string };

export interface PropertySchema {
  readonly type: ValueType;
  readonly required: boolean;
  readonly replaces: 'yes' | 'maybe' | 'no';
}

export type PropertySchemas = Readonly<Record<string, PropertySchema>>;

/** Published schema of a resource type, reduced to what the endpoint judges by. */
export interface TypeSchema {
  readonly type: string;
  readonly properties: PropertySchemas;
  readonly attributes: ReadonlySet<string>;
  /** Properties or attributes that identify it, those that `Ref` gives first. */
  readonly identifier: readonly string[];
  readonly tags: { readonly property: string; readonly shape: 'standard' | 'asg' | 'map' } | undefined;
  /** Paths below a property whose change replaces the resource. */
  readonly replacementPaths: readonly (readonly string[])[];
  /** Property types by id. */
  readonly definitions: ReadonlyMap<string, PropertySchemas>;
}

let database: SpecDatabase | undefined;
const known = new Map<string, TypeSchema | undefined>();

/** The schema of a type; undefined for a type that is not published. Reading the published ones takes 0.3 s, once. */
export function schemaOf(type: string): TypeSchema | undefined {
  if (!known.has(type)) {
    database ??= loadAwsServiceSpecSync();
    known.set(type, reduce(database, type));
  }
  return known.get(type);
}

function reduce(spec: SpecDatabase, type: string): TypeSchema | undefined {
  const resource = lookUp(spec, type);
  if (resource === undefined) return undefined;
  const definitions = new Map<string, PropertySchemas>();
  for (const { entity } of spec.follow('usesType', resource)) {
    definitions.set(entity.$id, properties(entity.properties));
  }
  return {
    type,
    properties: properties(resource.properties),
    attributes: new Set(Object.keys(resource.attributes)),
    identifier: resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? [],
    tags: tagsOf(resource),
    replacementPaths: resource.additionalReplacementProperties ?? [],
    definitions,
  };
}

function lookUp(spec: SpecDatabase, type: string) {
  return spec.lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

function tagsOf({ tagInformation }: Resource): TypeSchema['tags'] {
  if (tagInformation === undefined) return undefined;
  return { property: tagInformation.tagPropertyName, shape: tagInformation.variant };
}

function properties(published: Readonly<Record<string, Property>>): PropertySchemas {
  return Object.fromEntries(
    Object.entries(published).map(([name, property]) => [
      name,
      {
        type: anyOf([property.type, ...(property.previousTypes ?? [])]),
        required: property.required ?? false,
        replaces: property.causesReplacement ?? 'no',
      },
    ]),
  );
}

function anyOf(types: readonly PropertyType[]): ValueType {
  const [first, ...others] = types.map(valueType);
  if (first === undefined) return { kind: 'json' };
  return others.length === 0 ? first : { kind: 'union', types: [first, ...others] };
}

function valueType(type: PropertyType): ValueType {
  switch (type.type) {
    case 'string':
    case 'integer':
      return type.allowedValues === undefined ? { kind: type.type } : { kind: type.type, allowed: type.allowedValues };
    case 'array':
    case 'map':
      return { kind: type.type, element: valueType(type.element) };
    case 'union':
      return { kind: 'union', types: type.types.map(valueType) };
    case 'ref':
      return { kind: 'object', id: type.reference.$ref };
    default:
      return { kind: type.type };
  }
}
