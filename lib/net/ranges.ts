import { formatIpv4, parseIpv4 } from './ipv4.ts';

/** Addresses from the first to the last, both among them. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

/**
 * What is left of a range without others, in order; ranges that overlap or lie outside take what they have of it. Empty where nothing is
 * left, or the range ends before it begins. Pure.
 */
export function without({ first, last }: AddressRange, others: readonly AddressRange[] = []): AddressRange[] {
  const gone = others.map((each) => [parseIpv4(each.first), parseIpv4(each.last)] as const).sort(([a], [b]) => a - b);
  const left: AddressRange[] = [];
  const end = parseIpv4(last);
  let from = parseIpv4(first);
  for (const [start, stop] of gone) {
    if (start > from) left.push({ first: formatIpv4(from), last: formatIpv4(Math.min(start - 1, end)) });
    from = Math.max(from, stop + 1);
    if (from > end) break;
  }
  if (from <= end) left.push({ first: formatIpv4(from), last });
  return left.filter((each) => parseIpv4(each.first) <= parseIpv4(each.last));
}

/** How many addresses ranges have that do not overlap. */
export function countIn(ranges: readonly AddressRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + parseIpv4(last) - parseIpv4(first) + 1, 0);
}

export function isWithin(address: string, { first, last }: AddressRange): boolean {
  return parseIpv4(address) >= parseIpv4(first) && parseIpv4(address) <= parseIpv4(last);
}
