import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Decide, Forecast, ScalerSettings, ScalerState } from '../../../packages/fleet-scaler/src/types.ts';
import { SCALER_BUNDLE } from '../../../stacks/aws/assets.ts';
import { scalerNotBuilt } from '../errors.ts';
import type { OwnPolicy } from '../run/policy.ts';

/** How often the function looks. */
const EVERY_SECONDS = 15;

/**
 * What decides in AWS, of the very bundle that is deployed.
 * @param bundle - @default - the one of this checkout
 * @throws TandemError `scaler-not-built`
 */
export async function loadDecide(bundle: string = SCALER_BUNDLE): Promise<Decide> {
  if (!existsSync(bundle)) throw scalerNotBuilt(bundle);
  const { decide } = (await import(pathToFileURL(bundle).href)) as { readonly decide: Decide };
  return decide;
}

/**
 * Tandem's own policy for one simulation: it begins without a state.
 * @param forecast - @default - what it learns
 */
export function tandemPolicy(decide: Decide, settings: ScalerSettings, forecast?: Forecast): OwnPolicy {
  let state: ScalerState | undefined;
  return {
    everySeconds: EVERY_SECONDS,
    decide(observation) {
      const decision = decide(state, observation, settings, forecast);
      state = decision.state;
      return decision.desired;
    },
  };
}
