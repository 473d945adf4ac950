import type { Cloud } from '../../config/schema/cloud.ts';
import { type Placement, replace, type Unplaced } from '../placement/placement.ts';
import type { Topology } from '../topology/topology.ts';
import { type Limit, limitsOf } from './limits.ts';

/** Why hosts may not be off at once. */
export type Refusal =
  | { readonly kind: 'racks'; readonly racks: readonly string[] }
  /** `survives: host`: they carry services, and the cloud is made to survive the loss of one such host. */
  | { readonly kind: 'promise'; readonly hosts: readonly string[] }
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
  /**
   * The same at a glance: only those hosts are asked whether they may fail as well for which `refusalOf` ever said no, and the fullest of
   * each zone. Says yes too often, never no.
   */
  mayGo(group: readonly string[]): boolean;
}

/**
 * Hosts may go at once that stand in one rack, whose loss the cloud is made to survive (where it survives that of a host alone, at most one
 * of them carries more than servers: compute hosts are empty when they go); that no service, replica or gateway misses more of
 * than its limit; and whose servers all find another host of their zone, apart from their group, even if one host more fails meanwhile.
 * Pure.
 */
export function judgeOf(cloud: Cloud, topology: Topology, placement: Placement): Judge {
  const limits = limitsOf(cloud, topology);
  const rackOf = new Map(topology.hosts.map(({ name, rack }) => [name, rack]));
  const deployment = new Set(
    topology.hosts.filter(({ roles }) => roles.includes('deployment')).map(({ name }) => name),
  );
  const empty = new Set(
    topology.hosts.filter(({ roles }) => roles.every((role) => role === 'compute')).map(({ name }) => name),
  );
  const room = roomJudge(placement);
  const judge =
    (others: readonly string[]) =>
    (group: readonly string[]): Refusal | undefined => {
      const racks = [...new Set(group.map((host) => rackOf.get(host) ?? ''))];
      if (racks.length > 1) return { kind: 'racks', racks };
      const serving = cloud.survives === 'host' ? group.filter((host) => !empty.has(host)) : [];
      if (serving.length > 1) return { kind: 'promise', hosts: serving };
      const own = group.find((host) => deployment.has(host));
      if (own !== undefined && group.length > 1) return { kind: 'deployment', host: own };
      const moving = room.whileMoving(group);
      if (moving !== undefined) return moving;
      for (const limit of limits) {
        const hosts = group.filter((host) => limit.hosts.has(host));
        if (hosts.length > limit.most) return { kind: 'limit', limit, hosts };
      }
      return room.withOneMore(group, others);
    };
  const whole = judge(room.all);
  const quick = judge(room.telling);
  return { topology, limits, refusalOf: whole, mayGo: (group) => quick(group) === undefined };
}

/** Servers that find no host at all stop at nobody's wish. */
export function isBearable(refusal: Refusal): boolean {
  return refusal.kind === 'limit' || (refusal.kind === 'room' && refusal.beside !== undefined);
}

interface RoomJudge {
  readonly all: readonly string[];
  /** Those that refused, and the fullest: grows while `all` are asked. */
  readonly telling: readonly string[];
  whileMoving(group: readonly string[]): Refusal | undefined;
  /** @param others those of which any may fail as well, even one that carries nothing: what moves may move there */
  withOneMore(group: readonly string[], others: readonly string[]): Refusal | undefined;
}

function roomJudge(placement: Placement): RoomJudge {
  const { hosts, servers, index } = placement;
  const zoneOf = new Map(hosts.map(({ name, zone }) => [name, zone]));
  // A server of no zone may be moved into any.
  const isBound = servers.every(({ zone }) => zone !== undefined);
  const load = (at: number): number =>
    (index.carried[at] ?? []).reduce((sum, server) => sum + (servers[server]?.memoryMiB ?? 0), 0);
  const loads = new Map(hosts.map(({ name }, at) => [name, load(at)]));
  const all = hosts.map(({ name }) => name);
  const telling = [...Map.groupBy(all, (name) => zoneOf.get(name)).values()].flatMap((names) =>
    names.reduce((fullest, name) => ((loads.get(name) ?? 0) > (loads.get(fullest) ?? 0) ? name : fullest)),
  );
  const judge = (group: readonly string[], beside?: string): Refusal | undefined => {
    const { unplaced } = replace(placement, beside === undefined ? group : [...group, beside]);
    return unplaced.length === 0 ? undefined : { kind: 'room', unplaced, beside };
  };
  return {
    all,
    telling,
    whileMoving: (group) => judge(group),
    withOneMore(group, others) {
      const zones = new Set(group.filter((host) => zoneOf.has(host)).map((host) => zoneOf.get(host)));
      if (zones.size === 0) return undefined;
      for (const beside of others) {
        if (group.includes(beside) || (isBound && !zones.has(zoneOf.get(beside)))) continue;
        const refusal = judge(group, beside);
        if (refusal === undefined) continue;
        if (!telling.includes(beside)) telling.push(beside);
        return refusal;
      }
      return undefined;
    },
  };
}
