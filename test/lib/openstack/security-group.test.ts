import { describe, expect, it } from 'vitest';
import { SecurityGroup } from '../../../lib/openstack/security-group.ts';
import { addresses, resource, synth } from './synth.ts';

const root = synth((stack, provider) => {
  const group = (id: string) => new SecurityGroup(stack, id, { provider, name: id, description: 'd', tags: ['t'] });
  const [web, api] = [group('web'), group('api')];
  api.allow({ name: 'web', group: web }, { protocol: 'tcp', first: 8080, last: 8080 });
  api.allow({ name: 'world', cidr: '0.0.0.0/0' }, { protocol: 'udp', first: 5701, last: 5703 });
});
const rule = (name: string) => resource(root, `openstack_networking_secgroup_rule_v2.${name}`);

describe('a security group', () => {
  it("has none of Neutron's own rules", () => {
    expect(resource(root, 'openstack_networking_secgroup_v2.web')['delete_default_rules']).toBe(true);
  });

  it('says that its members may connect to anything', () => {
    expect(rule('web_egress')).toMatchObject({ direction: 'egress', ethertype: 'IPv4', remote_ip_prefix: '0.0.0.0/0' });
  });

  it('is closed until it is opened', () => {
    expect(addresses(root).filter((address) => address.includes('rule_v2.web_'))).toHaveLength(1);
  });

  it('lets in the members of a group by the group', () => {
    expect(rule('api_tcp-8080-from-web')).toMatchObject({
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: 8080,
      port_range_max: 8080,
      remote_group_id: '$'.concat('{openstack_networking_secgroup_v2.web.id}'),
    });
    expect(rule('api_tcp-8080-from-web')).not.toHaveProperty('remote_ip_prefix');
  });

  it('lets in a range of ports from a range of addresses', () => {
    expect(rule('api_udp-5701-5703-from-world')).toMatchObject({
      port_range_min: 5701,
      port_range_max: 5703,
      remote_ip_prefix: '0.0.0.0/0',
    });
  });
});
