import { type Demand, type ServerDemand, totalOf } from '../config/demand.ts';
import { Cidr, countFree } from '../net/cidr.ts';
import type { CloudSnapshot, HostRoom } from '../openstack-api/snapshot.ts';
import { placeServers, type Unplaced } from '../private-cloud/placement/placement.ts';

/** Something that a cloud has too little of. */
export interface Shortage {
  /** Stable, e.g. `memory`, `quota-nova-cores`. */
  readonly code: string;
  /** Where, in words: `zone rack-a`, `network public`. */
  readonly where: string;
  readonly needed: number;
  readonly available: number;
  readonly unit: string;
  /** What to do about it. */
  readonly fix: string;
}

export interface FitInputs {
  /** The environment that somebody wants now. */
  readonly wanted: Demand;
  /** Everything that is leased on this cloud and not created yet. */
  readonly pending: readonly Demand[];
  readonly snapshot: CloudSnapshot;
  /** Limits that the stack itself sets on the project before it makes anything; the higher counts. */
  readonly planned?: Readonly<Record<string, number>>;
}

const FEWER = 'lower counts or flavors, freeze or destroy another environment, or add hosts';
const APART = 'lower the tier’s count, set its `placement: any`, or add hosts to the zone';

/** Everything that the cloud has too little of; empty where the environment fits. Pure. */
export function checkFit({ wanted, pending, snapshot, planned = {} }: FitInputs): Shortage[] {
  const all = [...pending.filter((demand) => demand.lease !== wanted.lease), wanted];
  const total = (of: (demand: Demand) => number): number => all.reduce((sum, demand) => sum + of(demand), 0);
  const shortages = computeShortages(all, snapshot.hosts);
  const compare = (
    code: string,
    where: string,
    needed: number,
    available: number | undefined,
    unit: string,
    fix: string,
  ) => {
    if (available !== undefined && needed > available) shortages.push({ code, where, needed, available, unit, fix });
  };
  compare(
    'volumes',
    'the volume back end',
    total((demand) => demand.volumeGiB),
    snapshot.volumeGiB,
    'GiB',
    'lower the sizes of volumes, destroy an environment that is no longer needed, or add storage',
  );
  compare(
    'external-addresses',
    'the external network',
    total((demand) => demand.externalAddresses),
    snapshot.externalAddresses,
    'addresses',
    'release floating addresses, or enlarge `allocation` of the external network in config/clouds/',
  );
  const pool = snapshot.subnetPool;
  if (pool !== undefined) {
    const needed = total((demand) => demand.networks);
    // What is of IPv6 is no matter of this pool's.
    const [prefixes = [], taken = []] = [pool.prefixes, pool.taken].map((texts) =>
      texts.filter((text) => Cidr.isValid(text)).map((text) => Cidr.parse(text)),
    );
    const free = countFree(prefixes, taken, wanted.prefixLength);
    compare(
      'subnets',
      'the pool of tenant networks',
      needed,
      free,
      `/${wanted.prefixLength} networks`,
      'destroy an environment that is no longer needed, or enlarge the pool under `tenants` in config/clouds/',
    );
  }
  shortages.push(...quotaShortages(wanted, snapshot, planned));
  return shortages;
}

function computeShortages(all: readonly Demand[], hosts: readonly HostRoom[]): Shortage[] {
  const servers: ServerDemand[] = all.flatMap((demand) => demand.servers);
  const { unplaced } = placeServers(hosts, servers);
  if (unplaced.length === 0) return [];
  const shortages: Shortage[] = [];
  for (const zone of new Set(unplaced.map(({ server }) => server.zone))) {
    const here = hosts.filter((host) => zone === undefined || host.zone === zone);
    const wanted = servers.filter((server) => zone === undefined || server.zone === zone);
    const where = zone === undefined ? 'all zones' : `zone ${zone}`;
    const before = shortages.length;
    if (here.length > 0) {
      for (const [code, key, unit] of RESOURCES) {
        const needed = totalOf(wanted, key);
        const available = totalOf(here, key);
        if (needed > available) shortages.push({ code, where, needed, available, unit, fix: FEWER });
      }
    }
    if (shortages.length === before)
      shortages.push(
        ...placementShortages(
          where,
          here,
          unplaced.filter(({ server }) => server.zone === zone),
        ),
      );
  }
  return shortages;
}

const RESOURCES = [
  ['vcpus', 'vcpus', 'vCPUs'],
  ['memory', 'memoryMiB', 'MiB of memory'],
  ['disk', 'diskGiB', 'GiB of local disk'],
] as const;

/** There is room, but not on one host, or only on a host that carries a server of the same group. */
function placementShortages(where: string, here: readonly HostRoom[], unplaced: readonly Unplaced[]): Shortage[] {
  const shortages: Shortage[] = [];
  if (here.length === 0) {
    const fix = 'enable or repair a compute host of that zone, or correct `zones` in config/clouds/';
    return [{ code: 'no-hosts', where, needed: 1, available: 0, unit: 'hosts that are up', fix }];
  }
  for (const [why, code, unit, fix] of [
    ['apart', 'hosts-apart', 'hosts with room that carry no other server of the tier', APART],
    ['room', 'host-room', 'hosts with that much room', FEWER],
  ] as const) {
    const servers = unplaced.filter((each) => each.why === why);
    const [first] = servers;
    if (first === undefined) continue;
    const { lease, tier, flavor, vcpus, memoryMiB, diskGiB } = first.server;
    const size = `${flavor}: ${vcpus} vCPUs, ${memoryMiB} MiB, ${diskGiB} GiB`;
    const place = `${where}, tier ${tier} of ${lease} (${size})`;
    shortages.push({ code, where: place, needed: servers.length, available: 0, unit, fix });
  }
  return shortages;
}

function quotaShortages(
  wanted: Demand,
  snapshot: CloudSnapshot,
  planned: Readonly<Record<string, number>>,
): Shortage[] {
  const needs = quotaNeeds(wanted);
  return snapshot.quotas.flatMap(({ service, resource, limit, used }) => {
    const key = `${service}-${resource}`;
    const needed = Math.max(needs[key] ?? 0, used);
    const available = limit < 0 ? -1 : Math.max(limit, planned[key] ?? 0);
    if (available < 0 || needed <= available || needs[key] === undefined) return [];
    const fix = 'raise the quota of the project (`headroomPercent` of the blueprint), or delete what uses it';
    return [
      { code: `quota-${key}`, where: `quota of project ${wanted.lease}`, needed, available, unit: resource, fix },
    ];
  });
}

/** What an environment needs of each quota. */
export function quotaNeeds(demand: Demand): Readonly<Record<string, number>> {
  return {
    'nova-instances': demand.servers.length,
    'nova-cores': totalOf(demand.servers, 'vcpus'),
    'nova-ram': totalOf(demand.servers, 'memoryMiB'),
    'cinder-volumes': demand.volumes,
    'cinder-gigabytes': demand.volumeGiB,
    'neutron-network': demand.networks,
    'neutron-subnet': demand.networks,
    'neutron-router': demand.routers,
    'neutron-port': demand.ports,
    'neutron-floatingip': demand.floatingAddresses,
    'octavia-load_balancer': demand.loadBalancers,
  };
}

/** `memory: zone rack-a needs 524288 MiB of memory and has 131072, which is 393216 too few; …` */
export function describeShortage({ code, where, needed, available, unit, fix }: Shortage): string {
  return `${code}: ${where} needs ${needed} ${unit} and has ${available}, which is ${needed - available} too few; ${fix}`;
}
