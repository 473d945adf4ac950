import { describe, expect, it } from 'vitest';
import { PrivateNetwork, type PrivateNetworkProps } from '../../../lib/openstack/private-network.ts';
import { ProviderNetwork, type ProviderNetworkProps } from '../../../lib/openstack/provider-network.ts';
import { TenantPools } from '../../../lib/openstack/tenant-pools.ts';
import { resource, synth } from './synth.ts';

const owned = { description: 'd', tags: ['owner=alice@example.org'] };

describe('a private network', () => {
  const built = (more: Partial<PrivateNetworkProps> = {}) =>
    synth(
      (stack, provider) =>
        new PrivateNetwork(stack, 'network', {
          ...{ ...owned, provider, name: 'test', subnetPoolId: 'pool', prefixLength: 24, mtu: 1442 },
          ...more,
        }),
    );

  it('cuts its subnet from the pool', () => {
    const subnet = resource(built(), 'openstack_networking_subnet_v2.network_subnet');
    expect(subnet).toMatchObject({ subnetpool_id: 'pool', prefix_length: 24 });
    expect(subnet).not.toHaveProperty('cidr');
  });

  it('leads out where there is an external network', () => {
    const root = built({ externalNetworkId: 'outside' });
    expect(resource(root, 'openstack_networking_router_v2.network_router')['external_network_id']).toBe('outside');
  });

  it('leads nowhere otherwise', () => {
    expect(resource(built(), 'openstack_networking_router_v2.network_router')).not.toHaveProperty(
      'external_network_id',
    );
  });

  it.each(['network_v2.network', 'subnet_v2.network_subnet', 'router_v2.network_router'])(
    'says whose %s is',
    (address) => {
      expect(resource(built(), `openstack_networking_${address}`)['tags']).toEqual(owned.tags);
    },
  );
});

describe('a provider network', () => {
  const built = (more: Partial<ProviderNetworkProps> = {}) =>
    synth(
      (stack) =>
        new ProviderNetwork(stack, 'network-public', {
          ...{ ...owned, name: 'public', physicalNetwork: 'physnet1', type: 'vlan', segment: 200 },
          ...{ cidr: '198.18.0.0/22', gateway: '198.18.0.1', external: true, nameServers: [] },
          allocation: { first: '198.18.0.50', last: '198.18.3.250' },
          ...more,
        }),
    );
  const network = 'openstack_networking_network_v2.network-public';
  const subnet = 'openstack_networking_subnet_v2.network-public_subnet';

  it('gives out its own part of the addresses alone', () => {
    expect(resource(built(), subnet)['allocation_pool']).toEqual([{ start: '198.18.0.50', end: '198.18.3.250' }]);
  });

  it('gives out what is left where others have some of it', () => {
    const except = [
      { first: '198.18.1.0', last: '198.18.1.255' },
      { first: '198.18.3.250', last: '198.18.3.250' },
    ];
    const allocation = { first: '198.18.0.50', last: '198.18.3.250', except };
    expect(resource(built({ allocation }), subnet)['allocation_pool']).toEqual([
      { start: '198.18.0.50', end: '198.18.0.255' },
      { start: '198.18.2.0', end: '198.18.3.249' },
    ]);
  });

  it('is open to routers of all projects where it is external, and to no servers', () => {
    expect(resource(built(), network)).toMatchObject({ external: true, shared: false });
    expect(resource(built(), subnet)['enable_dhcp']).toBe(false);
  });

  it("is its owner's alone where it is not", () => {
    expect(resource(built({ external: false }), network)).toMatchObject({ external: false, shared: false });
  });

  it('has no segment where it is flat', () => {
    const root = built({ type: 'flat', segment: undefined });
    expect(resource(root, network)['segments']).toEqual([{ physical_network: 'physnet1', network_type: 'flat' }]);
  });
});

describe('tenant pools', () => {
  const root = synth(
    (stack) =>
      new TenantPools(stack, 'tenants', {
        ...{ ...owned, name: 'tenants' },
        pools: [
          { name: 'dev', cidr: '10.64.0.0/12', prefixLength: 24 },
          { name: 'small', cidr: '10.80.0.0/20', prefixLength: 26 },
        ],
      }),
  );
  const dev = resource(root, 'openstack_networking_subnetpool_v2.tenants_dev');

  it('may be used by every project', () => {
    expect([dev['shared'], resource(root, 'openstack_networking_addressscope_v2.tenants')['shared']]).toEqual([
      true,
      true,
    ]);
  });

  it('give nobody more than a /16', () => {
    expect(dev['min_prefixlen']).toBe(16);
  });

  it('ask for no network larger than the pool', () => {
    expect(resource(root, 'openstack_networking_subnetpool_v2.tenants_small')['min_prefixlen']).toBe(20);
  });
});
