import { validationError } from '../aws-error.ts';

/** `Fn::Cidr`: the first so many blocks with so many host bits, IPv4 or IPv6. */
export function subnetsOf(block: string, count: number, hostBits: number): string[] {
  const { base, width, prefix } = parseCidr(block);
  const step = 1n << BigInt(hostBits);
  const size = 1n << BigInt(width - prefix);
  if (!(count >= 1 && count <= 256) || BigInt(count) * step > size)
    throw validationError(`Template error: Fn::Cidr cannot make ${count} blocks of ${hostBits} bits in ${block}`);
  return Array.from(
    { length: count },
    (_, index) => `${print(base + BigInt(index) * step, width)}/${width - hostBits}`,
  );
}

export interface ParsedCidr {
  readonly base: bigint;
  readonly width: 32 | 128;
  readonly prefix: number;
}

export function parseCidr(block: string): ParsedCidr {
  const [address = '', length = ''] = block.split('/');
  const width = address.includes(':') ? 128 : 32;
  const prefix = Number(length);
  const base = width === 32 ? parse4(address) : parse6(address);
  if (base === undefined || !/^\d+$/.test(length) || prefix > width)
    throw validationError(`Invalid CIDR block ${block}`);
  return { base: (base >> BigInt(width - prefix)) << BigInt(width - prefix), width, prefix };
}

export function covers(outer: ParsedCidr, inner: ParsedCidr): boolean {
  if (outer.width !== inner.width || inner.prefix < outer.prefix) return false;
  const shift = BigInt(outer.width - outer.prefix);
  return outer.base >> shift === inner.base >> shift;
}

function parse4(address: string): bigint | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parse6(address: string): bigint | undefined {
  const [head = '', tail] = address.split('::');
  const groups = (side: string): string[] => (side === '' ? [] : side.split(':'));
  const front = groups(head);
  const back = groups(tail ?? '');
  const missing = 8 - front.length - back.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const all = [...front, ...Array.from({ length: missing }, () => '0'), ...back];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((sum, group) => sum * 65_536n + BigInt(Number.parseInt(group, 16)), 0n);
}

function print(value: bigint, width: 32 | 128): string {
  if (width === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 65_535n).toString(16));
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}
