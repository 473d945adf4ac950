import { referencesIn } from '../../../../lib/engines/terraform/difference/references.ts';
import { idOf } from './stand-in.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is needed of `terraform show -json` of a plan that creates everything. */
export interface CreatePlan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly change: { readonly after: Json | null; readonly after_unknown: Json };
  }[];
}

/** What is needed of `terraform providers schema -json`. */
export type Schemas = Readonly<Record<string, Schema>>;

interface Schema {
  readonly version: number;
  readonly block: {
    readonly attributes?: Readonly<Record<string, { readonly type: unknown; readonly sensitive?: boolean }>>;
  };
}

/**
 * A state in which everything is there that a plan creates: what the plan knows with the provider's defaults, references to what they
 * lead to, and of the right type whatever only the cloud would have told.
 */
export function fabricateState(plan: CreatePlan, root: Json, schemas: Schemas, provider: string): string {
  const managed = plan.resource_changes.filter((each) => each.mode === 'managed');
  const bodies = root['resource'] as Readonly<Record<string, Readonly<Record<string, Json>>>>;
  const known = new Map(managed.map((each) => [each.address, each]));
  const made = new Map<string, Record<string, unknown>>();

  const attributesOf = (address: string): Record<string, unknown> => {
    const done = made.get(address);
    if (done !== undefined) return done;
    const each = known.get(address);
    if (each === undefined) return { id: idOf(String(lookedUp(root, address))), user_id: idOf('deployer') };
    const attributes: Record<string, unknown> = { ...each.change.after };
    made.set(address, attributes);
    const body = bodies[each.type]?.[each.name] ?? {};
    attributes['id'] = idOf(address);
    for (const [name, unknown] of Object.entries(each.change.after_unknown)) {
      if (name === 'id' || unknown === false || (Array.isArray(unknown) && unknown.length === 0)) continue;
      const type = schemas[each.type]?.block.attributes?.[name]?.type;
      if (body[name] !== undefined) attributes[name] = merge(attributes[name], resolve(body[name], type), unknown);
      else if (unknown === true) attributes[name] = told(address, name, type);
    }
    return attributes;
  };
  const resolve = (value: unknown, type: unknown): unknown => {
    if (Array.isArray(value)) return value.map((inner) => resolve(inner, undefined));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, undefined)]));
    if (typeof value !== 'string' || referencesIn(value).length === 0) return value;
    const result = value.replace(
      /\$\{((?:data\.)?[\w-]+\.[\w-]+)\.(\w+)(?:\[(\d+)\])?\}/g,
      (_all, address, name, at) => {
        const found = attributesOf(String(address))[String(name)];
        return String(Array.isArray(found) ? found[Number(at ?? 0)] : found);
      },
    );
    return type === 'number' ? Number(result) : result;
  };
  const resources = managed.map(({ address, type, name }) => {
    const alias = bodies[type]?.[name]?.['provider'];
    const suffix = typeof alias === 'string' ? `.${alias.split('.')[1] ?? ''}` : '';
    return {
      ...{ mode: 'managed', type, name, provider: `provider["${provider}"]${suffix}` },
      instances: [
        {
          schema_version: schemas[type]?.version ?? 0,
          attributes: attributesOf(address),
          sensitive_attributes: marked(schemas[type]),
        },
      ],
    };
  });
  return JSON.stringify({
    version: 4,
    terraform_version: '1.6.0',
    serial: 1,
    lineage: 'fabricated',
    outputs: {},
    resources,
  });
}

/** Blocks: the plan has what it knows, with nulls where the reference stands. */
function merge(planned: unknown, resolved: unknown, unknown: unknown): unknown {
  if (unknown === true || planned === null || planned === undefined) return resolved;
  if (Array.isArray(unknown) && Array.isArray(planned) && Array.isArray(resolved))
    return planned.map((each, index): unknown => merge(each, resolved[index], unknown[index] ?? false));
  if (typeof unknown === 'object' && unknown !== null && typeof planned === 'object' && typeof resolved === 'object') {
    const marks = unknown as Json;
    const own = planned as Json;
    const other = (resolved ?? {}) as Json;
    return Object.fromEntries(
      [...new Set([...Object.keys(own), ...Object.keys(marks)])].map((key) => [
        key,
        marks[key] === undefined || marks[key] === false ? own[key] : merge(own[key], other[key] ?? '', marks[key]),
      ]),
    );
  }
  return planned;
}

function told(address: string, name: string, type: unknown): unknown {
  if (type === 'string') return `${idOf(address).slice(0, 8)}-${name}`;
  if (type === 'number') return 1;
  if (type === 'bool') return false;
  const [kind, inner] = Array.isArray(type) ? (type as unknown[]) : [];
  if (kind === 'list' || kind === 'set') return inner === 'string' ? [`${idOf(address).slice(0, 8)}-${name}`] : [];
  return kind === 'map' ? {} : null;
}

function lookedUp(root: Json, address: string): unknown {
  const [, type = '', name = ''] = address.split('.');
  return (root['data'] as Readonly<Record<string, Readonly<Record<string, Json>>>>)[type]?.[name]?.['name'];
}

/** Terraform would write the marks that are missing, and call that an update. */
function marked(schema: Schema | undefined): unknown {
  const names = Object.entries(schema?.block.attributes ?? {}).filter(([, attribute]) => attribute.sensitive === true);
  return names.map(([value]) => [{ type: 'get_attr', value }]);
}
