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
  const draws = drawsOf(course, generator(seed));
  const ends = Array.from({ length: PLAYS }, () => play(course, draws())).sort((a, b) => a - b);
  const at = (share: number): number => ends[Math.min(ends.length - 1, Math.floor(share * ends.length))] ?? 0;
  const isObserved = course.observed.boots.length > 0 && course.observed.jobs.length > 0;
  return { seconds: at(0.5), low: at(0.025), high: at(0.975), observed: isObserved };
}

/** Mulberry32: numbers from 0 to 1 that follow from a seed. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
