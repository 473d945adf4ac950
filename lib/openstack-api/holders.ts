import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import type { CloudResource, Holder } from './cloud-api.ts';
import { statusOf } from './errors.ts';
import { type Item, text, valuesAt } from './kinds/kind.ts';
import type { ServiceName } from './session.ts';

/** Where to look for what else may use a thing of a kind. */
interface Question {
  readonly kind: string;
  readonly service: ServiceName;
  readonly path: (id: string) => string;
  readonly key: string;
  /** Field that names the thing; what the service's filter lets through besides is left out. */
  readonly uses: string;
  readonly project?: string;
}

const item = z.record(z.string(), z.unknown());

function neutron(kind: string, collection: string, uses: string, path = `${collection}?${uses}=`): Question {
  const key = collection.split('/').at(-1)?.replaceAll('-', '_') ?? '';
  return { kind, service: 'network', path: (id) => `/${path}${id}`, key, uses };
}

const ofNetwork = [neutron('port', 'ports', 'network_id'), neutron('subnet', 'subnets', 'network_id')];
const ofPolicy = ['port', 'network', 'router'].map((kind) => neutron(kind, `${kind}s`, 'qos_policy_id'));
const ofPool = [neutron('subnet', 'subnets', 'subnetpool_id')];
const ofScope = [neutron('subnet-pool', 'subnetpools', 'address_scope_id')];
// Neutron before 2023.1 has no filter by group: all ports are asked for, with the fewest fields.
const groupFields = 'ports?fields=id&fields=name&fields=project_id&fields=device_owner&fields=security_groups&x=';
const ofGroup: Question[] = [
  { ...neutron('port', 'ports', 'security_groups'), path: () => `/${groupFields.replace('&x=', '')}` },
];
const ofAddresses = [neutron('security-group-rule', 'security-group-rules', 'remote_address_group_id')];

const QUESTIONS: Partial<Readonly<Record<CloudResource['kind'], readonly Question[]>>> = {
  network: ofNetwork,
  'subnet-pool': ofPool,
  'address-scope': ofScope,
  'address-group': ofAddresses,
  'qos-policy': ofPolicy,
  'security-group': ofGroup,
  // What is shared is held by whoever uses it: which kind it is, its id finds out.
  'rbac-policy': [...ofNetwork, ...ofPool, ...ofScope, ...ofAddresses, ...ofPolicy, ...ofGroup],
  router: [
    neutron('floating-address', 'floatingips', 'router_id'),
    neutron('vpn-service', 'vpn/vpnservices', 'router_id'),
  ],
  volume: [
    {
      ...{ kind: 'volume-snapshot', service: 'volume', key: 'snapshots', uses: 'volume_id' },
      path: (id) => `/snapshots/detail?all_tenants=1&volume_id=${id}`,
      project: 'os-extended-snapshot-attributes:project_id',
    },
    {
      ...{ kind: 'server', service: 'compute', key: 'servers', uses: 'os-extended-volumes:volumes_attached.id' },
      path: () => '/servers/detail?all_tenants=1',
      project: 'tenant_id',
    },
  ],
  'volume-snapshot': [
    {
      ...{ kind: 'volume', service: 'volume', key: 'volumes', uses: 'snapshot_id' },
      path: () => '/volumes/detail?all_tenants=1',
      project: 'os-vol-tenant-attr:tenant_id',
    },
  ],
};

/** What of other projects uses a thing, as `CloudApi.holders` says. Costs requests, some over the whole cloud. */
export async function findHolders(client: OpenStackClient, thing: CloudResource): Promise<Holder[]> {
  const used = thing.kind === 'rbac-policy' ? (thing.uses[0] ?? '') : thing.id;
  const found = new Map<string, Holder>();
  for (const question of QUESTIONS[thing.kind] ?? []) {
    for (const each of await ask(client, question, used)) {
      if (!valuesAt(each, question.uses).includes(used)) continue;
      const holder = await toHolder(client, question, each);
      if (holder !== undefined && holder.projectId !== thing.projectId) found.set(holder.id, holder);
    }
  }
  return [...found.values()];
}

async function ask(client: OpenStackClient, { service, path, key }: Question, id: string) {
  try {
    return await client.list(service, path(id), key, item);
  } catch (error) {
    // An extension that is not there, or a filter that this version does not know.
    if (statusOf(error) === 404 || statusOf(error) === 400) return [];
    throw error;
  }
}

/** Routers' ports are said to be their routers; ports of DHCP and metadata are nobody's. */
async function toHolder(
  client: OpenStackClient,
  { kind, project = 'project_id' }: Question,
  found: Item,
): Promise<Holder | undefined> {
  const owner = text(found['device_owner']);
  if (kind === 'port' && /^network:(?:dhcp|distributed)/.test(owner)) return undefined;
  const own = { kind, id: text(found['id']), name: text(found['name']), projectId: text(found[project]) };
  if (kind !== 'port' || !/^network:(?:router_|ha_router)/.test(owner)) return own;
  const id = text(found['device_id']);
  const routers = await client.list('network', `/routers?id=${id}`, 'routers', item);
  const [router] = routers.filter((each) => each['id'] === id);
  return router === undefined
    ? own
    : { kind: 'router', id, name: text(router['name']), projectId: text(router['project_id']) };
}
