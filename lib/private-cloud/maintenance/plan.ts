import type { Cloud } from '../../config/schema/cloud.ts';
import type { Placement } from '../placement/placement.ts';
import type { Topology, TopologyHost } from '../topology/topology.ts';
import { groupsOf } from './groups.ts';
import { isBearable, type Judge, judgeOf, type Refusal } from './judge.ts';
import { reasonOf } from './words.ts';

/** Hosts that are out of service at once. */
export interface MaintenanceGroup {
  /** Unique in its plan and stable: what a resume goes by. */
  readonly key: string;
  readonly rack: string;
  readonly hosts: readonly string[];
  /** Servers that move away first, and their memory, of which the time depends. */
  readonly moves: { readonly servers: number; readonly memoryMiB: number };
  /** Members that stay of each service that misses some. */
  readonly stays: readonly { readonly what: string; readonly left: number; readonly of: number }[];
  /** Room of each zone that misses hosts, once its largest other host fails as well. */
  readonly room: readonly { readonly zone: string; readonly memoryMiB: number; readonly vcpus: number }[];
  /** What their absence stops, or leaves without a spare; but for what watches alone, empty unless it was asked for. */
  readonly costs: readonly string[];
  /** What is the operator's to do, since neither Tandem nor Kolla does it. */
  readonly asks: readonly string[];
  /** Predicted. */
  readonly seconds: number;
}

export interface MaintenancePlan {
  readonly cloud: string;
  /** In the order in which they go. */
  readonly groups: readonly MaintenanceGroup[];
  readonly seconds: number;
}

/** A host that may not go, not even alone, and why. */
export interface RefusedHost {
  readonly host: string;
  readonly refusal: Refusal;
}

export interface MaintenanceRequest {
  readonly cloud: Cloud;
  readonly topology: Topology;
  readonly placement: Placement;
  readonly hosts: readonly string[];
  /** Takes hosts too whose absence stops a service or leaves no spare: each goes alone. @default false */
  readonly degraded?: boolean;
}

/** Memory that a host sends to others while Nova moves its servers, one after the other (`max_concurrent_live_migrations`): 5 Gbit/s. */
const MIGRATION_MIB_PER_SECOND = 600;
/** A server of hardware: firmware included. */
const REBOOT_SECONDS = 300;
/** From SSH to every container healthy and every member synced. */
const RETURN_SECONDS = 120;

/**
 * Which hosts go at once, in which order. Hosts that may not go even alone are refused, all at once. The deployment host goes last:
 * Tandem runs there. Pure.
 */
export function planMaintenance(request: MaintenanceRequest): MaintenancePlan | { readonly refused: RefusedHost[] } {
  const { topology, placement, degraded = false } = request;
  const judge = judgeOf(request.cloud, topology, placement);
  const wanted = new Set(request.hosts);
  const going = topology.hosts.filter(({ name }) => wanted.has(name));
  const alone = new Map(going.map(({ name }) => [name, judge.refusalOf([name])]));
  const refused = going.flatMap(({ name: host }) => {
    const refusal = alone.get(host);
    return refusal === undefined || (degraded && isBearable(refusal)) ? [] : [{ host, refusal }];
  });
  if (refused.length > 0) return { refused };
  const [costly, free] = split(going, ({ name }) => alone.get(name) !== undefined);
  const [last, first] = split(free, ({ roles }) => roles.includes('deployment'));
  const sets = [
    ...topology.racks.flatMap((rack) => judgedGroups(first.filter((host) => host.rack === rack).map(nameOf), judge)),
    ...[...costly, ...last].map(({ name }) => [name]),
  ];
  return describeGroups(sets, request);
}

/** Groups are found at a glance, and each is judged; what that finds is known at the next glance. */
function judgedGroups(hosts: readonly string[], judge: Judge): string[][] {
  for (;;) {
    const groups = groupsOf(hosts, (group) => judge.mayGo(group));
    if (groups.every((group) => judge.refusalOf(group) === undefined)) return groups;
  }
}

