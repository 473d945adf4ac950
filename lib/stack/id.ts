import { z } from 'zod';
import { invalidStackId } from './errors.ts';

/**
 * Names a stack: `kolla/<cloud>`, `openstack/<cloud>/{base,link-addresses,link,link-discovery,dev/<name>}`, `aws/<environment>/{network,cluster,link}`,
 * `custom/<name>`. To everybody else it is opaque: this file alone composes ids and takes them apart.
 */
export type StackId = `${string}/${string}`;

const NAME = '[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?';
const PATTERN = new RegExp(`^${NAME}(?:/${NAME})+$`);

/** An id in a file or in what a user wrote. */
export const stackIdSchema = z.string().regex(PATTERN, 'is no stack id') as unknown as z.ZodType<StackId, StackId>;

export const StackId = {
  /** @throws TandemError `invalid-stack-id` */
  parse(text: string): StackId {
    if (!PATTERN.test(text)) throw invalidStackId(text);
    return text as StackId;
  },
  /** A stack of an engine that has ids of its own: what kind it is, then whose. */
  of: (kind: string, ...names: readonly string[]): StackId => StackId.parse([kind, ...names].join('/')),
  /** The tree that deploys a private cloud itself. */
  kolla: (cloud: string): StackId => `kolla/${cloud}`,
  /** What all dev environments of a cloud share. */
  cloudBase: (cloud: string): StackId => `openstack/${cloud}/base`,
  /** Network of a link, with what its other side must know before there are gateways. */
  linkAddresses: (cloud: string): StackId => `openstack/${cloud}/link-addresses`,
  /** Gateways of a link. */
  link: (cloud: string): StackId => `openstack/${cloud}/link`,
  /** Servers of Consul in the network of a link. */
  linkDiscovery: (cloud: string): StackId => `openstack/${cloud}/link-discovery`,
  lease: (cloud: string, name: string): StackId => `openstack/${cloud}/dev/${name}`,
  network: (environment: string): StackId => `aws/${environment}/network`,
  cluster: (environment: string): StackId => `aws/${environment}/cluster`,
  /** Connections of a link. */
  awsLink: (environment: string): StackId => `aws/${environment}/link`,
  custom: (name: string): StackId => `custom/${name}`,
};

/** What an id says. */
export interface StackIdParts {
  /** Cloud, environment, or what a stack outside both is called. */
  readonly owner: string;
  /** Private cloud that the stack is in, or is. */
  readonly cloud?: string;
  /** AWS environment that the stack belongs to. */
  readonly environment?: string;
  /** Lease that the stack is. */
  readonly lease?: string;
  /** What stacks of other owners share with it, for a row of a table: `openstack base`, `kolla/paris`. */
  readonly kind: string;
  /** Whether the owner has other stacks beside this one. */
  readonly isPart: boolean;
}

export function partsOf(id: StackId): StackIdParts {
  const [room = '', owner = '', part, name] = id.split('/');
  const isPart = part !== undefined;
  const common = { owner, isPart, kind: isPart ? `${room} ${part}` : id };
  if (room === 'aws') return { ...common, environment: owner };
  if (room !== 'openstack' && room !== 'kolla') return common;
  return { ...common, cloud: owner, ...(part === 'dev' && name !== undefined ? { lease: name } : {}) };
}

/** The stack of the same owner that this one always stands on: a cloud's base, an environment's network, the network of a link. */
export function foundationOf(id: StackId): StackId | undefined {
  const { owner, cloud, environment, isPart } = partsOf(id);
  const found =
    cloud !== undefined && isPart
      ? id === StackId.link(owner) || id === StackId.linkDiscovery(owner)
        ? StackId.linkAddresses(owner)
        : StackId.cloudBase(owner)
      : environment !== undefined
        ? StackId.network(owner)
        : undefined;
  return found === id ? undefined : found;
}

/** Name of a stack in artefacts: `openstack/paris/dev/alice` is `openstack-paris-dev-alice`. Unique: cloud names have no hyphen. */
export function artefactName(id: StackId): string {
  return id.replaceAll('/', '-');
}

/** The name that means this stack, beside its id: its lease's, else its owner's. */
export function shortNameOf(id: StackId): string {
  const { lease, owner } = partsOf(id);
  return lease ?? owner;
}

/** Ids with what they share with the first one said once: `openstack/paris/dev/alice`, `bruno`. */
export function abbreviateIds([first, ...others]: readonly StackId[]): string[] {
  if (first === undefined) return [];
  const shared = first.slice(0, first.lastIndexOf('/') + 1);
  return [first, ...others.map((id) => (id.startsWith(shared) ? id.slice(shared.length) : id))];
}

export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
