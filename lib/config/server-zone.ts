/**
 * The zone of a server of a spread tier: over the zones in turn, from a start that the lease and the tier choose. Without a start of
 * its own every tier of one server would stand in the first zone. Other tiers and leases have no say in it, so that adding one moves
 * nobody.
 * @param index place of the server in its tier, from 1
 * @returns undefined where there is no zone
 */
export function serverZone(zones: readonly string[], lease: string, tier: string, index: number): string | undefined {
  if (zones.length === 0) return undefined;
  return [...zones].sort()[(startOf(`${lease}/${tier}`) + index - 1) % zones.length];
}

/** FNV-1a: small, and the same everywhere. */
function startOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
