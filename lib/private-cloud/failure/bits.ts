/** A set of small numbers, 32 to a word. What all pairs of a large cloud are judged with. */
export type Bits = Uint32Array;

export function emptyBits(size: number): Bits {
  return new Uint32Array(Math.max(1, Math.ceil(size / 32)));
}

export function bitsOf(size: number, members: Iterable<number>): Bits {
  const bits = emptyBits(size);
  for (const each of members) addBit(bits, each);
  return bits;
}

function addBit(bits: Bits, at: number): void {
  const word = at >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (at & 31));
}

export function hasBit(bits: Bits, at: number): boolean {
  return (((bits[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
}

/** Adds all of `other` to `bits`. */
export function addAll(bits: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word += 1) bits[word] = (bits[word] ?? 0) | (other[word] ?? 0);
}

/** How many numbers are in both. */
export function countCommon(a: Bits, b: Bits): number {
  let count = 0;
  for (let word = 0; word < a.length; word += 1) {
    let both = (a[word] ?? 0) & (b[word] ?? 0);
    if (both === 0) continue;
    both -= (both >>> 1) & 0x55555555;
    both = (both & 0x33333333) + ((both >>> 2) & 0x33333333);
    count += Math.imul((both + (both >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

export function listBits(bits: Bits): number[] {
  const found: number[] = [];
  for (let at = 0; at < bits.length * 32; at += 1) if (hasBit(bits, at)) found.push(at);
  return found;
}
