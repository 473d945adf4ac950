import { describe, expect, test } from 'vitest';
import { manifestOf } from '../../../../lib/bring-up/manifest.ts';
import { bringUpUserData } from '../../../../lib/bring-up/user-data.ts';
import { linkGateway } from '../../../../lib/components/link-gateway/component.ts';
import { pieces } from '../../../../lib/components/link-gateway/pieces.ts';
import { SHIPPED } from '../../../../lib/components/shipped.ts';
import { gatewaysOf } from './gateway.ts';

const with_ = (text: string) => (link: string) => link.replace('tunnels:', `${text}\ntunnels:`);
const POOLS = Array.from({ length: 31 }, (_, at) => `p${at}: { cidr: 10.${100 + at}.128.0/17 }`).join('\n  ');

describe('the gateways of a link', () => {
  test.each([
    ['another pool', gatewaysOf(undefined, 'test: { cidr: 10.44.0.0/16 }')],
    ['the most pools that there may be', gatewaysOf(undefined, POOLS)],
    ['names', gatewaysOf(with_('names: { zone: prod.example.org }'))],
    ['other numbers of autonomous systems', gatewaysOf(with_('asn: 65020\naws: { asn: 64700 }'))],
    ['other inside addresses', gatewaysOf((link) => link.replace('169.254.100.0', '169.254.96.0'))],
    ['another size of packets', gatewaysOf((link) => `${link}  mtu: 1300\n`)],
    [
      'other timers, and BFD',
      gatewaysOf((link) => `${link}  timers: { keepaliveSeconds: 10, holdSeconds: 30, probeSeconds: 1, bfd: true }\n`),
    ],
  ])('are followed in place where they get %s', (_, changed) => {
    const before = gatewaysOf();
    expect(bringUpUserData(changed.software)).toBe(bringUpUserData(before.software));
    expect(changed.metadata(1)).not.toEqual(before.metadata(1));
  });

  test('have metadata for whatever their files ask for, and ask for all of it', () => {
    const { software, metadata } = gatewaysOf();
    const [component] = manifestOf(software).components;
    const texts = component?.files.map(({ content }) => content).join('\n') ?? '';
    const asked = new Set([...texts.matchAll(/@\{value ([^}]*)\}/g)].map(([, name]) => `link-gateway.${name}`));
    for (const index of [1, 2] as const) {
      const own = Object.keys(metadata(index)).filter((key) => key.startsWith('link-gateway.'));
      expect(own.sort()).toEqual([...asked].sort());
    }
    expect([...texts.matchAll(/@\{(?!value |secret |others\|)([^}]*)\}/g)].map(([, name]) => name)).toSatisfy(
      (names: string[]) => names.every((name) => ['address', 'name', 'index'].includes(name)),
    );
  });

  test('have each key where root alone reads it', () => {
    const [component] = manifestOf(gatewaysOf().software).components;
    const holders = component?.files.filter(({ content }) => content.includes('@{secret '));
    expect(holders?.map(({ path, mode, owner }) => [path, mode, owner])).toEqual([
      ['/etc/swanctl/conf.d/tandem-link-keys.conf', '0600', 'root:root'],
    ]);
    expect(component?.secrets).toEqual(['tunnel-1', 'tunnel-2']);
  });

  test('are named by no blueprint', () => {
    expect(SHIPPED.map(({ name }) => name)).not.toContain(linkGateway.name);
  });

  test('are the first and the second for AWS and for each other', () => {
    const { metadata } = gatewaysOf();
    const ranks = ([1, 2] as const).map((index) => {
      const own = metadata(index);
      return ['local-preference', 'med', 'prepends', 'priority'].map((key) => own[`link-gateway.${key}`]);
    });
    expect(ranks).toEqual([
      ['200', '100', '0', '150'],
      ['100', '200', '2', '100'],
    ]);
    expect(metadata(2)).toMatchObject({
      'link-gateway.tunnel-1-far': '169.254.100.9',
      'link-gateway.tunnel-2-near': '169.254.100.14',
    });
  });
});

describe('a list in metadata', () => {
  test('fails for more than its entries hold, and has as many entries whatever it holds', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `10.${100 + at}.128.0/17`);
    const told = pieces('told', many(40));
    expect(Object.keys(told)).toEqual(Object.keys(pieces('told', [])));
    expect(Object.values(told).join(' ').trim().split(' ')).toEqual(many(40));
    expect(Object.values(told).every((text) => text.length <= 255)).toBe(true);
    expect(() => pieces('told', many(80))).toThrow('metadata told has 1279 characters, of 765 at most in Nova');
  });

  test('counts an expression as the address that it becomes', () => {
    const expressions = Array.from({ length: 16 }, (_, at) => `$\{aws_vpn_connection.some_long_name_${at}.address}`);
    expect(pieces('resolvers', expressions)['resolvers-1']?.split(' ')).toEqual(expressions);
    expect(() => pieces('resolvers', [...expressions, '$\{one.more}'])).toThrow('metadata resolvers');
  });
});
