import type { ServiceName } from '../../../openstack-api/session.ts';

/** A thing of the cloud, as its API tells it. */
export type Thing = Readonly<Record<string, unknown>>;

/** What a search stands on. */
export interface Search {
  /** Values that Terraform plans for the resource; what is not known yet is absent. */
  readonly planned: Thing;
  /** Id of the stack's own project; undefined where it has none, or none yet. */
  readonly project: string | undefined;
  /** Every thing of a collection. */
  list(service: ServiceName, path: string, key: string): Promise<readonly Thing[]>;
}

/** How things of one resource type are found. */
export interface Finder {
  /** Whether things of this type are in a project: the stack's own proves that they are the stack's. */
  readonly inProject: boolean;
  /** Things that may be the resource, by name or by what they join. */
  candidates(search: Search): Promise<readonly Thing[]>;
  /** What `terraform import` calls a thing. @default its `id` */
  importId?(thing: Thing, search: Search): string;
  /** Things that say whose this one is, where it can't say so itself: those that were made on it. @default - none */
  witnesses?(thing: Thing, search: Search): Promise<readonly Thing[]>;
  /** Tells a thing apart that says nothing of its owner, as its parent's: rules, attachments, members. @default false */
  readonly ownedByParent?: boolean;
}

const named = (things: readonly Thing[], { planned }: Search): Thing[] =>
  things.filter((thing) => typeof planned['name'] === 'string' && thing['name'] === planned['name']);

/** A collection, of the stack's own project alone where it has one. */
const inOwn =
  (path: string) =>
  ({ project }: Search): string =>
    project === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}project_id=${project}`;

/** What is found by its name alone. */
const byName = (
  isInProject: boolean,
  service: ServiceName,
  path: string | ((search: Search) => string),
  key: string,
): Finder => ({
  inProject: isInProject,
  candidates: async (search) =>
    named(await search.list(service, typeof path === 'string' ? path : path(search), key), search),
});

const neutron = (collection: string): Finder =>
  byName(true, 'network', inOwn(`/${collection}`), collection.replaceAll('-', '_'));

const octavia = (collection: string): Finder => byName(true, 'balancer', inOwn(`/lbaas/${collection}`), collection);

/** What tells security group rules apart; a side that says nothing agrees with anything empty. */
const RULE = [
  ...['security_group_id', 'direction', 'ethertype', 'protocol', 'port_range_min', 'port_range_max'],
  ...['remote_ip_prefix', 'remote_group_id'],
];

function empty(value: unknown): string {
  return value === null || value === undefined || value === 0 || value === '' ? '' : JSON.stringify(value);
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * By resource type. Absent are those whose creation is safe to repeat: quotas and role assignments are set, not made.
 */
export const FINDERS: Readonly<Record<string, Finder>> = {
  openstack_identity_project_v3: byName(
    false,
    'identity',
    ({ planned }) => `/projects?name=${encodeURIComponent(String(planned['name']))}`,
    'projects',
  ),
  openstack_networking_network_v2: neutron('networks'),
  openstack_networking_subnet_v2: neutron('subnets'),
  openstack_networking_subnetpool_v2: neutron('subnetpools'),
  openstack_networking_addressscope_v2: {
    ...neutron('address-scopes'),
    // Neutron keeps no tag and no description with a scope; the pools in it have both.
    witnesses: async (scope, search) => {
      const pools = await search.list('network', '/subnetpools', 'subnetpools');
      return pools.filter((pool) => pool['address_scope_id'] === scope['id']);
    },
  },
  openstack_networking_router_v2: neutron('routers'),
  openstack_networking_port_v2: neutron('ports'),
  openstack_networking_secgroup_v2: neutron('security-groups'),
  openstack_networking_floatingip_v2: {
    inProject: true,
    candidates: async (search) => {
      const all = await search.list('network', inOwn('/floatingips')(search), 'floatingips');
      return all.filter((thing) => text(thing['description']) === search.planned['description']);
    },
  },
  openstack_networking_secgroup_rule_v2: {
    inProject: true,
    ownedByParent: true,
    candidates: async (search) => {
      const group = text(search.planned['security_group_id']);
      if (group === undefined) return [];
      const rules = await search.list('network', inOwn('/security-group-rules')(search), 'security_group_rules');
      return rules.filter((rule) => RULE.every((key) => empty(rule[key]) === empty(search.planned[key])));
    },
  },
  openstack_networking_router_interface_v2: {
    inProject: true,
    ownedByParent: true,
    candidates: async (search) => {
      const { router_id: router, subnet_id: subnet, port_id: own } = search.planned;
      if (text(router) === undefined || (text(subnet) ?? text(own)) === undefined) return [];
      const ports = await search.list('network', inOwn('/ports')(search), 'ports');
      const isMeant = (port: Thing) =>
        text(own) === undefined ? subnetsOf(port).includes(subnet) : port['id'] === own;
      return ports.filter((port) => port['device_id'] === router && isMeant(port));
    },
  },
  openstack_compute_instance_v2: byName(true, 'compute', inOwn('/servers/detail?all_tenants=1'), 'servers'),
  openstack_compute_servergroup_v2: {
    inProject: true,
    ownedByParent: true,
    candidates: async (search) => {
      const groups = named(
        await search.list('compute', '/os-server-groups?all_projects=True', 'server_groups'),
        search,
      );
      return groups.filter((group) => group['project_id'] === search.project);
    },
  },
  openstack_compute_volume_attach_v2: {
    inProject: true,
    ownedByParent: true,
    candidates: async (search) => {
      const server = text(search.planned['instance_id']);
      if (server === undefined) return [];
      const attachments = await search.list('compute', `/servers/${server}/os-volume_attachments`, 'volumeAttachments');
      return attachments.filter((each) => each['volumeId'] === search.planned['volume_id']);
    },
    importId: (thing) => `${String(thing['serverId'])}/${String(thing['volumeId'])}`,
  },
  openstack_compute_flavor_v2: byName(false, 'compute', '/flavors/detail?is_public=None', 'flavors'),
  openstack_compute_aggregate_v2: byName(false, 'compute', '/os-aggregates', 'aggregates'),
  openstack_blockstorage_volume_v3: byName(true, 'volume', inOwn('/volumes/detail?all_tenants=1'), 'volumes'),
  openstack_blockstorage_volume_type_v3: byName(false, 'volume', '/types?is_public=None', 'volume_types'),
  openstack_images_image_v2: byName(false, 'image', '/images', 'images'),
  openstack_dns_zone_v2: byName(true, 'dns', '/zones', 'zones'),
  openstack_dns_recordset_v2: {
    inProject: true,
    ownedByParent: true,
    candidates: async (search) => {
      const zone = text(search.planned['zone_id']);
      if (zone === undefined) return [];
      const sets = named(await search.list('dns', `/zones/${zone}/recordsets`, 'recordsets'), search);
      return sets.filter((set) => set['type'] === search.planned['type']);
    },
    importId: (thing) => `${String(thing['zone_id'])}/${String(thing['id'])}`,
  },
  openstack_lb_loadbalancer_v2: octavia('loadbalancers'),
  openstack_lb_listener_v2: octavia('listeners'),
  openstack_lb_pool_v2: octavia('pools'),
  openstack_lb_monitor_v2: { ...octavia('healthmonitors'), ownedByParent: true },
};

function subnetsOf(port: Thing): unknown[] {
  const fixed = port['fixed_ips'];
  return Array.isArray(fixed) ? fixed.map((each: Thing) => each['subnet_id']) : [];
}
