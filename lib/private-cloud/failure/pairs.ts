import { type Fell, lossCounter } from '../placement/losses.ts';
import type { Placement } from '../placement/placement.ts';
import { addAll, emptyBits, listBits } from './bits.ts';
import { type Failure, type Part, partsOf } from './failures.ts';
import { type FailureModel, type Gone, goneBy, REDUCED, type State, statesUnder } from './model.ts';

/** Pairs with the same services down, taken together. */
export interface PairGroup {
  /** Services down, in the cloud's order. */
  readonly down: readonly string[];
  /** Those that neither part takes down alone. */
  readonly together: readonly string[];
  readonly pairs: number;
  /** Up to three pairs. */
  readonly examples: readonly Failure[];
  /** The one that leaves most servers without a host, then the one that stops most; null where none stops any. */
  readonly worstForServers: { readonly failure: Failure; readonly fallen: number; readonly unplaced: number } | null;
}

interface Growing {
  down: string[];
  together: string[];
  pairs: number;
  examples: Failure[];
  worst: { failure: Failure; fallen: number; unplaced: number } | undefined;
}

/** A part by itself. */
interface Single {
  readonly part: Part;
  readonly gone: Gone;
  readonly states: readonly State[];
  /** Number of its class. */
  readonly alike: number;
  /** Its place among the hosts that may carry servers; -1 where it is none. */
  readonly carrier: number;
}

/**
 * Every two parts off at once, grouped by outcome: those that only a pair can cause first, then those that stop most. Services are
 * judged once for each two classes of hosts that are alike; servers, as often as they differ.
 */
export function judgePairs(model: FailureModel, placement: Placement): PairGroup[] {
  const losses = lossCounter(placement);
  const singles = singlesOf(model, losses.placeOf);
  const classes = 1 + Math.max(-1, ...singles.map(({ alike }) => alike));
  const groups = new Map<string, Growing>();
  const byClasses: (Growing | undefined)[] = [];
  for (const [at, first] of singles.entries())
    for (let next = at + 1; next < singles.length; next += 1) {
      const second = singles[next] as Single;
      const place = first.alike * classes + second.alike;
      const group = (byClasses[place] ??= groupOf(model, groups, first, second));
      group.pairs += 1;
      if (group.examples.length < 3) group.examples.push([first.part, second.part]);
      const areHosts = first.part.kind === 'host' && second.part.kind === 'host';
      const fell =
        areHosts && first.carrier >= 0 && second.carrier >= 0
          ? losses.countPair(first.carrier, second.carrier, group.worst)
          : losses.count(carriersOf(model, both(model, first, second), losses.placeOf));
      if (fell !== undefined && isWorse(fell, group.worst))
        group.worst = { failure: [first.part, second.part], ...fell };
    }
  return [...groups.values()]
    .map(({ worst, ...group }) => ({ ...group, worstForServers: worst ?? null }))
    .sort((a, b) => b.together.length - a.together.length || b.down.length - a.down.length || a.pairs - b.pairs);
}

/** Hosts are alike that stand in one rack, on the same switches, and carry the same services: what either does to services, alone or with any third part. */
function singlesOf(model: FailureModel, placeOf: ReadonlyMap<string, number>): Single[] {
  const numbers = new Map<string, number>();
  const carried = new Map<string, number[]>(model.topology.hosts.map(({ name }) => [name, []]));
  for (const [at, { members }] of model.services.entries()) for (const { name } of members) carried.get(name)?.push(at);
  const placeIn = new Map(model.topology.hosts.map(({ name, rack, switches }) => [name, `${rack} ${switches.join()}`]));
  return partsOf(model.topology).map((part): Single => {
    const gone = goneBy(model, [part]);
    const isHost = part.kind === 'host';
    const key = isHost ? `${placeIn.get(part.name)} ${carried.get(part.name)?.join(' ')}` : `${part.kind}/${part.name}`;
    const alike = numbers.get(key) ?? numbers.size;
    numbers.set(key, alike);
    const carrier = isHost ? (placeOf.get(part.name) ?? -1) : -1;
    return { part, gone, states: statesUnder(model, gone), alike, carrier };
  });
}

function groupOf(model: FailureModel, groups: Map<string, Growing>, first: Single, second: Single): Growing {
  const states = statesUnder(model, both(model, first, second));
  let key = '';
  for (const [service, state] of states.entries()) {
    const alone = (first.states[service] ?? 0) > REDUCED || (second.states[service] ?? 0) > REDUCED;
    key += state <= REDUCED ? '.' : alone ? 'd' : 't';
  }
  let group = groups.get(key);
  if (group === undefined) groups.set(key, (group = newGroup(model, key)));
  return group;
}

/** What two parts take away: the union of what each does, but for feeds and switches, which may only do it together. */
function both(model: FailureModel, first: Single, second: Single): Gone {
  const redundant = ({ part }: Single): boolean => part.kind === 'power' || part.kind === 'switch';
  if (redundant(first) && redundant(second)) return goneBy(model, [first.part, second.part]);
  const hosts = emptyBits(model.topology.hosts.length);
  addAll(hosts, first.gone.hosts);
  addAll(hosts, second.gone.hosts);
  const planes =
    second.gone.planes.size === 0 ? first.gone.planes : new Set([...first.gone.planes, ...second.gone.planes]);
  return { hosts, planes };
}

function newGroup({ services }: FailureModel, key: string): Growing {
  const named = (...marks: string[]): string[] =>
    services.filter((_, at) => marks.includes(key[at] ?? '')).map(({ name }) => name);
  return { down: named('d', 't'), together: named('t'), pairs: 0, examples: [], worst: undefined };
}

function isWorse(fell: Fell, than: Fell | undefined): boolean {
  if (than === undefined) return true;
  return fell.unplaced > than.unplaced || (fell.unplaced === than.unplaced && fell.fallen > than.fallen);
}

/** Places of the hosts that may carry servers, among those that are gone. */
function carriersOf({ topology }: FailureModel, { hosts }: Gone, placeOf: ReadonlyMap<string, number>): number[] {
  return listBits(hosts).flatMap((at) => placeOf.get(topology.hosts[at]?.name ?? '') ?? []);
}
