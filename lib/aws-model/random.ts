import { fnv1a } from '../text/fnv1a.ts';
import type { Spread } from './types.ts';

/** Where each stream of chance stands. Streams are apart, so that one more draw of one thing moves no other. */
export interface RandomState {
  readonly seed: number;
  readonly streams: Map<string, number>;
}

export type Stream = 'ids' | 'boot' | 'running' | 'stop' | 'terminate' | 'consistency' | 'phase' | 'dead' | 'choice';

/** The next number of a stream, from 0 to less than 1. */
export function draw(random: RandomState, stream: Stream): number {
  const state = next(random.streams.get(stream) ?? start(random.seed, stream));
  random.streams.set(stream, state);
  return numberOf(state);
}

/** Numbers from 0 to less than 1 that follow from a seed, for who needs one stream. */
export function drawsFrom(seed: number): () => number {
  let state = seed;
  return () => numberOf((state = next(state)));
}

/** Mulberry32. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function next(state: number): number {
  return (state + 0x6d2b79f5) | 0;
}

function numberOf(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}

/** Milliseconds of a bell within mean plus and minus spread: three draws on average. No logarithm, whose last bit differs among machines. */
export function drawMs(random: RandomState, stream: Stream, { mean, spread }: Spread): number {
  const bell = (draw(random, stream) + draw(random, stream) + draw(random, stream)) / 1.5 - 1;
  return Math.max(0, Math.round((mean + spread * bell) * 1000));
}

export function drawHex(random: RandomState, length: number): string {
  let text = '';
  while (text.length < length)
    text += Math.floor(draw(random, 'ids') * 4_294_967_296)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, length);
}

export function drawUuid(random: RandomState): string {
  const hex = drawHex(random, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Of seed and stream, mixed so that neighbouring seeds start far apart. */
function start(seed: number, stream: Stream): number {
  const plain = fnv1a(`${seed}/${stream}`);
  const hash = Math.imul(plain ^ (plain >>> 16), 0x85eb_ca6b);
  return hash ^ (hash >>> 13);
}
