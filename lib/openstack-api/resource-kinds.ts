import type { CloudResource, ResourceKind } from './cloud-api.ts';
import type { ServiceName } from './session.ts';

type Item = Readonly<Record<string, unknown>>;

/** How one kind of resource is listed, recognised and deleted. */
export interface KindOfResource {
  readonly kind: ResourceKind;
  readonly service: ServiceName;
  /** Collection, as asked for by somebody who may see all projects. */
  list(projectId: string): string;
  readonly key: string;
  /** Path of one. */
  one(id: string): string;
  /** Key that holds the project. */
  readonly project: string;
  readonly name?: string;
  readonly size?: (item: Item) => number;
  /** What the project owns only through something else is left to that. */
  readonly isOwn?: (item: Item) => boolean;
  /** Designate shows and deletes the zones of others only with this. */
  readonly headers?: (projectId: string) => Readonly<Record<string, string>>;
  /** A service of the catalogue may come without the extension; then there is nothing of the kind. */
  readonly optional?: boolean;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const gib = (item: Item): number => (typeof item['size'] === 'number' ? item['size'] : 0);
const allTenants = (path: string) => (id: string) => `${path}?all_tenants=1&project_id=${id}`;

function neutron(kind: ResourceKind, path: string, key: string, more: Partial<KindOfResource> = {}): KindOfResource {
  return {
    kind,
    service: 'network',
    list: (id) => `/${path}?project_id=${id}`,
    key,
    one: (id) => `/${path}/${id}`,
    project: 'project_id',
    ...more,
  };
}

/** All kinds, as OpenStack's services have them. */
export const KINDS: readonly KindOfResource[] = [
  {
    kind: 'load-balancer',
    service: 'balancer',
    list: (id) => `/lbaas/loadbalancers?project_id=${id}`,
    key: 'loadbalancers',
    one: (id) => `/lbaas/loadbalancers/${id}?cascade=true`,
    project: 'project_id',
  },
  {
    kind: 'server',
    service: 'compute',
    list: allTenants('/servers/detail'),
    key: 'servers',
    one: (id) => `/servers/${id}`,
    project: 'tenant_id',
  },
  {
    kind: 'server-group',
    service: 'compute',
    // It takes no project: the caller filters.
    list: () => '/os-server-groups?all_projects=true',
    key: 'server_groups',
    one: (id) => `/os-server-groups/${id}`,
    project: 'project_id',
  },
  neutron('floating-address', 'floatingips', 'floatingips', { name: 'floating_ip_address' }),
  {
    kind: 'volume-backup',
    service: 'volume',
    list: allTenants('/backups/detail'),
    key: 'backups',
    one: (id) => `/backups/${id}`,
    project: 'os-backup-project-attr:project_id',
    size: gib,
    // Without a backup service it answers 404.
    optional: true,
  },
  {
    kind: 'volume-snapshot',
    service: 'volume',
    list: allTenants('/snapshots/detail'),
    key: 'snapshots',
    one: (id) => `/snapshots/${id}`,
    project: 'os-extended-snapshot-attributes:project_id',
    size: gib,
  },
  {
    kind: 'volume',
    service: 'volume',
    list: allTenants('/volumes/detail'),
    key: 'volumes',
    one: (id) => `/volumes/${id}`,
    project: 'os-vol-tenant-attr:tenant_id',
    size: gib,
  },
  {
    kind: 'image',
    service: 'image',
    list: (id) => `/images?owner=${id}&visibility=all`,
    key: 'images',
    one: (id) => `/images/${id}`,
    project: 'owner',
    size: (item) => Math.ceil(gib(item) / 1024 ** 3),
  },
  neutron('vpn-connection', 'vpn/ipsec-site-connections', 'ipsec_site_connections', { optional: true }),
  neutron('vpn-service', 'vpn/vpnservices', 'vpnservices', { optional: true }),
  neutron('vpn-endpoint-group', 'vpn/endpoint-groups', 'endpoint_groups', { optional: true }),
  neutron('router', 'routers', 'routers'),
  neutron('port', 'ports', 'ports', {
    isOwn: (item) =>
      /^(?:compute:.*|)$/.test(text(item['device_owner'])) && !/^(?:ovn|octavia)-lb-/.test(text(item['name'])),
  }),
  neutron('network', 'networks', 'networks'),
  neutron('security-group', 'security-groups', 'security_groups', {
    // To ask for those of a project makes its default group, even of a project that is gone: the caller filters instead.
    list: () => '/security-groups?fields=id&fields=name&fields=project_id',
  }),
  {
    kind: 'zone',
    service: 'dns',
    list: () => '/zones?limit=1000',
    key: 'zones',
    one: (id) => `/zones/${id}`,
    project: 'project_id',
    headers: (id) => ({ 'x-auth-sudo-project-id': id }),
  },
];

/** An item of a collection, where it belongs to the project; undefined otherwise, whatever the service was asked for. */
export function toResource(kind: KindOfResource, item: Item, projectId: string): CloudResource | undefined {
  const id = item['id'];
  if (typeof id !== 'string' || item[kind.project] !== projectId) return undefined;
  if (kind.isOwn !== undefined && !kind.isOwn(item)) return undefined;
  return {
    kind: kind.kind,
    id,
    name: text(item[kind.name ?? 'name']),
    projectId,
    sizeGiB: kind.size?.(item) ?? 0,
  };
}
