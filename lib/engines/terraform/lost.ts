import { z } from 'zod';
import type { OpenStackClient } from '../../openstack-api/client.ts';
import { isThere } from '../../openstack-api/errors.ts';
import type { ServiceName } from '../../openstack-api/session.ts';
import { addressOf, type StateResource, stateSchema } from '../../state/states.ts';
import type { Lost } from '../engine.ts';

/** Whether a cloud has something; throws where it gives no answer. */
export type Exists = (service: ServiceName, path: string) => Promise<boolean>;

/** Only an answer that it is not there proves that: no token, no right and no service are none. */
export function existsIn(client: OpenStackClient): Exists {
  return async (service, path) => {
    const headers = service === 'dns' ? { 'x-auth-all-projects': 'true' } : {};
    return await isThere(() => client.get(service, path, z.unknown(), { headers }));
  };
}

/** Where a thing of each type is asked for by its id. What has none here has no id of its own: it goes with what it joins. */
const PATHS: Readonly<Record<string, readonly [ServiceName, string]>> = {
  openstack_identity_project_v3: ['identity', '/projects'],
  openstack_networking_network_v2: ['network', '/networks'],
  openstack_networking_subnet_v2: ['network', '/subnets'],
  openstack_networking_subnetpool_v2: ['network', '/subnetpools'],
  openstack_networking_addressscope_v2: ['network', '/address-scopes'],
  openstack_networking_router_v2: ['network', '/routers'],
  openstack_networking_port_v2: ['network', '/ports'],
  openstack_networking_secgroup_v2: ['network', '/security-groups'],
  openstack_networking_secgroup_rule_v2: ['network', '/security-group-rules'],
  openstack_networking_floatingip_v2: ['network', '/floatingips'],
  openstack_compute_instance_v2: ['compute', '/servers'],
  openstack_compute_servergroup_v2: ['compute', '/os-server-groups'],
  openstack_compute_flavor_v2: ['compute', '/flavors'],
  openstack_compute_aggregate_v2: ['compute', '/os-aggregates'],
  openstack_blockstorage_volume_v3: ['volume', '/volumes'],
  openstack_blockstorage_volume_type_v3: ['volume', '/types'],
  openstack_images_image_v2: ['image', '/images'],
  openstack_dns_zone_v2: ['dns', '/zones'],
  openstack_lb_loadbalancer_v2: ['balancer', '/lbaas/loadbalancers'],
  openstack_lb_listener_v2: ['balancer', '/lbaas/listeners'],
  openstack_lb_pool_v2: ['balancer', '/lbaas/pools'],
  openstack_lb_monitor_v2: ['balancer', '/lbaas/healthmonitors'],
};

const PROJECT = 'openstack_identity_project_v3';

/** What of a state its cloud no longer has. */
export async function lostIn(text: string, exists: Exists): Promise<Lost> {
  const managed = stateSchema.parse(JSON.parse(text)).resources.filter(({ mode }) => mode === 'managed');
  const gone = new Set<string>();
  const there = new Map<string, string>();
  for (const resource of managed) {
    const asked = PATHS[resource.type];
    if (asked === undefined) continue;
    for (const { attributes, index_key: key } of resource.instances) {
      const { id } = attributes;
      if (typeof id !== 'string' || id === '') continue;
      if (await exists(asked[0], `${asked[1]}/${encodeURIComponent(id)}`)) there.set(addressOf(resource, key), id);
      else gone.add(id);
    }
  }
  const project = managed
    .filter(({ type }) => type === PROJECT)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes['id']))
    .find((id): id is string => typeof id === 'string' && gone.has(id));
  const addresses: string[] = [];
  const orphans: { address: string; id: string }[] = [];
  for (const resource of managed) {
    for (const { attributes, index_key: key } of resource.instances) {
      const address = addressOf(resource, key);
      const id = there.get(address);
      if (id === undefined) {
        const joined = Object.values(attributes).flatMap((value) => (typeof value === 'string' ? [value] : []));
        if (PATHS[resource.type] !== undefined || joined.some((value) => gone.has(value))) addresses.push(address);
      } else if (project !== undefined && isInside(resource, attributes, project)) orphans.push({ address, id });
    }
  }
  return { addresses: addresses.sort(), orphans, project };
}

/** A state without some of its resources, one version later. Pure. */
export function withoutAddresses(text: string, addresses: readonly string[]): string {
  const state = stateSchema.parse(JSON.parse(text));
  const resources = state.resources.flatMap((resource) => {
    const instances = resource.instances.filter(
      ({ index_key: key }) => resource.mode !== 'managed' || !addresses.includes(addressOf(resource, key)),
    );
    return instances.length === 0 ? [] : [{ ...resource, instances }];
  });
  return `${JSON.stringify({ ...state, serial: state.serial + 1, resources }, null, 2)}\n`;
}

/** Servers, their groups and volumes do not say whose they are: they are made in the project that the provider works in. */
const OF_PROVIDER = /^openstack_(?:compute_(?:instance|servergroup)|blockstorage_volume)_v\d$/;

/** In a project that is gone nobody can work: what is left there can only be removed from outside. */
function isInside({ type }: StateResource, attributes: Readonly<Record<string, unknown>>, project: string): boolean {
  return OF_PROVIDER.test(type) || attributes['tenant_id'] === project || attributes['project_id'] === project;
}
