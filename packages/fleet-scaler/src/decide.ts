import { needsSince } from './needs.ts';
import type { Decision, Observation, ScalerSettings, ScalerState } from './types.ts';

/** Over which `ended` is counted, in seconds. */
const WINDOW_SECONDS = 900;
/** Mean of a job in seconds before any ended. */
const UNKNOWN_MEAN_SECONDS = 300;

const FIRST: ScalerState = {
  format: 'tandem.fleet-scaler-state/1',
  emptyAt: 0,
  meanSeconds: UNKNOWN_MEAN_SECONDS,
  needs: [],
};

/**
 * Instances for what runs and what waits. Of what waits, as many jobs are left to the instances that there are as end, at the present rate,
 * before the oldest one has waited for `waitSeconds`; each further instance does as many of the rest as fit between its boot and then. What was
 * needed is kept for `idleSeconds`: an instance that goes too early costs another boot.
 *
 * Pure. Without a state it takes what waits for old, and launches rather more than less. A value that is no number, or below 0, decides
 * nothing: the capacity and the state stay.
 *
 * @param state - what the last decision left. @default - the first decision
 */
export function decide(
  state: ScalerState = FIRST,
  observation: Observation,
  { waitSeconds, bootSeconds, idleSeconds, slots }: ScalerSettings,
): Decision {
  const { now, waiting, running, ended, desired, minimum, maximum } = observation;
  if (!Object.values(observation).every((value) => Number.isFinite(value) && value >= 0)) return { state, desired };
  const meanSeconds = ended > 0 ? observation.meanSeconds : state.meanSeconds;
  const mean = Math.max(1, meanSeconds);
  const freed = ended / WINDOW_SECONDS;
  const emptyAt = waiting === 0 ? now : Math.min(now, state.emptyAt);
  const oldest = Math.min(now - emptyAt, freed === 0 ? Infinity : waiting / freed);
  const left = Math.max(0, waitSeconds - oldest);
  const rest = Math.max(0, waiting - freed * left);
  const each = 1 + Math.max(0, left - bootSeconds) / mean;
  const need = Math.min(Number.MAX_SAFE_INTEGER, Math.ceil((running + rest / each) / Math.max(1, slots)));
  const needs = needsSince(state.needs, { now, need, idleSeconds });
  const largest = needs[0]?.[1] ?? need;
  return {
    state: { format: FIRST.format, emptyAt, meanSeconds, needs },
    desired: Math.max(minimum, Math.min(maximum, largest)),
  };
}
