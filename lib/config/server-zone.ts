import { fnv1a } from '../text/fnv1a.ts';

/**
 * The zone of a server of a spread tier: over the zones in turn, from a start that the lease and the tier choose. Without a start of
 * its own every tier of one server would stand in the first zone. Other tiers and leases have no say in it, so that adding one moves
 * nobody.
 * @param index place of the server in its tier, from 1
 * @returns undefined where there is no zone
 */
export function serverZone(zones: readonly string[], lease: string, tier: string, index: number): string | undefined {
  if (zones.length === 0) return undefined;
  return [...zones].sort()[(fnv1a(`${lease}/${tier}`) + index - 1) % zones.length];
}
