import type { ScalerState } from './types.ts';

/** Instance-seconds that a forecast may cost, of those without it: however wrong it is, the fleet costs no more than 1.03 times as much. */
const SHARE = 0.03;
/** Seconds for which instances can be paid when they are launched ahead. */
const PAID_SECONDS = 300;
/** Credit of a day at most: what was saved for long is not spent at once. */
const MOST_SECONDS = 86_400;
/** Seconds after a look for which it earns at most: in a longer pause nobody knows what ran. */
const EARNED_SECONDS = 60;

/**
 * Instances beyond what is needed, for what a forecast expects: as many as the credit pays for. The fleet earns it with what it needs anyway.
 * Learning-aided with a bound, as the switching between a forecast and a safe algorithm of arXiv 2101.12160, by a budget of its own.
 *
 * @param needed - instances without a forecast
 * @param wanted - instances beyond these, as forecast
 */
export function spend(
  { credit, spare }: Pick<ScalerState, 'credit' | 'spare'>,
  { needed, wanted, passed }: { readonly needed: number; readonly wanted: number; readonly passed: number },
): Pick<ScalerState, 'credit' | 'spare'> {
  const earned = SHARE * needed * Math.min(passed, EARNED_SECONDS);
  const left = Math.min(SHARE * needed * MOST_SECONDS, credit + earned - spare * passed);
  return { credit: Math.round(left), spare: Math.max(0, Math.min(wanted, Math.floor(left / PAID_SECONDS))) };
}
