import { type Placement, type Replacement, replace, type Unplaced } from '../placement/placement.ts';
import { hasBit } from './bits.ts';
import type { Failure } from './failures.ts';
import { type Gap, predictGaps } from './gaps.ts';
import {
  type FailureModel,
  type Gone,
  goneBy,
  hostsGone,
  NO_MAJORITY,
  NO_MEMBER,
  NO_NEED,
  NO_PART,
  NO_PLANE,
  NO_VIP,
  REDUCED,
  type State,
  statesUnder,
} from './model.ts';

/**
 * Why a service is down: too few members for a majority (or too few copies), at worst too few for one of its parts (a queue with two of
 * its three members on what is lost), none at all, its plane, the VIP in front of it, or a service that it needs.
 */
export type Cause = 'majority' | 'part' | 'members' | 'plane' | 'vip' | 'needs';

export interface DownService {
  readonly service: string;
  readonly cause: Cause;
  /** The plane, or the service that it needs and that is down itself; null where the cause is its own. */
  readonly of: string | null;
}

export interface ReducedService {
  readonly service: string;
  readonly lost: number;
  readonly members: number;
}

/** What a failure does to servers of dev environments, and to the leases that they belong to. */
export interface ServerEffect {
  readonly fallen: number;
  /** Servers on hosts that are up, whose root disk does not answer: they hang until the storage is back. */
  readonly hanging: number;
  /** Servers that fit on hosts that are left. */
  readonly fit: number;
  /** `does not fit`: none of its zone's hosts is left, or the bound says so; `not proven`: the placement found no host, which proves nothing. */
  readonly unplaced: readonly {
    readonly server: string;
    readonly lease: string;
    readonly zone: string | null;
    readonly why: Unplaced['why'];
    readonly verdict: 'does not fit' | 'not proven';
  }[];
  /** Leases all of whose fallen servers fit elsewhere. */
  readonly leasesMoved: readonly string[];
  /** Leases with a server that was not placed. */
  readonly leasesUnplaced: readonly string[];
}

export interface FailureEffect {
  readonly failure: Failure;
  /** Hosts without power or network. */
  readonly hosts: readonly string[];
  readonly down: readonly DownService[];
  readonly reduced: readonly ReducedService[];
  /** Of what survives, with every leader among what is gone where it can be; longest first. */
  readonly gaps: readonly Gap[];
  /** The same with every leader elsewhere, where it can be. */
  readonly gapsElsewhere: readonly Gap[];
  readonly servers: ServerEffect;
}

/** Whether it is proven that the servers without a host cannot all fit. */
export type Bound = (hostsOff: readonly string[], replacement: Replacement) => boolean;

export interface EffectInputs {
  readonly model: FailureModel;
  readonly placement: Placement;
  /** @default - nothing is proven but that a zone has no host left */
  readonly bound?: Bound;
}

/** Everything that one failure does. Pure. */
export function effectOf(inputs: EffectInputs, failure: Failure): FailureEffect {
  const { model } = inputs;
  const gone = goneBy(model, failure);
  const states = statesUnder(model, gone);
  const hosts = hostsGone(model, gone);
  const isDown = (name: string): boolean =>
    (states[model.services.findIndex((service) => service.name === name)] ?? 0) > REDUCED;
  return {
    failure,
    hosts,
    down: model.services.flatMap(({ name }, at) => downService(model, gone, states, at, name) ?? []),
    reduced: model.services.flatMap(({ name, members }, at) => {
      if (states[at] !== REDUCED) return [];
      const lost = members.filter((host) => hasBit(gone.hosts, model.hostAt.get(host.name) ?? -1)).length;
      return [{ service: name, lost, members: members.length }];
    }),
    gaps: predictGaps(model, gone, { places: 'worst' }),
    gapsElsewhere: predictGaps(model, gone, { places: 'best' }),
    servers: serversUnder(inputs, hosts, isDown('root-disks')),
  };
}

const CAUSES: Readonly<Partial<Record<State, Cause>>> = {
  [NO_MAJORITY]: 'majority',
  [NO_PART]: 'part',
  [NO_MEMBER]: 'members',
  [NO_PLANE]: 'plane',
  [NO_VIP]: 'vip',
  [NO_NEED]: 'needs',
};

function downService(
  model: FailureModel,
  gone: Gone,
  states: readonly State[],
  at: number,
  service: string,
): DownService | undefined {
  const cause = CAUSES[states[at] ?? 0];
  if (cause === undefined) return undefined;
  if (cause === 'plane')
    return { service, cause, of: model.services[at]?.planes.find((p) => gone.planes.has(p)) ?? '' };
  return { service, cause, of: cause === 'needs' ? rootOf(model, states, at) : null };
}

/** The service at the bottom of a chain of needs. */
function rootOf(model: FailureModel, states: readonly State[], at: number): string {
  const down = model.compiled[at]?.needs.find((need) => (states[need] ?? 0) > REDUCED);
  if (down === undefined) return '';
  return states[down] === NO_NEED ? rootOf(model, states, down) : (model.services[down]?.name ?? '');
}

function serversUnder({ placement, bound }: EffectInputs, hosts: readonly string[], hang: boolean): ServerEffect {
  const replacement = replace(placement, hosts);
  const { fallen, moved, unplaced } = replacement;
  const isProven = unplaced.some(({ why }) => why !== 'zone') && (bound?.(hosts, replacement) ?? false);
  const bad = new Set(unplaced.map(({ server }) => server.lease));
  return {
    fallen: fallen.length,
    hanging: hang ? placement.servers.length - placement.unplaced.length - fallen.length : 0,
    fit: moved.length,
    unplaced: unplaced.map(({ server, why }) => ({
      server: server.id,
      lease: server.lease,
      zone: server.zone ?? null,
      why,
      verdict: why === 'zone' || isProven ? 'does not fit' : 'not proven',
    })),
    leasesMoved: [...new Set(moved.map(({ server }) => server.lease))].filter((lease) => !bad.has(lease)).sort(),
    leasesUnplaced: [...bad].sort(),
  };
}
