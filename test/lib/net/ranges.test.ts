import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpv4 } from '../../../lib/net/ipv4.ts';
import { countIn, isWithin, without } from '../../../lib/net/ranges.ts';

const at = (offset: number) => formatIpv4(0x0a000000 + offset);
const range = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([a, b]) => ({ first: at(Math.min(a, b)), last: at(Math.max(a, b)) }));

describe('a range without others', () => {
  it('has exactly the addresses that no other has, each once', () => {
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 4 }), (whole, others) => {
        const left = without(whole, others);
        const wanted = Array.from({ length: 41 }, (_, offset) => at(offset)).filter(
          (each) => isWithin(each, whole) && !others.some((other) => isWithin(each, other)),
        );
        expect(countIn(left)).toBe(wanted.length);
        expect(wanted.every((each) => left.some((part) => isWithin(each, part)))).toBe(true);
      }),
    );
  });

  it('is none where it ends before it begins', () => {
    expect(without({ first: at(5), last: at(4) })).toEqual([]);
  });
});
