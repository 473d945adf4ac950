import type { ComputeHost } from '../../config/capacity.ts';
import type { ServerDemand as Server } from '../../config/demand.ts';
import { indexOf, type Placement } from './placement.ts';

/**
 * A placement of servers that stand already: where a live cloud has them, or where an earlier step moved them. Hosts may carry more than
 * they have. Servers of no host are nowhere. Pure.
 * @param hostOf name of its host
 */
export function standingPlacement(
  hosts: readonly ComputeHost[],
  servers: readonly Server[],
  hostOf: (server: Server) => string | undefined,
): Placement {
  const index = indexOf(hosts, servers);
  const places = Int32Array.from(servers, (server) => index.hostByName.get(hostOf(server) ?? '') ?? -1);
  const carried = hosts.map((): number[] => []);
  const left = (key: 'vcpus' | 'memoryMiB' | 'diskGiB') => Float64Array.from(hosts, (host) => host[key]);
  const [vcpus, memory, disk] = [left('vcpus'), left('memoryMiB'), left('diskGiB')];
  for (const [at, server] of servers.entries()) {
    const host = places[at] ?? -1;
    if (host < 0) continue;
    carried[host]?.push(at);
    vcpus[host] = (vcpus[host] ?? 0) - server.vcpus;
    memory[host] = (memory[host] ?? 0) - server.memoryMiB;
    disk[host] = (disk[host] ?? 0) - server.diskGiB;
  }
  return { hosts, servers, hostOf: places, unplaced: [], index: { ...index, carried, vcpus, memory, disk } };
}

/** The same once servers were moved, and stay where they moved to: Nova moves none back. */
export function afterMoves(
  { hosts, servers, hostOf }: Placement,
  moved: readonly { readonly server: Server; readonly to: string }[],
): Placement {
  const to = new Map(moved.map((move) => [move.server, move.to]));
  const from = new Map(servers.map((server, at) => [server, hosts[hostOf[at] ?? -1]?.name]));
  return standingPlacement(hosts, servers, (server) => to.get(server) ?? from.get(server));
}
