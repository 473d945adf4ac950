import type { Spread } from './types.ts';

/** Where each stream of chance stands. Streams are apart, so that one more draw of one thing moves no other. */
export interface RandomState {
  readonly seed: number;
  readonly streams: Map<string, number>;
}

export type Stream = 'ids' | 'boot' | 'running' | 'stop' | 'terminate' | 'consistency' | 'phase' | 'dead' | 'choice';

/** The next number of a stream, from 0 to less than 1: Mulberry32. */
export function draw(random: RandomState, stream: Stream): number {
  let state = random.streams.get(stream) ?? start(random.seed, stream);
  state = (state + 0x6d2b79f5) | 0;
  random.streams.set(stream, state);
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

/** FNV-1a of seed and stream, mixed so that neighbouring seeds start far apart. */
function start(seed: number, stream: Stream): number {
  let hash = 2_166_136_261;
  for (const character of `${seed}/${stream}`) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return hash ^ (hash >>> 13);
}
