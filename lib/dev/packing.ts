import type { HostRoom } from '../openstack-api/snapshot.ts';
import type { ServerDemand } from './demand.ts';

export interface PlacedServer extends ServerDemand {
  readonly lease: string;
}

/** A server for which no host had room, and why. */
export interface Unplaced {
  readonly server: PlacedServer;
  /** `apart`: hosts have room, but each carries one of the same tier already. */
  readonly why: 'room' | 'apart' | 'no-hosts';
}

interface Free {
  readonly zone: string | undefined;
  vcpus: number;
  memoryMiB: number;
  diskGiB: number;
  readonly carries: Set<string>;
}

/**
 * Places servers as Nova's default weighers do: largest first, each on the host with the most memory left. Nova takes them in
 * the order in which they come and may end worse; it ends better only where luck helps it.
 */
export function pack(servers: readonly PlacedServer[], hosts: readonly HostRoom[]): Unplaced[] {
  const free: Free[] = hosts.map(({ zone, vcpus, memoryMiB, diskGiB }) => ({
    zone,
    vcpus,
    memoryMiB,
    diskGiB,
    carries: new Set<string>(),
  }));
  const byZone = new Map<string | undefined, Free[]>([[undefined, free]]);
  for (const host of free) {
    if (host.zone === undefined) continue;
    const zone = byZone.get(host.zone);
    if (zone === undefined) byZone.set(host.zone, [host]);
    else zone.push(host);
  }
  const unplaced: Unplaced[] = [];
  const largestFirst = [...servers].sort((a, b) => b.memoryMiB - a.memoryMiB || b.vcpus - a.vcpus);
  for (const server of largestFirst) {
    const candidates = byZone.get(server.zone) ?? [];
    const group = server.apart === undefined ? undefined : `${server.lease}/${server.apart}`;
    let best: Free | undefined;
    let barred = false;
    for (const host of candidates) {
      if (host.vcpus < server.vcpus || host.memoryMiB < server.memoryMiB || host.diskGiB < server.diskGiB) continue;
      if (group !== undefined && host.carries.has(group)) barred = true;
      else if (best === undefined || host.memoryMiB > best.memoryMiB) best = host;
    }
    if (best === undefined) {
      unplaced.push({ server, why: candidates.length === 0 ? 'no-hosts' : barred ? 'apart' : 'room' });
      continue;
    }
    best.vcpus -= server.vcpus;
    best.memoryMiB -= server.memoryMiB;
    best.diskGiB -= server.diskGiB;
    if (group !== undefined) best.carries.add(group);
  }
  return unplaced;
}
