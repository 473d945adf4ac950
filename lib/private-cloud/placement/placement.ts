import { type ComputeHost, computeHosts } from '../../config/capacity.ts';
import { type ServerDemand as Server, totalOf } from '../../config/demand.ts';
import { demandsOn } from '../../config/placed-leases.ts';
import type { Project } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';

/** A server for which no host was found, and why. */
export interface Unplaced {
  readonly server: Server;
  /**
   * `zone`: none of its zone's hosts is up; `apart`: hosts have room, but each carries one of its group; `room`: none has room in one
   * piece.
   */
  readonly why: 'zone' | 'apart' | 'room';
}

/**
 * Where every server of a cloud would stand. Not where it stands: Nova takes servers in the order in which they come, and
 * migrations are nobody's configuration. Made once, and asked about many failures.
 */
export interface Placement {
  readonly hosts: readonly ComputeHost[];
  /** Largest first. */
  readonly servers: readonly Server[];
  /** Place in `hosts` of each of `servers`; -1 where it found none. */
  readonly hostOf: Int32Array;
  readonly unplaced: readonly Unplaced[];
  /** What `replace` starts from: derived from the above, so that a failure costs what it takes away, not the whole cloud. */
  readonly index: PlacementIndex;
}

interface PlacementIndex {
  readonly hostByName: ReadonlyMap<string, number>;
  /** By host: its servers, largest first. */
  readonly carried: readonly (readonly number[])[];
  readonly hostsOfZone: ReadonlyMap<string, readonly number[]>;
  readonly all: readonly number[];
  /** By server: the others of its group and itself; undefined where it has none. */
  readonly groupOf: readonly (readonly number[] | undefined)[];
  readonly vcpus: Float64Array;
  readonly memory: Float64Array;
  readonly disk: Float64Array;
}

/** What a failure does to the servers. Servers that had found no host before are not in it. */
export interface Replacement {
  /** Servers on hosts that are off. */
  readonly fallen: readonly Server[];
  /** Those that fit on other hosts, which is where `nova evacuate` would start them again. */
  readonly moved: readonly { readonly server: Server; readonly from: string; readonly to: string }[];
  readonly unplaced: readonly Unplaced[];
}

/** Room left on each host, and who stands where, while servers are being placed. */
interface Room {
  readonly vcpus: Float64Array;
  readonly memory: Float64Array;
  readonly disk: Float64Array;
  readonly hostOf: Int32Array;
  readonly off: Uint8Array;
}

type Choice = 'most memory left' | 'first';

/** Where every server of every lease on a cloud, and of its link, would stand. Pure. An unknown cloud has no hosts. */
export function placeLeases(
  project: Pick<Project, 'organisation' | 'leases' | 'blueprints' | 'clouds' | 'links'>,
  cloud: string,
): Placement {
  const value = project.clouds.get(cloud)?.value;
  if (value === undefined) return placeServers([], []);
  return placeOnCloud(
    value,
    demandsOn(project, cloud).flatMap(({ servers }) => servers),
  );
}

export function placeOnCloud(cloud: Cloud, servers: readonly Server[]): Placement {
  return placeServers(computeHosts(cloud), servers);
}

/**
 * Largest first, each on the host of its zone with the most memory left, as Nova's default weighers do; where that leaves some out,
 * again by first fit, and whichever places more. So what it places fits; what it does not place may yet fit some other way:
 * `proofOf` in `survival.ts` tells the two apart.
 */
export function placeServers(hosts: readonly ComputeHost[], servers: readonly Server[]): Placement {
  const sorted = largestFirst(hosts, servers);
  const index = indexOf(hosts, sorted);
  const order = sorted.map((_, at) => at);
  const attempt = (choice: Choice) => {
    const room: Room = {
      vcpus: Float64Array.from(hosts, (host) => host.vcpus),
      memory: Float64Array.from(hosts, (host) => host.memoryMiB),
      disk: Float64Array.from(hosts, (host) => host.diskGiB),
      hostOf: new Int32Array(sorted.length).fill(-1),
      off: new Uint8Array(hosts.length),
    };
    return { room, unplaced: fill(sorted, index, room, order, choice) };
  };
  const { room, unplaced } = better(attempt);
  const carried = hosts.map((): number[] => []);
  for (const [server, host] of room.hostOf.entries()) carried[host]?.push(server);
  const { vcpus, memory, disk } = room;
  return { hosts, servers: sorted, hostOf: room.hostOf, unplaced, index: { ...index, carried, vcpus, memory, disk } };
}

