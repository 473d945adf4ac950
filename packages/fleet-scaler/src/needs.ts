import type { ScalerState } from './types.ts';

/** Parts of the idle time that are told apart: so many entries at most, for the state has a place of 4 KB. */
const PARTS = 60;

/**
 * The needs that still count, this one among them: each is larger than all after it, so that the first is the largest. Those of one part of the
 * idle time are one, which counts from the last of them: it may be kept for a sixtieth too long.
 */
export function needsSince(
  needs: ScalerState['needs'],
  { now, need, idleSeconds }: { readonly now: number; readonly need: number; readonly idleSeconds: number },
): ScalerState['needs'] {
  // One from the future is of a clock that was set back: it would count for too long.
  const counting = needs.filter(([at, instances]) => at >= now - idleSeconds && at <= now && instances > need);
  const last = counting.at(-1);
  const partOf = (at: number): number => Math.floor((at * PARTS) / idleSeconds);
  return last !== undefined && partOf(last[0]) === partOf(now)
    ? [...counting.slice(0, -1), [now, last[1]]]
    : [...counting, [now, need]];
}
