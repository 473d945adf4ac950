import type { Json, JsonObject } from '../json.ts';
import { isList, isObject, text } from '../json.ts';
import type { PropertySchemas, TypeSchema, ValueType } from './schema.ts';

export interface PropertyProblem {
  /** `#/BucketEncryption/0`, in the words of the schema's validator. */
  readonly path: string;
  readonly message: string;
}

/** Everything in these properties that the type's schema does not allow. Unknown values (see evaluate.ts) pass. */
export function checkProperties(
  schema: TypeSchema,
  properties: JsonObject,
  isUnknown: (value: Json) => boolean,
): readonly PropertyProblem[] {
  const problems: PropertyProblem[] = [];
  new Checker(schema, isUnknown, problems).members(schema.properties, properties, '#');
  return problems;
}

class Checker {
  readonly #schema: TypeSchema;
  readonly #isUnknown: (value: Json) => boolean;
  readonly #problems: PropertyProblem[];

  constructor(schema: TypeSchema, isUnknown: (value: Json) => boolean, problems: PropertyProblem[]) {
    this.#schema = schema;
    this.#isUnknown = isUnknown;
    this.#problems = problems;
  }

  members(schemas: PropertySchemas, value: JsonObject, path: string): void {
    for (const [name, inner] of Object.entries(value)) {
      const property = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
      if (property === undefined) this.#report(path, `extraneous key [${name}] is not permitted`);
      else this.value(property.type, inner, `${path}/${name}`);
    }
    for (const [name, property] of Object.entries(schemas)) {
      if (property.required && value[name] === undefined) this.#report(path, `required key [${name}] not found`);
    }
  }

  value(type: ValueType, value: Json, path: string): void {
    if (this.#isUnknown(value)) return;
    switch (type.kind) {
      case 'json':
        return;
      case 'union':
        this.#union(type.types, value, path);
        return;
      case 'array':
        if (isList(value)) value.forEach((item, index) => this.value(type.element, item, `${path}/${index}`));
        else this.#wrongType(path, 'JSONArray', value);
        return;
      case 'map':
        if (!isObject(value)) this.#wrongType(path, 'JSONObject', value);
        else for (const [key, item] of Object.entries(value)) this.value(type.element, item, `${path}/${key}`);
        return;
      case 'object': {
        const schemas = this.#schema.definitions.get(type.id);
        if (!isObject(value)) this.#wrongType(path, 'JSONObject', value);
        else if (schemas !== undefined) this.members(schemas, value, path);
        return;
      }
      case 'tag':
        if (!isObject(value) || text(value['Key']) === undefined || text(value['Value']) === undefined)
          this.#report(path, 'a tag needs a Key and a Value');
        return;
      default:
        this.#scalar(type, value, path);
    }
  }

  #union(types: readonly ValueType[], value: Json, path: string): void {
    const attempts = types.map((type) => {
      const problems: PropertyProblem[] = [];
      new Checker(this.#schema, this.#isUnknown, problems).value(type, value, path);
      return problems;
    });
    if (attempts.some((problems) => problems.length === 0)) return;
    this.#problems.push(...(attempts[0] ?? []));
  }

  /** CloudFormation converts between strings, numbers and booleans where the text allows it. */
  #scalar(type: Extract<ValueType, { kind: string }>, value: Json, path: string): void {
    const written = text(value);
    const fits: Partial<Record<ValueType['kind'], [RegExp, string]>> = {
      boolean: [/^(true|false)$/i, 'Boolean'],
      integer: [/^-?\d+(\.0+)?$/, 'Integer'],
      number: [/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/, 'Number'],
      string: [/^[\s\S]*$/, 'String'],
      'date-time': [/^\d{4}-\d\d-\d\d/, 'String'],
    };
    const [pattern, expected] = fits[type.kind] ?? [/^$/, type.kind];
    if (written === undefined || !pattern.test(written)) {
      this.#wrongType(path, expected, value);
      return;
    }
    const allowed = 'allowed' in type ? type.allowed : undefined;
    if (allowed !== undefined && !allowed.some((item) => String(item) === written))
      this.#report(path, `${written} is not a valid enum value`);
  }

  #wrongType(path: string, expected: string, value: Json): void {
    const found = isList(value)
      ? 'JSONArray'
      : isObject(value)
        ? 'JSONObject'
        : value === null
          ? 'Null'
          : nameOf(value);
    this.#report(path, `expected type: ${expected}, found: ${found}`);
  }

  #report(path: string, message: string): void {
    this.#problems.push({ path, message });
  }
}

function nameOf(value: string | number | boolean): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Number';
  return typeof value === 'boolean' ? 'Boolean' : 'String';
}