/** A plan of groups that are given, as they would go now. */
export function describeGroups(
  sets: readonly (readonly string[])[],
  { cloud, topology, placement }: Pick<MaintenanceRequest, 'cloud' | 'topology' | 'placement'>,
): MaintenancePlan {
  const judge = judgeOf(cloud, topology, placement);
  const groups = sets.map((hosts) => ({
    ...groupOf(hosts, judge, placement, judge.refusalOf(hosts)),
    asks: asksOf(hosts, cloud, topology),
  }));
  return { cloud: topology.cloud, groups, seconds: groups.reduce((sum, { seconds }) => sum + seconds, 0) };
}

function groupOf(
  hosts: readonly string[],
  { topology, limits }: Judge,
  placement: Placement,
  refusal: Refusal | undefined,
): Omit<MaintenanceGroup, 'asks'> {
  const going = new Set(hosts);
  const carried = hosts.map((host) => loadOf(placement, host));
  const missed = limits.flatMap((limit) => {
    const gone = hosts.filter((host) => limit.hosts.has(host)).length;
    return gone === 0 ? [] : [{ what: limit.what, left: limit.hosts.size - gone, of: limit.hosts.size }];
  });
  const drain = Math.max(0, ...carried.map(({ memoryMiB }) => memoryMiB)) / MIGRATION_MIB_PER_SECOND;
  return {
    key: `maintain ${hosts.join(' ')}`,
    rack: topology.hosts.find(({ name }) => going.has(name))?.rack ?? '',
    hosts,
    moves: {
      servers: carried.reduce((sum, { servers }) => sum + servers, 0),
      memoryMiB: carried.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0),
    },
    stays: missed.filter(({ left }) => left > 0),
    room: roomBeside(placement, going),
    costs: [
      ...missed.filter(({ left }) => left === 0).map(({ what }) => `stops ${what}`),
      ...(refusal?.kind === 'room' ? [`no spare host meanwhile: ${reasonOf(refusal)}`] : []),
    ],
    seconds: Math.ceil(drain + REBOOT_SECONDS + RETURN_SECONDS),
  };
}

/** Ceph is set up by no one here; it copies what a host has elsewhere once that was down for `mon_osd_down_out_interval`, ten minutes. */
function asksOf(hosts: readonly string[], { storage }: Cloud, topology: Topology): string[] {
  const own = topology.hosts.filter(({ name, roles }) => hosts.includes(name) && roles.includes('storage'));
  if (storage.backend !== 'ceph' || own.length === 0) return [];
  const names = own.map(nameOf).join(' ');
  return [
    `Ceph, before: \`ceph osd set-group noout ${names}\`, hosts as Ceph names them, so that it copies nothing meanwhile`,
    `Ceph, after: \`ceph osd unset-group noout ${names}\`; then wait for HEALTH_OK, before the next group goes`,
  ];
}

function loadOf({ hosts, index, servers }: Placement, name: string): { servers: number; memoryMiB: number } {
  const carried = index.carried[hosts.findIndex((host) => host.name === name)] ?? [];
  return {
    servers: carried.length,
    memoryMiB: carried.reduce((sum, server) => sum + (servers[server]?.memoryMiB ?? 0), 0),
  };
}

/** What no placement can change: capacity of who stays, without the largest, less what all servers of the zone take. */
function roomBeside(placement: Placement, going: ReadonlySet<string>): MaintenanceGroup['room'] {
  const { hosts, hostOf, servers } = placement;
  const touched = new Set(hosts.filter(({ name }) => going.has(name)).map(({ zone }) => zone));
  return [...touched].map((zone) => {
    const up = hosts.filter((host) => host.zone === zone && !going.has(host.name));
    const left = (key: 'memoryMiB' | 'vcpus'): number => {
      const taken = servers.reduce(
        (sum, server, at) => sum + (hosts[hostOf[at] ?? -1]?.zone === zone ? server[key] : 0),
        0,
      );
      const sizes = up.map((host) => host[key]);
      return sizes.reduce((sum, size) => sum + size, 0) - Math.max(0, ...sizes) - taken;
    };
    return { zone: zone ?? '', memoryMiB: left('memoryMiB'), vcpus: left('vcpus') };
  });
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function nameOf({ name }: TopologyHost): string {
  return name;
}