/**
 * What falls when hosts go off together, and where it fits: each server in its own zone, apart from its group, on hosts that are up.
 * Only what fell is placed again; all else stays.
 * @param hostsOff names; those of hosts that run no servers take none away
 */
export function replace(placement: Placement, hostsOff: Iterable<string>): Replacement {
  const { servers, hosts, index } = placement;
  const off = new Uint8Array(hosts.length);
  const fallen: number[] = [];
  for (const name of hostsOff) {
    const host = index.hostByName.get(name);
    if (host === undefined || off[host] === 1) continue;
    off[host] = 1;
    for (const server of index.carried[host] ?? []) fallen.push(server);
  }
  fallen.sort((a, b) => a - b);
  const { room, unplaced } = better((choice) => {
    const room = roomWithout(placement, fallen, off);
    return { room, unplaced: fill(servers, index, room, fallen, choice) };
  });
  const gone: Server[] = [];
  const moved: Replacement['moved'][number][] = [];
  for (const number of fallen) {
    const server = servers[number] as Server;
    gone.push(server);
    const to = hosts[room.hostOf[number] as number];
    const from = hosts[placement.hostOf[number] as number];
    if (to !== undefined && from !== undefined) moved.push({ server, from: from.name, to: to.name });
  }
  return { fallen: gone, moved, unplaced };
}

/** Room that a placement leaves on each host, in the order of its hosts, after a failure: what `capacity.ts` counts flavors in. */
export function roomAfter(placement: Placement, { moved }: Pick<Replacement, 'moved'>): ComputeHost[] {
  const { hosts, index } = placement;
  const taken = new Map<string, Server[]>();
  for (const { server, to } of moved) taken.set(to, [...(taken.get(to) ?? []), server]);
  return hosts.map(({ name, zone }, host) => {
    const more = taken.get(name) ?? [];
    const left = (free: Float64Array, key: 'vcpus' | 'memoryMiB' | 'diskGiB') =>
      more.reduce((sum, server) => sum - server[key], free[host] as number);
    return {
      name,
      zone,
      vcpus: left(index.vcpus, 'vcpus'),
      memoryMiB: left(index.memory, 'memoryMiB'),
      diskGiB: left(index.disk, 'diskGiB'),
    };
  });
}

/**
 * How many servers fall with some hosts, and how many of them `replace` leaves without one: numbers alone, for very many failures.
 * @param hostsOff places in `placement.hosts`, each once
 */
export function countReplaced(placement: Placement, hostsOff: readonly number[]): Attempts {
  const { servers, hosts, index } = placement;
  const off = new Uint8Array(hosts.length);
  for (const host of hostsOff) off[host] = 1;
  const fallen = hostsOff.flatMap((host) => index.carried[host] ?? []).sort((a, b) => a - b);
  const attempt = (choice: Choice) => fill(servers, index, roomWithout(placement, fallen, off), fallen, choice);
  const first = attempt('most memory left');
  const isZoneOnly = first.every(({ why }) => why === 'zone');
  const second = isZoneOnly ? first.length : attempt('first').length;
  return { fallen: fallen.length, first: first.length, isZoneOnly, second };
}

function roomWithout({ hostOf: before, index }: Placement, fallen: readonly number[], off: Uint8Array): Room {
  const hostOf = before.slice();
  for (const server of fallen) hostOf[server] = -1;
  return { vcpus: index.vcpus.slice(), memory: index.memory.slice(), disk: index.disk.slice(), hostOf, off };
}

