import { counted } from '../../text/plural.ts';
import { recoveryContradiction, recoveryHostMissing, recoveryPositionUnknown } from './errors.ts';
import type { GaleraPosition, MissingHost } from './position.ts';

/** The database that founds the cluster anew; every other one takes over what it has. */
export interface Founder {
  readonly host: string;
  readonly seqno: number;
  /** In words, with the others' positions. */
  readonly why: string;
}

export interface Asked {
  readonly cloud: string;
  /** Of hosts that answered. */
  readonly positions: readonly GaleraPosition[];
  /** Hosts with a database whose position nobody could ask for. */
  readonly missing: readonly MissingHost[];
  /** Those of them that the operator gives up. */
  readonly without: readonly string[];
}

/**
 * Which database is newest. Writes that were acknowledged are in the newest of all: so each must be known, or given up by name. Pure.
 * @throws TandemError `recovery-host-missing`, `recovery-contradiction`, `recovery-position-unknown`
 */
export function chooseFounder({ cloud, positions, missing, without }: Asked): Founder {
  const absent = missing.filter(({ host }) => !without.includes(host));
  if (absent.length > 0) throw recoveryHostMissing(cloud, absent);
  const own = positions.filter(({ host, uuid }) => uuid !== undefined && !without.includes(host));
  const clusters = Map.groupBy(own, ({ uuid }) => uuid ?? '');
  if (clusters.size > 1) {
    const sides = [...clusters].map(([uuid, members]) => ({ uuid, hosts: members.map(({ host }) => host) }));
    throw recoveryContradiction(cloud, sides);
  }
  const unknown = own.filter(({ seqno }) => seqno === undefined).map(({ host }) => host);
  if (unknown.length > 0 || own.length === 0)
    throw recoveryPositionUnknown(cloud, unknown.length > 0 ? unknown : positions.map(({ host }) => host));
  const ranked = own.toSorted((one, other) => (other.seqno ?? 0) - (one.seqno ?? 0));
  const [first] = ranked;
  const seqno = first?.seqno ?? 0;
  return { host: first?.host ?? '', seqno, why: reason(ranked, positions, without) };
}

function reason(
  ranked: readonly GaleraPosition[],
  positions: readonly GaleraPosition[],
  without: readonly string[],
): string {
  const [first, ...rest] = ranked;
  const newest = first?.seqno ?? 0;
  const behind = rest.map(({ host, seqno = 0 }) =>
    seqno === newest ? `${host} has the same` : `${host} is ${counted(newest - seqno, 'write')} behind`,
  );
  const empty = positions.filter(({ uuid }) => uuid === undefined).map(({ host }) => `${host} has no data`);
  const given = without.map((host) => `${host} was not asked: what only it has is lost`);
  return [`its last write is number ${newest}`, ...behind, ...empty, ...given].join('; ');
}
