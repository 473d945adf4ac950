import { type Placement, replace } from '../placement/placement.ts';
import { addAll, type Bits, emptyBits, listBits } from './bits.ts';
import { type Failure, type Part, partsOf } from './failures.ts';
import { type FailureModel, type Gone, goneBy, REDUCED, statesUnder } from './model.ts';

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
  worst: { failure: Failure; fallen: number; unplaced: number } | null;
}

/** Every two parts off at once, grouped by outcome: those that only a pair can cause first, then those that stop most. */
export function judgePairs(model: FailureModel, placement: Placement): PairGroup[] {
  const parts = partsOf(model.topology);
  const singles = parts.map((part) => {
    const gone = goneBy(model, [part]);
    return { part, gone, states: statesUnder(model, gone) };
  });
  const servers = serverJudge(model, placement);
  const groups = new Map<string, Growing>();
  for (const [at, first] of singles.entries())
    for (let next = at + 1; next < singles.length; next += 1) {
      const second = singles[next];
      if (second === undefined) break;
      const gone = both(model, first, second);
      const states = statesUnder(model, gone);
      let key = '';
      for (const [service, state] of states.entries()) {
        const alone = (first.states[service] ?? 0) > REDUCED || (second.states[service] ?? 0) > REDUCED;
        key += state <= REDUCED ? '.' : alone ? 'd' : 't';
      }
      const failure: Failure = [first.part, second.part];
      const group = groups.get(key) ?? newGroup(model, key);
      groups.set(key, group);
      group.pairs += 1;
      if (group.examples.length < 3) group.examples.push(failure);
      const fell = servers(gone.hosts);
      if (fell !== undefined && isWorse(fell, group.worst)) group.worst = { failure, ...fell };
    }
  return [...groups.values()]
    .map(({ worst, ...group }) => ({ ...group, worstForServers: worst }))
    .sort((a, b) => b.together.length - a.together.length || b.down.length - a.down.length || a.pairs - b.pairs);
}

/** What two parts take away: the union of what each does, but for feeds and switches, which may only do it together. */
function both(
  model: FailureModel,
  first: { readonly part: Part; readonly gone: Gone },
  second: { readonly part: Part; readonly gone: Gone },
): Gone {
  const redundant = (part: Part): boolean => part.kind === 'power' || part.kind === 'switch';
  if (redundant(first.part) && redundant(second.part)) return goneBy(model, [first.part, second.part]);
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
  return { down: named('d', 't'), together: named('t'), pairs: 0, examples: [], worst: null };
}

type Fell = { readonly fallen: number; readonly unplaced: number };

function isWorse(fell: Fell, than: Fell | null): boolean {
  if (than === null) return true;
  return fell.unplaced > than.unplaced || (fell.unplaced === than.unplaced && fell.fallen > than.fallen);
}

/** Servers are placed again once for each set of hosts that carry any: most pairs take the same. */
function serverJudge({ topology }: FailureModel, placement: Placement): (hosts: Bits) => Fell | undefined {
  const carrying = new Set(
    placement.hosts.filter((_, at) => (placement.index.carried[at]?.length ?? 0) > 0).map(({ name }) => name),
  );
  const mask = emptyBits(topology.hosts.length);
  for (const [at, { name }] of topology.hosts.entries())
    if (carrying.has(name)) mask[at >>> 5] = (mask[at >>> 5] ?? 0) | (1 << (at & 31));
  const known = new Map<string, Fell | undefined>();
  return (hosts) => {
    const off = hosts.map((word, at) => word & (mask[at] ?? 0));
    const key = off.join(' ');
    if (known.has(key)) return known.get(key);
    const names = listBits(off).flatMap((at) => topology.hosts[at]?.name ?? []);
    const result = names.length === 0 ? undefined : replace(placement, names);
    const fell = result === undefined ? undefined : { fallen: result.fallen.length, unplaced: result.unplaced.length };
    known.set(key, fell);
    return fell;
  };
}
