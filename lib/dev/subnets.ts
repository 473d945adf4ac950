import { Cidr } from '../net/cidr.ts';

/** How many networks of a prefix length a pool still has, counted no further than `enough`. */
export function freeSubnets(
  prefixes: readonly string[],
  taken: readonly string[],
  prefixLength: number,
  enough: number,
): number {
  const used = taken.filter((text) => Cidr.isValid(text)).map(range);
  let free = 0;
  for (const prefix of prefixes.filter((text) => Cidr.isValid(text)).map(range)) {
    const size = 2 ** (32 - prefixLength);
    const inside = used.filter(([first, last]) => first <= prefix[1] && last >= prefix[0]).sort((a, b) => a[0] - b[0]);
    let next = 0;
    for (let at = prefix[0]; at + size - 1 <= prefix[1] && free < enough; at += size) {
      while (next < inside.length && (inside[next]?.[1] ?? 0) < at) next += 1;
      const blocking = inside[next];
      if (blocking === undefined || blocking[0] > at + size - 1) free += 1;
    }
  }
  return free;
}

function range(text: string): readonly [number, number] {
  const cidr = Cidr.parse(text);
  const first = cidr
    .address(0)
    .split('.')
    .reduce((value, octet) => value * 256 + Number(octet), 0);
  return [first, first + cidr.size - 1];
}
