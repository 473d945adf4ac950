import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { type Placement, replace } from '../../../../lib/private-cloud/placement/placement.ts';
import { servicesOf } from '../../../../lib/private-cloud/topology/services.ts';
import type { Topology, TopologyHost } from '../../../../lib/private-cloud/topology/topology.ts';

/** Whether hosts may go at once, thought through service by service and host by host: plain to read, and slow. */
export function naivelyMayGo(
  cloud: Cloud,
  topology: Topology,
  placement: Placement,
  going: readonly string[],
): boolean {
  const goes = (host: TopologyHost): boolean => going.includes(host.name);
  const gone = topology.hosts.filter(goes);
  if (gone.some(({ rack }) => rack !== gone[0]?.rack)) return false;
  const serving = gone.filter(({ roles }) => roles.some((role) => role !== 'compute'));
  if (cloud.survives === 'host' && serving.length > 1) return false;
  if (gone.length > 1 && gone.some(({ roles }) => roles.includes('deployment'))) return false;
  for (const { name, quorum, role, members } of servicesOf(cloud, topology)) {
    const [all, away] = [members.length, members.filter(goes).length];
    if (away === 0 || (all === 1 && role === 'monitoring')) continue;
    if (all === away) return false;
    if (quorum === 'majority') {
      if (2 * (all - away) <= all) return false;
      if (away > 1 && (name === 'rabbitmq' || 2 * (all - away - 1) <= all)) return false;
    } else if (away > 1 && (all - away < 2 || 3 * away > all)) return false;
  }
  for (const zone of new Set(placement.hosts.map((host) => host.zone))) {
    const here = placement.hosts.filter((host) => host.zone === zone).map(({ name }) => name);
    if (here.filter((name) => going.includes(name)).length * 2 > here.length) return false;
  }
  const { backend, replicas, failureDomain } = cloud.storage;
  const disks = gone.filter(({ roles }) => roles.includes('storage'));
  if (backend === 'lvm' && disks.length > 0) return false;
  if (backend === 'ceph' && disks.length > 0 && (replicas === 1 || (failureDomain === 'host' && disks.length > 1)))
    return false;
  if (!gone.some(({ name }) => placement.hosts.some((host) => host.name === name))) return true;
  const others = placement.hosts.map(({ name }) => name).filter((name) => !going.includes(name));
  const zones = new Set(placement.hosts.filter(({ name }) => going.includes(name)).map(({ zone }) => zone));
  const isBound = placement.servers.every(({ zone }) => zone !== undefined);
  return [undefined, ...others].every((beside) => {
    // What fails in a zone that misses nobody is no matter of this maintenance.
    const zone = placement.hosts.find(({ name }) => name === beside)?.zone;
    if (beside !== undefined && isBound && !zones.has(zone)) return true;
    return replace(placement, beside === undefined ? going : [...going, beside]).unplaced.length === 0;
  });
}

/** The fewest groups, by every way to part the hosts: at most a dozen of them. Undefined where one may not go even alone. */
export function fewestGroups(
  hosts: readonly string[],
  mayGo: (group: readonly string[]) => boolean,
): number | undefined {
  const all = 2 ** hosts.length;
  const allowed = new Uint8Array(all);
  const named = (mask: number): string[] => hosts.filter((_, at) => (mask & (1 << at)) !== 0);
  for (let mask = 1; mask < all; mask += 1) {
    const isHopeless = hosts.some((_, at) => {
      const fewer = mask & ~(1 << at);
      return fewer !== mask && fewer !== 0 && allowed[fewer] === 0;
    });
    allowed[mask] = !isHopeless && mayGo(named(mask)) ? 1 : 0;
  }
  const fewest = new Array<number>(all).fill(Number.POSITIVE_INFINITY);
  fewest[0] = 0;
  for (let mask = 1; mask < all; mask += 1) {
    const lowest = mask & -mask;
    for (let group = mask; group > 0; group = (group - 1) & mask)
      if ((group & lowest) !== 0 && allowed[group] === 1)
        fewest[mask] = Math.min(fewest[mask] ?? 0, 1 + (fewest[mask & ~group] ?? 0));
  }
  const found = fewest[all - 1] ?? 0;
  return Number.isFinite(found) ? found : undefined;
}
