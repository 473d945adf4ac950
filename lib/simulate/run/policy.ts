import type { Observation } from '../../../packages/fleet-scaler/src/types.ts';

export type { Observation };

/** A policy of one's own, beside or instead of AWS's. */
export interface OwnPolicy {
  readonly everySeconds: number;
  /** The desired capacity from now on; undefined leaves it. */
  decide(observation: Observation): number | undefined;
  /** Fewest instances from now on, above the fleet's own minimum; nothing scales in below. @default - the minimum */
  floor?(observation: Observation): number;
}
