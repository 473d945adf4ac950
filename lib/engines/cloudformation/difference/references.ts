import { isRecord } from '../../../text/json.ts';

/** What a template's value refers to. */
export interface Reference {
  /** Logical id of a resource; `Parameters.X`, `Conditions.X`, `Mappings.X` of the rest, `Imports.X` of other stacks'. */
  readonly address: string;
  /** Attribute of `Fn::GetAtt`; empty for `Ref`, which gives the id or name. */
  readonly attribute: string;
}

type Section = Readonly<Record<string, unknown>>;

/** Every reference in a value, those inside of functions included. @param parameters the template's */
export function referencesIn(value: unknown, parameters: Section): Reference[] {
  if (Array.isArray(value)) return value.flatMap((each) => referencesIn(each, parameters));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [named(String(inner), parameters)];
    if (key === 'Fn::GetAtt') return [attributeOf(inner)];
    if (key === 'Fn::ImportValue' && typeof inner === 'string') return [{ address: `Imports.${inner}`, attribute: '' }];
    if (key === 'Fn::Sub') return [...substituted(inner, parameters), ...referencesIn(inner, parameters)];
    if (key === 'Fn::If' && Array.isArray(inner))
      return [{ address: `Conditions.${String(inner[0])}`, attribute: '' }, ...referencesIn(inner, parameters)];
    if (key === 'Condition' && typeof inner === 'string') return [{ address: `Conditions.${inner}`, attribute: '' }];
    if (key === 'Fn::FindInMap' && Array.isArray(inner) && typeof inner[0] === 'string')
      return [{ address: `Mappings.${inner[0]}`, attribute: '' }, ...referencesIn(inner, parameters)];
    return referencesIn(inner, parameters);
  });
}

function named(name: string, parameters: Section): Reference {
  const [id = '', ...rest] = name.split('.');
  return rest.length === 0 && Object.hasOwn(parameters, name)
    ? { address: `Parameters.${name}`, attribute: '' }
    : { address: id, attribute: rest.join('.') };
}

/** `["Vpc", "CidrBlock"]` or `"Vpc.CidrBlock"`. */
function attributeOf(value: unknown): Reference {
  const [address = '', ...rest] = Array.isArray(value) ? value.map(String) : String(value).split('.');
  return { address, attribute: rest.join('.') };
}

/** `${Vpc}` and `${Vpc.CidrBlock}` of a text; those that it is given values for are its own. */
function substituted(value: unknown, parameters: Section): Reference[] {
  const [text, own] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (typeof text !== 'string') return [];
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map(([, name = '']) => name.trim())
    .filter((name) => !(isRecord(own) && Object.hasOwn(own, name)))
    .map((name) => named(name, parameters));
}
