import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cidr, countFree, firstFree } from '../../../lib/net/cidr.ts';
import { formatIpv4, isIpv4, parseIpv4 } from '../../../lib/net/ipv4.ts';

const cidr = fc
  .tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => Cidr.parse(`${formatIpv4(address - (address % 2 ** (32 - length)))}/${length}`));

describe('Cidr', () => {
  it('reads a network', () => {
    const network = Cidr.parse('10.4.0.0/22');
    expect([network.size, network.prefixLength, String(network)]).toEqual([1024, 22, '10.4.0.0/22']);
    expect([network.address(0), network.address(1), network.address(-1)]).toEqual([
      '10.4.0.0',
      '10.4.0.1',
      '10.4.3.255',
    ]);
    expect(JSON.stringify({ network })).toBe('{"network":"10.4.0.0/22"}');
  });

  it.each([
    '',
    '10.4.0.0',
    '10.4.0.0/33',
    '10.4.0.0/022',
    '10.4.0/22',
    '10.4.0.256/32',
    '010.4.0.0/22',
    '10.4.0.0/-1',
    ' 10.4.0.0/22',
    'fd00::/8',
  ])('fails for "%s"', (text) => {
    expect(() => Cidr.parse(text)).toThrow('an IPv4 network looks like 10.4.0.0/22');
    expect(Cidr.isValid(text)).toBe(false);
  });

  it('fails for host bits, and names the network', () => {
    expect(() => Cidr.parse('10.4.1.7/22')).toThrow('it has host bits set; the network is 10.4.0.0/22');
  });

  it('knows which addresses hosts can have', () => {
    const network = Cidr.parse('10.4.0.0/30');
    expect(
      ['10.3.255.255', '10.4.0.0', '10.4.0.1', '10.4.0.2', '10.4.0.3', '10.4.0.4'].filter((each) =>
        network.isUsable(each),
      ),
    ).toEqual(['10.4.0.1', '10.4.0.2']);
  });

  it('fails for an address or subnets that it does not have', () => {
    const network = Cidr.parse('10.4.0.0/30');
    expect(() => network.address(4)).toThrow(RangeError);
    expect(() => network.address(-5)).toThrow(RangeError);
    expect(() => network.subnets(29)).toThrow('10.4.0.0/30 has no /29');
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(cidr, (one) => {
        expect(String(Cidr.parse(String(one)))).toBe(String(one));
      }),
    );
  });

  it('overlaps another exactly where one contains the other', () => {
    fc.assert(
      fc.property(cidr, cidr, (one, other) => {
        expect(one.overlaps(other)).toBe(one.contains(other) || other.contains(one));
        expect(one.overlaps(other)).toBe(other.overlaps(one));
      }),
    );
  });

  it('is cut into subnets that fill it and do not overlap', () => {
    fc.assert(
      fc.property(cidr, fc.integer({ min: 0, max: 6 }), (one, bits) => {
        fc.pre(one.prefixLength + bits <= 32);
        const subnets = one.subnets(one.prefixLength + bits);
        expect(subnets).toHaveLength(2 ** bits);
        expect(subnets.every((subnet) => one.contains(subnet))).toBe(true);
        expect(subnets.reduce((sum, subnet) => sum + subnet.size, 0)).toBe(one.size);
        expect(subnets.slice(1).some((subnet, index) => subnet.overlaps(subnets[index]!))).toBe(false);
      }),
    );
  });
});

describe('firstFree', () => {
  const pools = [Cidr.parse('10.0.0.0/8'), Cidr.parse('192.168.0.0/16')];

  it('gives the lowest range that is clear of all others', () => {
    const taken = ['10.0.0.0/16', '10.1.0.0/24'].map((text) => Cidr.parse(text));
    expect(String(firstFree(pools, taken, 16))).toBe('10.2.0.0/16');
    expect(String(firstFree(pools, taken, 24))).toBe('10.1.1.0/24');
  });

  it('goes on to the next pool, and gives nothing where all is taken', () => {
    expect(String(firstFree(pools, [Cidr.parse('10.0.0.0/8')], 20))).toBe('192.168.0.0/20');
    expect(firstFree(pools, pools, 24)).toBeUndefined();
    expect(firstFree(pools, [], 4)).toBeUndefined();
  });

  it('never gives what is taken, nor what is in no pool', () => {
    const inside = fc
      .tuple(fc.nat(255), fc.integer({ min: 9, max: 24 }))
      .map(([octet, length]) => Cidr.parse(`10.${octet - (octet % 2 ** Math.max(0, 16 - length))}.0.0/${length}`));
    fc.assert(
      fc.property(fc.array(inside, { maxLength: 12 }), fc.integer({ min: 8, max: 28 }), (taken, length) => {
        const free = firstFree(pools, taken, length);
        if (free === undefined) return;
        expect(taken.some((each) => each.overlaps(free))).toBe(false);
        expect(pools.some((pool) => pool.contains(free))).toBe(true);
      }),
    );
  });
});

describe('countFree', () => {
  it('counts what is clear of everything taken, across pools that touch and around networks that overlap', () => {
    const pool = Cidr.parse('10.0.0.0/20');
    const some = fc
      .tuple(fc.nat(8191), fc.integer({ min: 18, max: 28 }))
      .map(([at, length]) => Cidr.parse(`10.0.${at >> 8}.${at & 255}/32`).widened(length));
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), fc.integer({ min: 20, max: 26 }), (taken, length) => {
        const free = pool.subnets(length).filter((each) => !taken.some((other) => other.overlaps(each)));
        expect(countFree([pool], taken, length)).toBe(free.length);
        expect(countFree(pool.subnets(21), taken, length)).toBe(free.length);
      }),
    );
  });
});

describe('IPv4 addresses', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), (value) => {
        expect(parseIpv4(formatIpv4(value))).toBe(value);
      }),
    );
  });

  it.each(['1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.4 ', '١.2.3.4'])('fails for "%s"', (text) => {
    expect(isIpv4(text)).toBe(false);
    expect(() => parseIpv4(text)).toThrow(RangeError);
  });
});
