import type { Cloud } from '../../config/schema/cloud.ts';
import { hostsFor, type Topology } from '../topology/topology.ts';

/** Ceph makes no more copies on a disk of which this share is full (`backfillfull_ratio`, by default). */
const BACKFILL_FULL_RATIO = 0.9;

/** A loss after which Ceph makes the lost copies again, and what of its usable capacity may be taken so that they fit. */
export interface Recovery {
  readonly kind: 'host' | 'rack';
  readonly name: string;
  /** Hosts that take the copies: of the rack alone, where every rack must have one. */
  readonly onto: readonly string[];
  /** GiB of volumes and root disks. */
  readonly atMostGiB: number;
}

/**
 * The loss of a storage host or of a rack of them that needs most room, as Ceph places copies: one in each failure domain, so that with as
 * many racks as copies a lost host's go to the rest of its rack, and a lost rack's go nowhere. Counted on hosts with disks of one
 * size. Undefined where no loss makes copies anew. Pure.
 */
export function worstRecovery(cloud: Cloud, topology: Topology): Recovery | undefined {
  const { backend, replicas, failureDomain, usableGiB } = cloud.storage;
  if (backend !== 'ceph') return undefined;
  const hosts = hostsFor(topology, 'storage');
  const racks = Map.groupBy(hosts, ({ rack }) => rack);
  const isPinned = failureDomain === 'rack' && racks.size <= replicas;
  const losses = [
    ...hosts.map(({ name, rack }) => ({ kind: 'host' as const, name, rack, lost: [name] })),
    ...[...racks].map(([rack, own]) => ({
      kind: 'rack' as const,
      name: rack,
      rack,
      lost: own.map(({ name }) => name),
    })),
  ];
  const recoveries = losses.flatMap(({ kind, name, rack, lost }): Recovery[] => {
    const among = isPinned ? hosts.filter((host) => host.rack === rack) : hosts;
    const onto = among.filter((host) => !lost.includes(host.name)).map((host) => host.name);
    const domains =
      failureDomain === 'rack'
        ? new Set(hosts.filter(({ name }) => onto.includes(name)).map((host) => host.rack)).size
        : onto.length;
    if (onto.length === 0 || (!isPinned && domains < replicas)) return [];
    return [
      { kind, name, onto, atMostGiB: Math.floor((usableGiB * BACKFILL_FULL_RATIO * onto.length) / among.length) },
    ];
  });
  return recoveries.sort((a, b) => a.atMostGiB - b.atMostGiB)[0];
}
