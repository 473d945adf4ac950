import type { Cloud } from '../../config/schema/cloud.ts';
import { type Placement, replace, type Unplaced } from '../placement/placement.ts';
import type { Topology } from '../topology/topology.ts';
import { type Limit, limitsOf } from './limits.ts';

/** Why hosts may not be off at once. */
export type Refusal =
  | { readonly kind: 'racks'; readonly racks: readonly string[] }
  /** Tandem runs on it, and cannot wait for its return. */
  | { readonly kind: 'deployment'; readonly host: string }
  | { readonly kind: 'limit'; readonly limit: Limit; readonly hosts: readonly string[] }
  /** Servers would have no host. `beside`: only once this host fails as well; undefined: at once. */
  | { readonly kind: 'room'; readonly unplaced: readonly Unplaced[]; readonly beside: string | undefined };

/** Says which hosts may go at once. */
export interface Judge {
  readonly topology: Topology;
  readonly limits: readonly Limit[];
  /** Undefined where they may. */
  refusalOf(group: readonly string[]): Refusal | undefined;
}

/**
 * Hosts may go at once that stand in one rack, whose loss the cloud is made to survive; that no service, replica or gateway misses more of
 * than its limit; and whose servers all find another host of their zone, apart from their group, even if one host more fails meanwhile.
 * Pure.
 */
export function judgeOf(cloud: Cloud, topology: Topology, placement: Placement): Judge {
  const limits = limitsOf(cloud, topology);
  const rackOf = new Map(topology.hosts.map(({ name, rack }) => [name, rack]));
  const deployment = new Set(
    topology.hosts.filter(({ roles }) => roles.includes('deployment')).map(({ name }) => name),
  );
  const room = roomJudge(placement);
  return {
    topology,
    limits,
    refusalOf(group) {
      const racks = [...new Set(group.map((host) => rackOf.get(host) ?? ''))];
      if (racks.length > 1) return { kind: 'racks', racks };
      const own = group.find((host) => deployment.has(host));
      if (own !== undefined && group.length > 1) return { kind: 'deployment', host: own };
      const moving = room.whileMoving(group);
      if (moving !== undefined) return moving;
      for (const limit of limits) {
        const hosts = group.filter((host) => limit.hosts.has(host));
        if (hosts.length > limit.most) return { kind: 'limit', limit, hosts };
      }
      return room.withOneMore(group);
    },
  };
}

/** Servers that find no host at all stop at nobody's wish. */
export function isBearable(refusal: Refusal): boolean {
  return refusal.kind === 'limit' || (refusal.kind === 'room' && refusal.beside !== undefined);
}

type RoomJudge = (group: readonly string[]) => Refusal | undefined;

function roomJudge(placement: Placement): { readonly whileMoving: RoomJudge; readonly withOneMore: RoomJudge } {
  const { hosts, servers } = placement;
  const zoneOf = new Map(hosts.map(({ name, zone }) => [name, zone]));
  // A server of no zone may be moved into any.
  const isBound = servers.every(({ zone }) => zone !== undefined);
  /** Those that carry nothing too: what moves may move there. Those that refused last stand first: most refusals are found at once. */
  const asked = hosts.map(({ name }) => name);
  const judge = (group: readonly string[], beside?: string): Refusal | undefined => {
    const { unplaced } = replace(placement, beside === undefined ? group : [...group, beside]);
    return unplaced.length === 0 ? undefined : { kind: 'room', unplaced, beside };
  };
  return {
    whileMoving: (group) => judge(group),
    withOneMore(group) {
      const zones = new Set(group.filter((host) => zoneOf.has(host)).map((host) => zoneOf.get(host)));
      if (zones.size === 0) return undefined;
      for (const [at, beside] of asked.entries()) {
        if (group.includes(beside) || (isBound && !zones.has(zoneOf.get(beside)))) continue;
        const refusal = judge(group, beside);
        if (refusal === undefined) continue;
        asked.unshift(...asked.splice(at, 1));
        return refusal;
      }
      return undefined;
    },
  };
}
