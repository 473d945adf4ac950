import { drawsFrom } from '../aws-model/random.ts';
import { type Course, drawsOf, play } from './simulate.ts';

/** When an operation will be done, in seconds from its beginning. */
export interface Forecast {
  /** The middle of what may happen. */
  readonly seconds: number;
  /** Nine in ten end within these: a little wider than what nine in ten plays take, since a play knows less than what happens. */
  readonly low: number;
  readonly high: number;
  /** Whether the fleet told of its boots and jobs; otherwise usual ones are assumed. */
  readonly observed: boolean;
}

const PLAYS = 200;

/** Plays the plan many times, and says between which times it ends. Pure: the same course and seed give the same forecast. */
export function forecast(course: Course, seed: number): Forecast {
  const draws = drawsOf(course, drawsFrom(seed));
  const ends = Array.from({ length: PLAYS }, () => play(course, draws())).sort((a, b) => a - b);
  const at = (share: number): number => ends[Math.min(ends.length - 1, Math.floor(share * ends.length))] ?? 0;
  const isObserved = course.observed.boots.length > 0 && course.observed.jobs.length > 0;
  return { seconds: at(0.5), low: at(0.025), high: at(0.975), observed: isObserved };
}
