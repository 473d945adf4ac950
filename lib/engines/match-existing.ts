import { isDeepStrictEqual } from 'node:util';

/** A resource: of what exists, as its tool describes it; of a stack, as its artefact asks for it. */
export interface Described {
  /** As its tool addresses it: `openstack_networking_network_v2.web`, or a logical id. */
  readonly address: string;
  readonly type: string;
  /** Values that are known; of an artefact, those that are written out. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Existing extends Described {
  /** By which the stack's engine imports it. */
  readonly id: string;
}

/** Something that exists, and the resource of the stack that it becomes. */
export interface Match {
  readonly to: string;
  readonly type: string;
  readonly id: string;
  /** Address that it has now. */
  readonly from: string;
  /** Attributes that the artefact writes otherwise: what the first plan changes. */
  readonly differs: readonly string[];
}

export interface Matching {
  readonly matches: readonly Match[];
  /** Resources of the stack that several existing ones fit alike. */
  readonly ambiguous: readonly { readonly to: string; readonly candidates: readonly string[] }[];
  /** Resources of the stack that nothing fits: the first plan makes them. */
  readonly missing: readonly string[];
  /** What exists and fits nothing: it is left alone. */
  readonly left: readonly string[];
}

/** What tells one resource of a type from another: where both sides have it, it is the same. */
const IDENTITY = ['name', 'cidr', 'email', 'network_address'];

/**
 * Which existing resource becomes which of a stack's: of the same type, without a contradiction in what names it, and each the other's
 * best by equal attributes. What is not clear is not matched. Pure.
 * @param identity attribute by type that names a resource, beside `name` and `cidr`
 */
export function matchExisting(
  existing: readonly Existing[],
  wanted: readonly Described[],
  identity: Readonly<Record<string, string>> = {},
): Matching {
  const free = new Set(existing);
  const open = new Set(wanted);
  const matches: Match[] = [];
  const scores = new Map(
    wanted.map((each) => [each, new Map(existing.map((one) => [one, score(one, each, identity)]))]),
  );
  const of = (one: Existing, each: Described): number => scores.get(each)?.get(one) ?? 0;
  // What is clear makes the rest clearer: two of a type are one once the other is taken.
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const each of open) {
      const best = only([...free], (one) => of(one, each));
      if (best === undefined || only([...open], (other) => of(best, other)) !== each) continue;
      matches.push({
        ...{ to: each.address, type: each.type, id: best.id, from: best.address },
        differs: differing(best, each),
      });
      free.delete(best);
      open.delete(each);
      isChanged = true;
    }
  }
  const candidates = (each: Described) => [...free].filter((one) => of(one, each) > 0).map(({ address }) => address);
  const rest = [...open].map((each) => ({ to: each.address, candidates: candidates(each) }));
  return {
    matches: matches.sort((a, b) => (a.to < b.to ? -1 : 1)),
    ambiguous: rest.filter((each) => each.candidates.length > 0),
    missing: rest.filter((each) => each.candidates.length === 0).map(({ to }) => to),
    left: [...free].map(({ address }) => address),
  };
}

/** The one with the highest score; none where two share it, or it is 0. */
function only<T>(all: readonly T[], scoreOf: (each: T) => number): T | undefined {
  const ranked = all.map((each) => [each, scoreOf(each)] as const).sort(([, a], [, b]) => b - a);
  const [first, second] = ranked;
  return first === undefined || first[1] === 0 || first[1] === second?.[1] ? undefined : first[0];
}

/** 0: it cannot be; else the more, the more is the same. */
function score(one: Existing, each: Described, identity: Readonly<Record<string, string>>): number {
  if (one.type !== each.type) return 0;
  const names = [...IDENTITY, identity[each.type] ?? ''].filter((key) => isSaid(one, key) && isSaid(each, key));
  if (names.some((key) => !isDeepStrictEqual(one.attributes[key], each.attributes[key]))) return 0;
  const equal = Object.keys(each.attributes).filter(
    (key) => isSaid(one, key) && isDeepStrictEqual(one.attributes[key], each.attributes[key]),
  );
  return 1 + equal.length + names.length * 10 + (lastPart(one.address) === lastPart(each.address) ? 5 : 0);
}

function isSaid({ attributes }: Described, key: string): boolean {
  const value = attributes[key];
  return value !== undefined && value !== null && value !== '';
}

function lastPart(address: string): string {
  return address.split('.').at(-1) ?? address;
}

function differing(one: Existing, each: Described): string[] {
  const both = Object.keys(each.attributes).filter((key) => key in one.attributes);
  return both.filter((key) => !isDeepStrictEqual(one.attributes[key], each.attributes[key])).sort();
}
