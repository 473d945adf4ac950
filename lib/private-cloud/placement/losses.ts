import { type Attempts, countReplaced, type Placement } from './placement.ts';

/** Servers that fall, and those of them that find no host. */
export interface Fell {
  readonly fallen: number;
  readonly unplaced: number;
}

/** What falls with hosts, counted as `replace` counts it, for hundreds of thousands of failures. */
export interface LossCounter {
  /** Hosts that may carry servers, by name: their places here. One that carries none is none to move to once it is off. */
  readonly placeOf: ReadonlyMap<string, number>;
  /** Hosts off together, by place, each once. Undefined where no server falls. */
  count(hosts: readonly number[]): Fell | undefined;
  /** The same for two hosts, once it may matter: undefined where no more than `than` are left without a host. */
  countPair(a: number, b: number, than: Fell | undefined): Fell | undefined;
}

/**
 * Servers that ask for a zone compete in it alone, so that what hosts of several zones take away is the sum of what those of each do.
 * Where any server asks for none, all hosts are one zone. Within a zone two hosts are tried out only where it is not plain that every
 * server fits: hosts with room for all that any two hosts carry, more of them than a group has members; where only some servers ask for a
 * zone, in each of the zones. Pure.
 */
export function lossCounter(placement: Placement): LossCounter {
  const { hosts, servers, index } = placement;
  const isZoned = servers.every(({ zone }) => zone !== undefined);
  const zoneNames = [...new Set(hosts.map(({ zone }) => zone ?? ''))];
  const zoneOf = hosts.map(({ zone }) => (isZoned ? zoneNames.indexOf(zone ?? '') : 0));
  const all = hosts.map((_, host) => host);
  const zones = zoneNames.map((name) => all.filter((host) => (hosts[host]?.zone ?? '') === name));
  const isRoomy = isZoned
    ? zones.map((zone) => isRoomyFor(placement, zone, zone))
    : [
        (servers.some(({ zone }) => zone !== undefined) ? zones : [all]).every((zone) =>
          isRoomyFor(placement, all, zone),
        ),
      ];
  const known = new Map<string, Attempts>();
  const attemptsOf = (off: readonly number[]): Attempts => {
    const key = off.join(' ');
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = countReplaced(placement, off)));
    return found;
  };
  const singles = hosts.map((_, host) => attemptsOf([host]));
  return {
    placeOf: index.hostByName,
    count: (off) => {
      const byZone = Map.groupBy(
        [...off].sort((a, b) => a - b),
        (host) => zoneOf[host] ?? 0,
      );
      const fell = sumOf([...byZone.values()].map(attemptsOf));
      return fell.fallen > 0 ? fell : undefined;
    },
    countPair: (a, b, than) => {
      const [one, two] = [singles[a] as Attempts, singles[b] as Attempts];
      const fallen = one.fallen + two.fallen;
      const beats = (unplaced: number): boolean =>
        than === undefined || unplaced > than.unplaced || (unplaced === than.unplaced && fallen > than.fallen);
      if (fallen === 0 || !beats(fallen)) return undefined;
      const fell =
        zoneOf[a] !== zoneOf[b]
          ? sumOf([one, two])
          : isRoomy[zoneOf[a] ?? 0] === true
            ? { fallen, unplaced: 0 }
            : sumOf([countReplaced(placement, a < b ? [a, b] : [b, a])]);
      return beats(fell.unplaced) ? fell : undefined;
    },
  };
}

/** The better of both ways of placing, each over all zones, as `replace` chooses. */
function sumOf(zones: readonly Attempts[]): Fell {
  let [fallen, first, second, isZoneOnly] = [0, 0, 0, true];
  for (const each of zones) {
    fallen += each.fallen;
    first += each.first;
    second += each.second;
    isZoneOnly &&= each.isZoneOnly;
  }
  return { fallen, unplaced: isZoneOnly ? first : Math.min(first, second) };
}

/** Whether any two of these hosts may go off and every server of theirs finds one of the refuges, whatever the order of placing. */
function isRoomyFor({ servers, index }: Placement, here: readonly number[], refuges: readonly number[]): boolean {
  const most = (key: 'vcpus' | 'memoryMiB' | 'diskGiB'): number =>
    2 *
    Math.max(
      0,
      ...here.map((host) => (index.carried[host] ?? []).reduce((sum, at) => sum + (servers[at]?.[key] ?? 0), 0)),
    );
  const [vcpus, memory, disk] = [most('vcpus'), most('memoryMiB'), most('diskGiB')];
  const roomy = refuges.filter(
    (host) =>
      (index.vcpus[host] ?? 0) >= vcpus && (index.memory[host] ?? 0) >= memory && (index.disk[host] ?? 0) >= disk,
  ).length;
  const group = Math.max(
    0,
    ...here.flatMap((host) => index.carried[host] ?? []).map((at) => index.groupOf[at]?.length ?? 0),
  );
  return roomy - 2 >= Math.max(1, group);
}
