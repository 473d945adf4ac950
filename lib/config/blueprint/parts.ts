import type { Joined, Origin } from '../origin.ts';
import type { Blueprint, Tier } from '../schema/blueprint.ts';

/** A blueprint that joins another one under a name. */
export interface JoinedPart {
  /** Name of the part: `discovery`. */
  readonly name: string;
  readonly value: Blueprint;
  readonly origin: Origin;
}

/** Tiers of a part are called `<part>-<tier>` in what they join. */
function tierOfPart(part: string, tier: string): string {
  return `${part}-${tier}`;
}

/**
 * A blueprint with the tiers of its parts after its own, and where each of these is written.
 * @returns `taken`: names that a part's tier would have, and something else has
 */
export function withParts(
  blueprint: Blueprint,
  parts: readonly JoinedPart[],
): { readonly value: Blueprint; readonly joined: readonly Joined[]; readonly taken: readonly string[] } {
  const tiers: Record<string, Tier> = { ...blueprint.tiers };
  const joined: Joined[] = [];
  const taken: string[] = [];
  for (const { name: part, value, origin } of parts) {
    const own = new Set(Object.keys(value.tiers));
    const rename = (name: string) => (own.has(name) ? tierOfPart(part, name) : name);
    for (const [tier, content] of Object.entries(value.tiers)) {
      const name = tierOfPart(part, tier);
      if (Object.hasOwn(tiers, name)) {
        taken.push(name);
        continue;
      }
      tiers[name] = renamed(content, rename, part);
      joined.push({ path: ['tiers', name], origin: origin.at('tiers', tier) });
    }
  }
  return { value: { ...blueprint, tiers }, joined, taken };
}

/** A tier as it stands in another blueprint: whoever it names has another name there. */
function renamed(tier: Tier, rename: (name: string) => string, part: string): Tier {
  const { loadBalancer, renamedFrom } = tier;
  return {
    ...tier,
    listens: tier.listens.map((listen) => ({ ...listen, from: listen.from.map(rename) })),
    runs: Object.fromEntries(
      Object.entries(tier.runs).map(([component, settings]) => [
        component,
        { ...(referencesRenamed(settings, rename) as typeof settings), clients: settings.clients.map(rename) },
      ]),
    ),
    ...(loadBalancer === undefined ? {} : { loadBalancer: { ...loadBalancer, from: loadBalancer.from.map(rename) } }),
    ...(renamedFrom === undefined ? {} : { renamedFrom: tierOfPart(part, renamedFrom) }),
  };
}

/** Settings with every `{ tier: NAME }` renamed. */
function referencesRenamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => referencesRenamed(each, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'tier' && typeof inner === 'string' ? rename(inner) : referencesRenamed(inner, rename),
    ]),
  );
}
