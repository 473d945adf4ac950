import { majorityOf } from '../../config/majority.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { TimerValues } from '../../config/timers.ts';
import { spareOfParts } from '../topology/services.ts';
import { timersOf } from '../topology/timers.ts';
import type { PlaneName, Topology, TopologyHost } from '../topology/topology.ts';
import { addAll, type Bits, bitsOf, countCommon, emptyBits, listBits } from './bits.ts';
import { type ClientVisibleService, clientVisibleServicesOf } from './client-visible-services.ts';
import type { Failure } from './failures.ts';

/** A cloud, made ready to judge many failures. */
export interface FailureModel {
  readonly topology: Topology;
  readonly services: readonly ClientVisibleService[];
  readonly compiled: readonly CompiledService[];
  /** Place of a host in the topology, by name. */
  readonly hostAt: ReadonlyMap<string, number>;
  readonly racks: readonly CompiledRack[];
  /** Failover times, as the cloud has them. */
  readonly timers: TimerValues;
  /** Place of `vip` among the services; -1 where the cloud has none. */
  readonly vip: number;
}

interface CompiledService {
  readonly members: Bits;
  readonly size: number;
  /** Fewest members with which it works. */
  readonly atLeast: number;
  /** Most members that may be lost before one of its parts, whichever members that has, is without a majority. */
  readonly spareOfParts: number;
  readonly needs: readonly number[];
  readonly behindVip: boolean;
  readonly planes: readonly PlaneName[];
  readonly domains: readonly Bits[];
  readonly spareDomains: number;
}

/** Hosts of one rack with the same feeds and switches. */
interface CompiledRack {
  readonly name: string;
  readonly hosts: Bits;
  readonly powerFeeds: readonly string[];
  readonly switches: readonly string[];
}

/** What a failure takes away: hosts without power or network, and planes. */
export interface Gone {
  readonly hosts: Bits;
  readonly planes: ReadonlySet<string>;
}

/** Pure. Expects a configuration without errors. */
export function compile(cloud: Cloud, topology: Topology): FailureModel {
  const { hosts } = topology;
  const services = clientVisibleServicesOf(cloud, topology);
  const hostAt = new Map(hosts.map(({ name }, at) => [name, at]));
  const at = (name: string): number => hostAt.get(name) ?? -1;
  const inOrder = new Map(services.map(({ name }, place) => [name, place]));
  const compiled = services.map((service): CompiledService => {
    const size = service.members.length;
    const byDomain = Map.groupBy(service.members, (host) =>
      service.copies?.domain === 'rack' ? host.rack : host.name,
    );
    return {
      members: bitsOf(
        hosts.length,
        service.members.map(({ name }) => at(name)),
      ),
      size,
      atLeast: service.quorum === 'majority' ? majorityOf(size) : 1,
      spareOfParts: spareOfParts(service) ?? size,
      needs: service.needs.flatMap((need) => inOrder.get(need) ?? []),
      behindVip: service.behindVip,
      planes: service.planes,
      domains:
        service.copies === undefined
          ? []
          : [...byDomain.values()].map((each) =>
              bitsOf(
                hosts.length,
                each.map(({ name }) => at(name)),
              ),
            ),
      spareDomains: service.copies?.spareDomains ?? 0,
    };
  });
  // Hosts of a rack that hang on the same feeds and switches go together.
  const wiring = ({ rack, powerFeeds, switches }: TopologyHost) => JSON.stringify([rack, powerFeeds, switches]);
  const racks = [...Map.groupBy(hosts, wiring).values()].flatMap((inside): CompiledRack[] => {
    const [first] = inside;
    if (first === undefined) return [];
    const { rack: name, powerFeeds, switches } = first;
    const own = bitsOf(
      hosts.length,
      inside.map((host) => at(host.name)),
    );
    return [{ name, hosts: own, powerFeeds, switches }];
  });
  return { topology, services, compiled, hostAt, racks, timers: timersOf(cloud), vip: inOrder.get('vip') ?? -1 };
}

/** A rack is off once each of its feeds is, and cut off once each of its switches is: redundant ones stop nothing alone. */
export function goneBy(model: FailureModel, failure: Failure): Gone {
  const hosts = emptyBits(model.topology.hosts.length);
  const off = (kind: string): Set<string> =>
    new Set(failure.filter((part) => part.kind === kind).map(({ name }) => name));
  const [racks, feeds, switches] = [off('rack'), off('power'), off('switch')];
  for (const part of failure) {
    if (part.kind !== 'host') continue;
    const place = model.hostAt.get(part.name);
    if (place !== undefined) addAll(hosts, bitsOf(model.topology.hosts.length, [place]));
  }
  if (racks.size + feeds.size + switches.size > 0)
    for (const rack of model.racks)
      if (racks.has(rack.name) || allOff(rack.powerFeeds, feeds) || allOff(rack.switches, switches))
        addAll(hosts, rack.hosts);
  return { hosts, planes: off('plane') };
}

function allOff(named: readonly string[], off: ReadonlySet<string>): boolean {
  return off.size > 0 && named.length > 0 && named.every((name) => off.has(name));
}

export function hostsGone(model: FailureModel, { hosts }: Gone): string[] {
  return listBits(hosts).flatMap((at) => model.topology.hosts[at]?.name ?? []);
}

/** State of a service: `0` healthy, `1` has lost a member, `2` and above down, by cause. */
export type State = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
const HEALTHY = 0;
export const REDUCED = 1;
export const NO_MAJORITY = 2;
export const NO_MEMBER = 3;
export const NO_PLANE = 4;
export const NO_VIP = 5;
export const NO_NEED = 6;
/** Most members are there, and at worst a part of the service has lost its own majority. */
export const NO_PART = 7;

/** The state of every service, in the model's order. */
export function statesUnder({ compiled, vip }: FailureModel, gone: Gone): State[] {
  const states = compiled.map((service) => ownState(service, gone));
  const isDown = (at: number): boolean => (states[at] ?? HEALTHY) > REDUCED;
  for (const [at, { behindVip, needs }] of compiled.entries()) {
    if (isDown(at)) continue;
    if (behindVip && vip >= 0 && isDown(vip)) states[at] = NO_VIP;
    else if (needs.some(isDown)) states[at] = NO_NEED;
  }
  return states;
}

function ownState(service: CompiledService, gone: Gone): State {
  if (gone.planes.size > 0 && service.planes.some((plane) => gone.planes.has(plane))) return NO_PLANE;
  const lost = countCommon(service.members, gone.hosts);
  if (lost === 0) return HEALTHY;
  const left = service.size - lost;
  if (left === 0) return NO_MEMBER;
  if (left < service.atLeast) return NO_MAJORITY;
  if (lost > service.spareOfParts) return NO_PART;
  if (service.domains.length > 0) {
    const affected = service.domains.filter((domain) => countCommon(domain, gone.hosts) > 0).length;
    if (affected > service.spareDomains) return NO_MAJORITY;
  }
  return REDUCED;
}
