import { describe, expect, it } from 'vitest';
import { linkDiscovery } from '../../../lib/config/link/discovery.ts';
import { linkNetworkOf } from '../../../lib/config/link/tunnels.ts';
import { linkSchema } from '../../../lib/config/schema/link.ts';
import { Cidr } from '../../../lib/net/cidr.ts';

const link = (discovery: unknown, network = '10.9.0.0/28') => ({
  kind: 'link' as const,
  name: 'main',
  value: linkSchema.parse({
    cloud: 'north',
    environment: 'prod',
    network,
    gateways: { image: 'debian', flavor: 'small', zones: ['first', 'second'] },
    tunnels: { inside: '169.254.100.0/28' },
    ...(discovery === undefined ? {} : { discovery }),
  }),
});

describe('the discovery of a link', () => {
  it('is what both sides are made from', () => {
    expect(linkDiscovery(link({}))).toEqual({
      cloud: { datacenter: 'north', addresses: ['10.9.0.9', '10.9.0.10', '10.9.0.11'], flavor: 'small' },
      environment: { datacenter: 'prod', instanceType: 't3.small' },
      trust: 'link-main',
      servers: 3,
    });
  });

  it('has a flavor and a type of its own where the link says so', () => {
    const { cloud, environment } = linkDiscovery(link({ flavor: 'large', instanceType: 'm7i.large' })) ?? {};
    expect([cloud?.flavor, environment?.instanceType]).toEqual(['large', 'm7i.large']);
  });

  it('is none where the link asks for none', () => {
    expect(linkDiscovery(link(undefined))).toBeUndefined();
  });

  it.each(['10.9.0.0/28', '10.9.0.16/28', '10.9.0.0/24'])(
    'has five addresses in %s that nobody else has, and leaves one to Neutron',
    (network) => {
      const { value } = link({ servers: 5 }, network);
      const { router, gateways, vip, probes, consul } = linkNetworkOf(value);
      const all = [router, ...gateways, vip, ...Object.values(probes), ...consul];
      const range = Cidr.parse(network);
      expect(consul).toHaveLength(5);
      expect(new Set(all).size).toBe(all.length);
      const offsets = all.map((address) => range.offsetOf(address) ?? -1);
      expect([Math.min(...offsets), Math.max(...offsets) <= range.size - 3]).toEqual([1, true]);
    },
  );
});
