import type { Observation, ScalerState } from './types.ts';

export type Jobs = Pick<Observation, 'waiting' | 'running'>;
export type Pace = Pick<Observation, 'ended' | 'meanSeconds'>;
export type Sizes = Pick<Observation, 'desired' | 'inService' | 'minimum' | 'maximum'>;

/** What a minute needs of AWS. Each call ends when the signal does. */
export interface Ports {
  /** Of all queues. */
  jobs(signal: AbortSignal): Promise<Jobs>;
  /** Of the quarter of an hour that ended a minute before `now`, in seconds since 1970. */
  pace(now: number, signal: AbortSignal): Promise<Pace>;
  sizes(signal: AbortSignal): Promise<Sizes>;
  setDesired(desired: number, signal: AbortSignal): Promise<void>;
  readState(signal: AbortSignal): Promise<ScalerState | undefined>;
  /** @param now - seconds since 1970 */
  writeState(state: ScalerState, now: number, signal: AbortSignal): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
  log(level: 'info' | 'warn', message: string, fields?: Readonly<Record<string, string | number>>): void;
}
