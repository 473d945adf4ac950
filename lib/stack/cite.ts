import type { IConstruct } from 'constructs';
import type { Attributes, CitedAttributes } from './cited-attributes.ts';
import type { ConfigRef } from './config-ref.ts';

/** A value of the configuration that a resource, or one attribute of it, was made from. */
export interface Citation extends ConfigRef {
  /** Dotted path of the attribute; absent where the whole resource stands on the value. */
  readonly attribute?: string;
}

const citations = new WeakMap<IConstruct, Citation[]>();

/**
 * Records which values of the configuration a construct was made from: `why`, `plan` and reviews stand on it. What is said of a
 * construct holds for the resources inside it; attributes are said of resources. Costs nothing in the artefact.
 */
export function cite<T extends IConstruct>(construct: T, reference: ConfigRef, ...attributes: Attributes<T>[]): T {
  const own = citations.get(construct) ?? [];
  own.push(plain(reference), ...attributes.flatMap((each) => attributeCitations(each as CitedAttributes)));
  citations.set(construct, own);
  return construct;
}

/** What a resource was made from, nearest first: its own citations, then those of the constructs around it. */
export function citationsOf(construct: IConstruct): Citation[] {
  const found: Citation[] = [];
  for (const scope of [...construct.node.scopes].reverse()) found.push(...(citations.get(scope) ?? []));
  return found;
}

/** `{ A: { B: [ref] } }` as a citation of `A.B[0]`. */
function attributeCitations(attributes: CitedAttributes, around = ''): Citation[] {
  const isList = Array.isArray(attributes);
  return Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const attribute = isList ? `${around}[${key}]` : around === '' ? key : `${around}.${key}`;
    return isRef(value) ? [{ ...plain(value), attribute }] : attributeCitations(value, attribute);
  });
}

function isRef(value: ConfigRef | CitedAttributes): value is ConfigRef {
  return 'kind' in value && 'path' in value && Array.isArray(value.path);
}

function plain({ kind, name, path }: ConfigRef): ConfigRef {
  return { kind, name, path };
}
