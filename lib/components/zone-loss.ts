import type { Quorum } from '../bring-up/component.ts';
import { serverZone } from '../config/server-zone.ts';

/** Servers of a spread tier by zone, as the lease places them; one group without a name where the cloud has no zones. */
export function serversByZone(
  zones: readonly string[],
  lease: string,
  tier: string,
  count: number,
): ReadonlyMap<string, number> {
  const byZone = new Map<string, number>();
  for (let index = 1; index <= count; index += 1) {
    const zone = serverZone(zones, lease, tier, index) ?? '';
    byZone.set(zone, (byZone.get(zone) ?? 0) + 1);
  }
  return byZone;
}

export interface ZoneLoss {
  readonly zone: string;
  /** Members that are gone with it. */
  readonly lost: number;
  /** Members that stay. */
  readonly left: number;
  /** Whether those take writes. */
  readonly serves: boolean;
}

/** What the loss of each zone leaves of a quorum, the zones in order of their names. */
export function zoneLosses(byZone: ReadonlyMap<string, number>, { members, needed }: Quorum): ZoneLoss[] {
  return [...byZone]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([zone, lost]) => ({ zone, lost, left: members - lost, serves: members - lost >= needed }));
}

/** Least number of zones over which members must be spread in turn so that any of them may be lost; undefined where no number helps. */
export function zonesNeeded({ members, needed }: Quorum): number | undefined {
  const spare = members - needed;
  return spare < 1 ? undefined : Math.ceil(members / spare);
}
