import { isRecord } from '../../../text/json.ts';

export type Body = Readonly<Record<string, unknown>>;

/** A block of a Terraform root that has an address. */
export interface Block {
  /** `openstack_compute_instance_v2.web-1`, `data.openstack_images_image_v2.debian`, `output.address`, `provider.openstack`. */
  readonly address: string;
  readonly kind: 'resource' | 'data' | 'output' | 'provider' | 'variable' | 'local' | 'module' | 'terraform';
  /** The provider's type; for other blocks their kind. */
  readonly type: string;
  readonly body: Body;
}

export interface Move {
  readonly from: string;
  readonly to: string;
}

/** A `cdk.tf.json` as Terraform reads it. */
export interface Root {
  readonly blocks: ReadonlyMap<string, Block>;
  readonly moved: readonly Move[];
  /** By address: the id that is adopted. */
  readonly imports: ReadonlyMap<string, string>;
  /** Addresses that leave the state without being destroyed. */
  readonly forgotten: ReadonlySet<string>;
}

export function parseRoot(text: string | undefined): Root {
  return rootOf(text === undefined ? {} : (JSON.parse(text) as Body));
}

export function rootOf(json: Body): Root {
  const blocks = new Map<string, Block>();
  const add = (address: string, kind: Block['kind'], type: string, body: unknown) =>
    blocks.set(address, { address, kind, type, body: withoutMetadata(body) });
  for (const kind of ['resource', 'data'] as const) {
    for (const [type, byName] of entries(json[kind])) {
      for (const [name, body] of entries(byName))
        add(`${kind === 'data' ? 'data.' : ''}${type}.${name}`, kind, type, body);
    }
  }
  for (const kind of ['output', 'variable', 'module'] as const) {
    for (const [name, body] of entries(json[kind])) add(`${kind}.${name}`, kind, kind, body);
  }
  for (const [name, value] of entries(json['locals'])) add(`local.${name}`, 'local', 'local', { value });
  for (const [name, bodies] of entries(json['provider'])) {
    for (const body of listOf(bodies)) {
      const alias = body['alias'];
      add(typeof alias === 'string' ? `provider.${name}.${alias}` : `provider.${name}`, 'provider', 'provider', body);
    }
  }
  for (const settings of listOf(json['terraform'])) {
    for (const [name, value] of entries(settings)) add(`terraform.${name}`, 'terraform', 'terraform', { value });
  }
  return {
    blocks,
    moved: listOf(json['moved']).map((each) => ({ from: addressOf(each['from']), to: addressOf(each['to']) })),
    imports: new Map(listOf(json['import']).map((each) => [addressOf(each['to']), String(each['id'])])),
    forgotten: new Set(
      listOf(json['removed'])
        .filter((each) => listOf(each['lifecycle']).some((lifecycle) => lifecycle['destroy'] === false))
        .map((each) => addressOf(each['from'])),
    ),
  };
}

/** A block may be written as one map or as a list of maps. */
export function listOf(value: unknown): Body[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(isRecord);
}

/** JSON takes addresses bare or as `${…}`. */
export function addressOf(value: unknown): string {
  return String(value).replace(/^\$\{(.*)\}$/, '$1');
}

function entries(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value).filter(([name]) => name !== '//') : [];
}

function withoutMetadata(body: unknown): Body {
  return Object.fromEntries(entries(body));
}