/** What both ways of placing leave without a host. The second is not tried where the first leaves out only those whose zone is gone. */
export interface Attempts {
  readonly fallen: number;
  readonly first: number;
  readonly isZoneOnly: boolean;
  readonly second: number;
}

function better(attempt: (choice: Choice) => { room: Room; unplaced: Unplaced[] }) {
  const first = attempt('most memory left');
  if (first.unplaced.every(({ why }) => why === 'zone')) return first;
  const second = attempt('first');
  return second.unplaced.length < first.unplaced.length ? second : first;
}

/**
 * Places servers in the order given; changes `room`. Arrays are indexed in place: a helper shared by arrays of several kinds made
 * 20,000 pairs of failures take three times as long.
 */
function fill(
  servers: readonly Server[],
  index: Omit<PlacementIndex, 'carried' | 'vcpus' | 'memory' | 'disk'>,
  room: Room,
  order: readonly number[],
  choice: Choice,
): Unplaced[] {
  const { vcpus, memory, disk, hostOf, off } = room;
  const barredBy = new Int32Array(off.length).fill(-1);
  const unplaced: Unplaced[] = [];
  for (const number of order) {
    const server = servers[number] as Server;
    const { vcpus: needsVcpus, memoryMiB: needsMemory, diskGiB: needsDisk } = server;
    const group = index.groupOf[number];
    if (group !== undefined) {
      for (const other of group) {
        const host = hostOf[other] as number;
        if (host >= 0) barredBy[host] = number;
      }
    }
    const candidates = server.zone === undefined ? index.all : (index.hostsOfZone.get(server.zone) ?? []);
    let best = -1;
    let most = -1;
    let isUp = false;
    let isBarred = false;
    for (const host of candidates) {
      if (off[host] === 1) continue;
      isUp = true;
      const left = memory[host] as number;
      if (left < needsMemory || left <= most) continue;
      if ((vcpus[host] as number) < needsVcpus || (disk[host] as number) < needsDisk) continue;
      if (barredBy[host] === number) {
        isBarred = true;
        continue;
      }
      best = host;
      most = left;
      if (choice === 'first') break;
    }
    if (best < 0) {
      unplaced.push({ server, why: !isUp ? 'zone' : isBarred ? 'apart' : 'room' });
      continue;
    }
    vcpus[best] = (vcpus[best] as number) - needsVcpus;
    memory[best] = most - needsMemory;
    disk[best] = (disk[best] as number) - needsDisk;
    hostOf[number] = best;
  }
  return unplaced;
}

/** By the largest share of an average host that a server takes of anything. */
function largestFirst(hosts: readonly ComputeHost[], servers: readonly Server[]): Server[] {
  const total = (key: 'vcpus' | 'memoryMiB' | 'diskGiB') => Math.max(1, totalOf(hosts, key));
  const [vcpus, memory, disk] = [total('vcpus'), total('memoryMiB'), total('diskGiB')];
  const sizes = new Map(
    servers.map((server) => [server, Math.max(server.vcpus / vcpus, server.memoryMiB / memory, server.diskGiB / disk)]),
  );
  return [...servers].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || b.memoryMiB - a.memoryMiB);
}

export function indexOf(hosts: readonly ComputeHost[], servers: readonly Server[]) {
  const hostsOfZone = new Map<string, number[]>();
  const hostByName = new Map<string, number>();
  for (const [host, { name, zone }] of hosts.entries()) {
    hostByName.set(name, host);
    if (zone === undefined) continue;
    const zoned = hostsOfZone.get(zone);
    if (zoned === undefined) hostsOfZone.set(zone, [host]);
    else zoned.push(host);
  }
  const groups = new Map<string, number[]>();
  const groupOf = servers.map(({ group }, server) => {
    if (group === undefined) return undefined;
    const members = groups.get(group) ?? [];
    groups.set(group, members);
    members.push(server);
    return members;
  });
  return { hostByName, hostsOfZone, all: hosts.map((_, host) => host), groupOf };
}
