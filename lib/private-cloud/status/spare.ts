import type { ServerDemand } from '../../config/demand.ts';
import { counted } from '../../text/plural.ts';
import { type Placement, replace } from '../placement/placement.ts';
import { standingPlacement } from '../placement/standing.ts';

/** A host that runs servers now, as Placement counts it. */
export interface LiveHost {
  readonly name: string;
  readonly zone: string | undefined;
  /** Left beside what runs there. */
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

export interface LiveServer {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** Where it stands: whether it might leave it, Nova does not tell. */
  readonly zone: string | undefined;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  /** Id of the server group that keeps it apart from others. */
  readonly group: string | undefined;
}

/** What stands where, on a live cloud. */
export interface LiveServers {
  /** Those that are up and take servers. */
  readonly hosts: readonly LiveHost[];
  readonly servers: readonly LiveServer[];
}

/** Servers where they stand, each bound to its zone. Hosts that take none have no room, and what runs there may leave. Pure. */
export function livePlacement({ hosts, servers }: LiveServers): Placement {
  const room = new Map(hosts.map((host) => [host.name, host]));
  const on = Map.groupBy(servers, ({ host }) => host);
  const names = [...new Set([...room.keys(), ...on.keys()])];
  const whole = names.map((name) => {
    const own = on.get(name) ?? [];
    const sum = (key: 'vcpus' | 'memoryMiB' | 'diskGiB'): number =>
      own.reduce((total, server) => total + server[key], room.get(name)?.[key] ?? 0);
    const zone = room.get(name)?.zone ?? own[0]?.zone;
    return { name, zone, vcpus: sum('vcpus'), memoryMiB: sum('memoryMiB'), diskGiB: sum('diskGiB') };
  });
  const demands = servers.map((server): ServerDemand & { host: string } => ({
    ...{ id: server.name, lease: '', tier: '', flavor: '', zone: server.zone, group: server.group, host: server.host },
    ...{ vcpus: server.vcpus, memoryMiB: server.memoryMiB, diskGiB: server.diskGiB },
  }));
  const hostOf = new Map(demands.map((demand) => [demand as ServerDemand, demand.host]));
  return standingPlacement(whole, demands, (server) => hostOf.get(server));
}

/** Hosts whose servers would find no other host if they failed. Pure. */
export function spareOf(live: LiveServers): { servers: number; lacks: { host: string; why: string }[] } {
  const placement = livePlacement(live);
  const lacks = placement.hosts.flatMap(({ name }) => {
    const { unplaced } = replace(placement, [name]);
    const [first] = unplaced;
    if (first === undefined) return [];
    const why = `${counted(unplaced.length, 'server')} would find no host, ${first.server.id} first`;
    return [{ host: name, why }];
  });
  return { servers: live.servers.length, lacks };
}
