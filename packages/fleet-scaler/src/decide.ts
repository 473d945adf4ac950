import { needsSince } from './needs.ts';
import { expectedAt, learned } from './profile.ts';
import { spend } from './spare.ts';
import type { Decision, Forecast, Observation, ScalerSettings, ScalerState } from './types.ts';

/** Over which `ended` is counted, in seconds. */
const WINDOW_SECONDS = 900;
/** Mean of a job in seconds before any ended. */
const UNKNOWN_MEAN_SECONDS = 300;
/** More jobs than any queue has: a number of the state is short. */
const MOST_JOBS = 1e6;
/** From one look to the next, in seconds: EventBridge starts the function once a minute, no more often, and it looks four times. */
export const LOOK_SECONDS = 15;

const FIRST: ScalerState = {
  format: 'tandem.fleet-scaler-state/2',
  at: 0,
  emptyAt: 0,
  meanSeconds: UNKNOWN_MEAN_SECONDS,
  needs: [],
  day: { profile: [], level: 1 },
  ...{ credit: 0, spare: 0 },
};

/**
 * Instances for what runs and what waits. Of what waits, as many jobs are left to the instances that there are as end, at the present rate,
 * before the oldest one has waited for `waitSeconds`; each further instance does as many of the rest as fit between its boot and then. What was
 * needed is kept for `idleSeconds`: an instance that goes too early costs another boot.
 *
 * Where jobs may wait for less than a boot takes, it looks as far ahead as is missing, by the days before, and launches spare instances within
 * a budget (`spend`). With longer waits a forecast gains nothing: who is launched when a job comes is there in time.
 *
 * Pure. Without a state it takes what waits for old, and launches rather more than less. A value that is no number, or below 0, decides
 * nothing: the capacity and the state stay.
 *
 * @param state - what the last decision left. @default - the first decision
 * @param forecast - @default - the same time of the days before, at today's level
 */
export function decide(
  state: ScalerState = FIRST,
  observation: Observation,
  settings: ScalerSettings,
  forecast?: Forecast,
): Decision {
  const { now, waiting, running, desired, minimum, maximum } = observation;
  if (!Object.values(observation).every((value) => Number.isFinite(value) && value >= 0)) return { state, desired };
  const { slots, waitSeconds, bootSeconds, idleSeconds } = settings;
  const { need, emptyAt, meanSeconds } = needOf(state, observation, settings);
  const needs = needsSince(state.needs, { now, need, idleSeconds });
  const within = (instances: number): number => Math.max(minimum, Math.min(maximum, instances));
  const needed = within(needs[0]?.[1] ?? need);
  const passed = Math.max(0, now - state.at);
  const day = learned(state.day, now, Math.min(MOST_JOBS, waiting + running), passed);
  const ahead = bootSeconds - waitSeconds;
  const expected = ahead <= 0 ? undefined : (forecast ?? ((at) => expectedAt(day, at)))(now + ahead);
  const wanted = within(Math.ceil((expected ?? 0) / Math.max(1, slots))) - needed;
  const { credit, spare } = spend(state, { needed, wanted, passed });
  return {
    state: { format: FIRST.format, at: now, emptyAt, meanSeconds, needs, day, credit, spare },
    desired: needed + spare,
  };
}

/** Instances that are needed now. */
function needOf(
  state: ScalerState,
  { now, waiting, running, ended, meanSeconds: seen }: Observation,
  { waitSeconds, bootSeconds, slots }: ScalerSettings,
): Pick<ScalerState, 'emptyAt' | 'meanSeconds'> & { readonly need: number } {
  const meanSeconds = ended > 0 ? seen : state.meanSeconds;
  const freed = ended / WINDOW_SECONDS;
  const emptyAt = waiting === 0 ? now : Math.min(now, state.emptyAt);
  const oldest = Math.min(now - emptyAt, freed === 0 ? Infinity : waiting / freed);
  const left = Math.max(0, waitSeconds - oldest);
  const rest = Math.max(0, waiting - freed * left);
  const each = 1 + Math.max(0, left - bootSeconds) / Math.max(1, meanSeconds);
  const need = Math.min(Number.MAX_SAFE_INTEGER, Math.ceil((running + rest / each) / Math.max(1, slots)));
  return { need, emptyAt, meanSeconds };
}
