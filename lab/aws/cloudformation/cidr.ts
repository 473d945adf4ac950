import { isIP } from 'node:net';
import { containsCidr, parseCidr } from 'cidr-tools';
import { stringifyIp } from 'ip-bigint';
import { validationError } from '../aws-error.ts';

/** `Fn::Cidr`: the first so many blocks with so many host bits, IPv4 or IPv6. */
export function subnetsOf(block: string, count: number, hostBits: number): string[] {
  const prefix = prefixOf(block);
  const { start, version } = parseCidr(block);
  const width = widthOf(version);
  const step = 1n << BigInt(hostBits);
  if (!(count >= 1 && count <= 256) || BigInt(count) * step > 1n << BigInt(width - prefix))
    throw validationError(`Template error: Fn::Cidr cannot make ${count} blocks of ${hostBits} bits in ${block}`);
  return Array.from(
    { length: count },
    (_, index) => `${stringifyIp({ number: start + BigInt(index) * step, version })}/${width - hostBits}`,
  );
}

/** Its prefix length. As in AWS, bits of hosts are not looked at. @throws where it is no CIDR block */
export function prefixOf(block: string): number {
  const [address = '', length = ''] = block.split('/');
  const version = isIP(address);
  if (version === 0 || !/^\d+$/.test(length) || Number(length) > widthOf(version))
    throw validationError(`Invalid CIDR block ${block}`);
  return Number(length);
}

export function covers(outer: string, inner: string): boolean {
  return prefixOf(outer) <= prefixOf(inner) && containsCidr(outer, inner);
}

function widthOf(version: number): number {
  return version === 4 ? 32 : 128;
}
