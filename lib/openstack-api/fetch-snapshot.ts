import { z } from 'zod';
import { shortName } from '../private-cloud/status/short-name.ts';
import type { OpenStackClient } from './client.ts';
import { listOwn } from './list-own.ts';
import type { CloudSnapshot, HostRoom, QuotaUse, SnapshotRequest } from './snapshot.ts';

/** Asks every service at once: the slowest one decides how long it takes. */
export async function fetchSnapshot(client: OpenStackClient, request: SnapshotRequest): Promise<CloudSnapshot> {
  const [hosts, volumeGiB, externalAddresses, subnetPool, quotas] = await Promise.all([
    fetchHosts(client),
    fetchVolumeRoom(client),
    fetchExternalRoom(client, request.externalNetwork),
    fetchPool(client, request.subnetPool),
    Promise.resolve(request.projectId).then((id) => (id === undefined ? [] : fetchQuotas(client, id))),
  ]);
  return { hosts, volumeGiB, externalAddresses, subnetPool, quotas };
}

const summary = z.object({ capacity: z.number(), used: z.number() });
const candidates = z.object({
  provider_summaries: z.record(
    z.string(),
    z.object({ root_provider_uuid: z.string().optional(), resources: z.record(z.string(), summary) }),
  ),
});
const provider = z.object({ uuid: z.string(), name: z.string() });
const aggregate = z.object({ hosts: z.array(z.string()), availability_zone: z.string().nullish() });
const service = z.object({ host: z.string(), status: z.string(), state: z.string(), zone: z.string().nullish() });

/** Room by host. Placement's candidates carry capacity (ratio and reserve counted) and use of every host in one answer. */
export async function fetchHosts(client: OpenStackClient): Promise<HostRoom[]> {
  const [room, providers, aggregates, services] = await Promise.all([
    client.get('placement', '/allocation_candidates?resources=VCPU:1', candidates),
    client.list('placement', '/resource_providers', 'resource_providers', provider),
    client.list('compute', '/os-aggregates', 'aggregates', aggregate),
    client.list('compute', '/os-services?binary=nova-compute', 'services', service),
  ]);
  const names = new Map(providers.map(({ uuid, name }) => [uuid, name]));
  const zoneOf = new Map<string, string>();
  for (const { hosts, availability_zone: zone } of aggregates) {
    if (typeof zone === 'string') for (const host of hosts) zoneOf.set(shortName(host), zone);
  }
  const usable = new Map(
    services.map(({ host, status, state, zone }) => [
      shortName(host),
      { ok: status === 'enabled' && state === 'up', zone },
    ]),
  );
  return Object.entries(room.provider_summaries).flatMap(([uuid, { resources }]) => {
    const name = names.get(uuid);
    if (name === undefined || resources['VCPU'] === undefined) return [];
    const host = usable.get(shortName(name));
    if (host?.ok === false) return [];
    const left = (resource: string): number => {
      const found = resources[resource];
      return found === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, found.capacity - found.used);
    };
    const zone = zoneOf.get(shortName(name)) ?? host?.zone ?? undefined;
    return [{ name, zone, vcpus: left('VCPU'), memoryMiB: left('MEMORY_MB'), diskGiB: left('DISK_GB') }];
  });
}

const gigabytes = z.union([z.number(), z.string()]).optional();
const pool = z.object({
  capabilities: z.looseObject({ free_capacity_gb: gigabytes, total_capacity_gb: gigabytes }),
});

async function fetchVolumeRoom(client: OpenStackClient): Promise<number | undefined> {
  if (!(await client.has('volume'))) return undefined;
  const pools = await client.list('volume', '/scheduler-stats/get_pools?detail=true', 'pools', pool);
  let sum = 0;
  for (const { capabilities } of pools) {
    const free = Number(capabilities.free_capacity_gb);
    // Some back ends say `infinite` or `unknown`: nothing is known, and nothing refused.
    if (!Number.isFinite(free)) return undefined;
    sum += free;
  }
  return pools.length === 0 ? undefined : Math.floor(sum);
}

const availability = z.object({ network_name: z.string(), total_ips: z.number(), used_ips: z.number() });

async function fetchExternalRoom(client: OpenStackClient, network: string | undefined): Promise<number | undefined> {
  if (network === undefined) return undefined;
  const path = `/network-ip-availabilities?network_name=${encodeURIComponent(network)}&ip_version=4`;
  const [found] = await client.list('network', path, 'network_ip_availabilities', availability);
  return found === undefined ? undefined : Math.max(0, found.total_ips - found.used_ips);
}

const subnetPool = z.object({ id: z.string(), prefixes: z.array(z.string()) });
const subnet = z.object({ cidr: z.string() });

async function fetchPool(client: OpenStackClient, name: string | undefined): Promise<CloudSnapshot['subnetPool']> {
  if (name === undefined) return undefined;
  const path = `/subnetpools?name=${encodeURIComponent(name)}`;
  const [found] = await client.list('network', path, 'subnetpools', subnetPool);
  if (found === undefined) return undefined;
  const taken = await client.list('network', `/subnets?subnetpool_id=${found.id}&fields=cidr`, 'subnets', subnet);
  return { prefixes: found.prefixes, taken: taken.map(({ cidr }) => cidr) };
}

const usage = z.object({ limit: z.number(), used: z.number().optional(), in_use: z.number().optional() });
const neutronDetails = z.object({ quota: z.record(z.string(), usage) });

async function fetchQuotas(client: OpenStackClient, projectId: string): Promise<QuotaUse[]> {
  const [nova, cinder, neutron] = await Promise.all([
    client.get(
      'compute',
      `/os-quota-sets/${projectId}/detail`,
      z.object({ quota_set: z.record(z.string(), z.unknown()) }),
    ),
    (await client.has('volume'))
      ? client.get(
          'volume',
          `/os-quota-sets/${projectId}?usage=true`,
          z.object({ quota_set: z.record(z.string(), z.unknown()) }),
        )
      : { quota_set: {} },
    client.get('network', `/quotas/${projectId}/details.json`, neutronDetails),
  ]);
  return [
    ...usesOf('nova', ['instances', 'cores', 'ram'], nova.quota_set),
    ...usesOf('cinder', ['volumes', 'gigabytes'], cinder.quota_set),
    ...usesOf('neutron', ['network', 'subnet', 'router', 'port', 'floatingip'], neutron.quota),
    ...(await fetchBalancerQuota(client, projectId)),
  ];
}

/** Octavia tells limits, not uses: these are counted. */
async function fetchBalancerQuota(client: OpenStackClient, projectId: string): Promise<QuotaUse[]> {
  if (!(await client.has('balancer'))) return [];
  const [{ quota }, balancers] = await Promise.all([
    client.get(
      'balancer',
      `/lbaas/quotas/${projectId}`,
      z.object({ quota: z.looseObject({ load_balancer: z.number().nullish(), loadbalancer: z.number().nullish() }) }),
    ),
    listOwn(client, 'load-balancer', projectId, z.object({ id: z.string() })),
  ]);
  const limit = quota.load_balancer ?? quota.loadbalancer ?? -1;
  return [{ service: 'octavia', resource: 'load_balancer', limit, used: balancers.length }];
}

function usesOf(
  serviceName: QuotaUse['service'],
  resources: readonly string[],
  set: Readonly<Record<string, unknown>>,
): QuotaUse[] {
  return resources.flatMap((resource) => {
    const parsed = usage.safeParse(set[resource]);
    if (!parsed.success) return [];
    const { limit, used, in_use: inUse } = parsed.data;
    return [{ service: serviceName, resource, limit, used: used ?? inUse ?? 0 }];
  });
}
