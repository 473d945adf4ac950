import { DataOpenstackNetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/data-openstack-networking-network-v2';
import { NetworkingPortV2 } from '@cdktf/provider-openstack/lib/networking-port-v2';
import { describe, expect, it } from 'vitest';
import { attributeOf, literal } from '../../../lib/openstack/expression.ts';
import { resource, synth } from './synth.ts';

describe('a reference', () => {
  it('to a resource reaches Terraform as it is written', () => {
    const root = synth((stack) => {
      const port = new NetworkingPortV2(stack, 'port', { networkId: 'n' });
      new NetworkingPortV2(stack, 'other', { networkId: attributeOf(port, 'all_fixed_ips[0]') });
    });
    expect(resource(root, 'openstack_networking_port_v2.other')['network_id']).toBe(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's
      '${openstack_networking_port_v2.port.all_fixed_ips[0]}',
    );
  });

  it('to a data source says so', () => {
    synth((stack) => {
      const network = new DataOpenstackNetworkingNetworkV2(stack, 'external', { name: 'public' });
      expect(attributeOf(network)).toBe('$'.concat('{data.openstack_networking_network_v2.external.id}'));
    });
  });
});

describe('a literal', () => {
  it.each([
    ['$'.concat('{HOME}'), '$$'.concat('{HOME}')],
    ['%{ if true }', '%%{ if true }'],
    ['100% of $HOME {}', '100% of $HOME {}'],
  ])('%s is written %s', (text, written) => {
    expect(literal(text)).toBe(written);
  });
});
