import { describe, expect, it } from 'vitest';
import { PrivateNetwork } from '../../../lib/openstack/private-network.ts';
import { ServerTier, type ServerTierProps } from '../../../lib/openstack/server-tier.ts';
import { TierBalancer, type TierBalancerProps } from '../../../lib/openstack/tier-balancer.ts';
import { addresses, type Root, resource, synth } from './synth.ts';

const owned = { description: 'd', tags: ['owner=alice@example.org'] };

function built(more: Partial<ServerTierProps> = {}, balancer?: Partial<TierBalancerProps>): Root {
  return synth((stack, provider) => {
    const network = new PrivateNetwork(stack, 'network', {
      ...{ ...owned, provider, name: 'test', subnetPoolId: 'pool', prefixLength: 24, mtu: 1442 },
    });
    const tier = new ServerTier(stack, 'web', {
      ...{ ...owned, provider, name: 'test-web', metadata: { owner: 'alice@example.org' }, network },
      servers: [{ name: 'test-web-1', zone: 'rack-a' }, { name: 'test-web-2' }],
      ...{ instance: { imageName: 'debian-12', flavorName: 'small' }, apart: true },
      ...more,
    });
    if (balancer === undefined) return;
    new TierBalancer(tier, 'balancer', {
      ...{ ...owned, provider, driver: 'ovn', name: 'test-web', network, port: 443, targetPort: 8080 },
      servers: tier.servers,
      ...balancer,
    });
  });
}

const server = 'openstack_compute_instance_v2.web_server-1';

describe('a server', () => {
  it('stands on a port of its own', () => {
    expect(resource(built(), server)['network']).toEqual([
      { port: '$'.concat('{openstack_networking_port_v2.web_port-1.id}') },
    ]);
  });

  it('has its security group on the port, not on itself', () => {
    expect(resource(built(), server)).not.toHaveProperty('security_groups');
    expect(resource(built(), 'openstack_networking_port_v2.web_port-1')['security_group_ids']).toEqual([
      '$'.concat('{openstack_networking_secgroup_v2.web_security-group.id}'),
    ]);
  });

  it('is kept where another zone would be chosen today, and where names lead elsewhere', () => {
    expect(resource(built(), server)).toMatchObject({
      availability_zone: 'rack-a',
      lifecycle: { ignore_changes: ['availability_zone', 'flavor_name', 'image_name'] },
    });
  });

  it('goes wherever there is room where no zone is said', () => {
    expect(resource(built(), 'openstack_compute_instance_v2.web_server-2')).not.toHaveProperty('availability_zone');
  });

  it('never shares a host with another of its tier', () => {
    expect(resource(built(), 'openstack_compute_servergroup_v2.web_server-group')['policies']).toEqual([
      'anti-affinity',
    ]);
    expect(resource(built(), server)['scheduler_hints']).toHaveLength(1);
  });

  it('may share one where that is allowed', () => {
    expect(resource(built({ apart: false }), server)).not.toHaveProperty('scheduler_hints');
  });

  it.each([
    [false, 'active'],
    [true, 'shelved_offloaded'],
  ])('with shelved %s is %s, and that is all that changes', (shelved, state) => {
    const { power_state: power, ...rest } = resource(built({ shelved }), server);
    const { power_state: _, ...active } = resource(built(), server);
    expect(power).toBe(state);
    expect(rest).toEqual(active);
  });

  it('says whose it is', () => {
    expect(resource(built(), server)['metadata']).toEqual({ owner: 'alice@example.org' });
  });
});

describe('a volume', () => {
  const root = built({ volumes: [{ name: 'data', sizeGiB: 100, type: 'standard' }] });

  it('belongs to each server', () => {
    expect(addresses(root).filter((address) => address.includes('volume_v3'))).toEqual([
      'openstack_blockstorage_volume_v3.web_volume-data-1',
      'openstack_blockstorage_volume_v3.web_volume-data-2',
    ]);
  });

  it('grows without being detached', () => {
    expect(resource(root, 'openstack_blockstorage_volume_v3.web_volume-data-1')).toMatchObject({
      size: 100,
      enable_online_resize: true,
    });
  });

  it('is attached from outside the server, which it outlives', () => {
    expect(resource(root, server)).not.toHaveProperty('block_device');
    expect(resource(root, 'openstack_compute_volume_attach_v2.web_attachment-data-2')['instance_id']).toBe(
      '$'.concat('{openstack_compute_instance_v2.web_server-2.id}'),
    );
  });
});

describe('a floating address', () => {
  it('waits for the router that leads to it', () => {
    const address = resource(
      built({ floatingPool: 'public' }),
      'openstack_networking_floatingip_v2.web_floating-address-1',
    );
    expect(address['depends_on']).toEqual(['openstack_networking_router_interface_v2.network_router-interface']);
  });

  it('is nowhere where none is asked for', () => {
    expect(addresses(built()).filter((address) => address.includes('floatingip'))).toEqual([]);
  });
});

describe('a balancer', () => {
  it('has all members in one resource, by the addresses that are read back', () => {
    const { member } = resource(built({}, {}), 'openstack_lb_members_v2.web_balancer_members');
    expect(member).toHaveLength(2);
    expect(member).toMatchObject([
      { address: '$'.concat('{openstack_networking_port_v2.web_port-1.all_fixed_ips[0]}'), protocol_port: 8080 },
      {},
    ]);
  });

  it.each([
    ['ovn', 'SOURCE_IP_PORT'],
    ['amphora', 'ROUND_ROBIN'],
  ] as const)('of driver %s spreads by %s', (driver, method) => {
    expect(resource(built({}, { driver }), 'openstack_lb_pool_v2.web_balancer_pool')['lb_method']).toBe(method);
  });

  it('leaves ranges to security groups with OVN, which takes none', () => {
    const root = built({}, { allowedCidrs: ['192.0.2.0/24'] });
    expect(resource(root, 'openstack_lb_listener_v2.web_balancer_listener')).not.toHaveProperty('allowed_cidrs');
  });

  it('is closed to other ranges with amphora', () => {
    const root = built({}, { driver: 'amphora', allowedCidrs: ['192.0.2.0/24'] });
    expect(resource(root, 'openstack_lb_listener_v2.web_balancer_listener')['allowed_cidrs']).toEqual(['192.0.2.0/24']);
  });

  it('probes nobody where that is off', () => {
    expect(addresses(built({}, { monitored: false })).filter((address) => address.includes('monitor'))).toEqual([]);
  });

  it('has a floating address where it is public', () => {
    const root = built({}, { floatingPool: 'public' });
    expect(resource(root, 'openstack_networking_floatingip_v2.web_balancer_floating-address')['port_id']).toBe(
      '$'.concat('{openstack_lb_loadbalancer_v2.web_balancer.vip_port_id}'),
    );
  });
});
