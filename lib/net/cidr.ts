import { excludeCidr } from 'cidr-tools';
import { formatIpv4, parseIpv4 } from './ipv4.ts';

/**
 * An IPv4 network in CIDR notation, e.g. `10.4.0.0/22`. Immutable; compares by value.
 * Accepts no host bits: whoever writes `10.4.0.1/22` means an address or another network.
 */
export class Cidr {
  readonly #text: string;
  readonly prefixLength: number;
  readonly #start: number;

  private constructor(start: number, prefixLength: number) {
    this.#text = `${formatIpv4(start)}/${prefixLength}`;
    this.prefixLength = prefixLength;
    this.#start = start;
  }

  /** @throws RangeError with a lowercase reason when the text is no IPv4 network, or has host bits set. */
  static parse(text: string): Cidr {
    const match = /^([\d.]+)\/(0|[1-9]\d?)$/.exec(text);
    const prefixLength = Number(match?.[2]);
    if (match === null || prefixLength > 32) throw new RangeError('an IPv4 network looks like 10.4.0.0/22');
    let address: number;
    try {
      address = parseIpv4(match[1] ?? '');
    } catch {
      throw new RangeError('an IPv4 network looks like 10.4.0.0/22');
    }
    const cidr = new Cidr(address - (address % 2 ** (32 - prefixLength)), prefixLength);
    if (cidr.#text !== text) throw new RangeError(`it has host bits set; the network is ${cidr.#text}`);
    return cidr;
  }

  static isValid(text: string): boolean {
    try {
      Cidr.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  /** Number of addresses in the network, the network and broadcast addresses included. */
  get size(): number {
    return 2 ** (32 - this.prefixLength);
  }

  /** The address at an offset from the network address, e.g. `1` for the usual gateway; negative from the end. */
  address(offset: number): string {
    const value = offset < 0 ? this.size + offset : offset;
    if (value < 0 || value >= this.size) throw new RangeError(`${this.#text} has no address ${offset}`);
    return formatIpv4(this.#start + value);
  }

  /** How far an address is from the network address; undefined where it is outside. */
  offsetOf(address: string): number | undefined {
    const offset = parseIpv4(address) - this.#start;
    return offset >= 0 && offset < this.size ? offset : undefined;
  }

  /** Whether hosts can have the address: inside, and neither the network nor the broadcast address. */
  isUsable(address: string): boolean {
    const offset = this.offsetOf(address);
    return offset !== undefined && (this.prefixLength >= 31 || (offset > 0 && offset < this.size - 1));
  }

  contains(other: Cidr | string): boolean {
    if (typeof other === 'string' && !other.includes('/')) return this.offsetOf(other) !== undefined;
    const inner = typeof other === 'string' ? Cidr.parse(other) : other;
    return inner.#start >= this.#start && inner.#start + inner.size <= this.#start + this.size;
  }

  overlaps(other: Cidr): boolean {
    return this.#start < other.#start + other.size && other.#start < this.#start + this.size;
  }

  /** The network of a prefix length that this one is in. */
  widened(prefixLength: number): Cidr {
    if (prefixLength > this.prefixLength) throw new RangeError(`${this.#text} is in no /${prefixLength}`);
    return new Cidr(this.#start - (this.#start % 2 ** (32 - prefixLength)), prefixLength);
  }

  /** The subnets of a prefix length, in order. */
  subnets(prefixLength: number): Cidr[] {
    if (prefixLength < this.prefixLength || prefixLength > 32) {
      throw new RangeError(`${this.#text} has no /${prefixLength}`);
    }
    const step = 2 ** (32 - prefixLength);
    return Array.from({ length: this.size / step }, (_, index) => new Cidr(this.#start + index * step, prefixLength));
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): string {
    return this.#text;
  }
}

/** The first free network of a prefix length inside the pools, clear of everything taken; undefined where none is left. */
export function firstFree(pools: readonly Cidr[], taken: readonly Cidr[], prefixLength: number): Cidr | undefined {
  const free = taken.length === 0 ? pools.map(String) : excludeCidr(pools.map(String), taken.map(String));
  for (const range of free) {
    const candidate = Cidr.parse(range);
    if (candidate.prefixLength > prefixLength) continue;
    return Cidr.parse(`${candidate.address(0)}/${prefixLength}`);
  }
  return undefined;
}

/** How many networks of a prefix length the pools still have, clear of everything taken. */
export function countFree(pools: readonly Cidr[], taken: readonly Cidr[], prefixLength: number): number {
  const free = excludeCidr(pools.map(String), taken.map(String)).map((range) => Cidr.parse(range).prefixLength);
  return free.filter((each) => each <= prefixLength).reduce((sum, each) => sum + 2 ** (prefixLength - each), 0);
}
