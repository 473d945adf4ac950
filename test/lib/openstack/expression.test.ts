import { DataOpenstackNetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/data-openstack-networking-network-v2';
import { NetworkingPortV2 } from '@cdktf/provider-openstack/lib/networking-port-v2';
import { describe, expect, it } from 'vitest';
import { attributeOf } from '../../../lib/openstack/expression.ts';
import { resource, synth } from './synth.ts';

const REFERENCE = '$'.concat('{openstack_networking_port_v2.port.id}');

/** What a port's description becomes; `text` is given a reference to another port. */
function written(text: (reference: string) => string): unknown {
  const root = synth((stack) => {
    const port = new NetworkingPortV2(stack, 'port', { networkId: 'n' });
    new NetworkingPortV2(stack, 'other', { networkId: 'n', description: text(attributeOf(port)) });
  });
  return resource(root, 'openstack_networking_port_v2.other')['description'];
}

describe('a reference', () => {
  it('reaches Terraform as it is written', () => {
    expect(written((reference) => reference)).toBe(REFERENCE);
    expect(written((reference) => `a ${reference} and ${reference}`)).toBe(`a ${REFERENCE} and ${REFERENCE}`);
  });

  it('to a data source says so', () => {
    const root = synth((stack) => {
      const network = new DataOpenstackNetworkingNetworkV2(stack, 'external', { name: 'public' });
      new NetworkingPortV2(stack, 'port', { networkId: attributeOf(network) });
    });
    expect(resource(root, 'openstack_networking_port_v2.port')['network_id']).toBe(
      '$'.concat('{data.openstack_networking_network_v2.external.id}'),
    );
  });

  it('stays one behind a dollar', () => {
    expect(written((reference) => `5 $${reference}`)).toBe(`5 ${'$'.concat('{"$"}')}${REFERENCE}`);
  });
});

describe('text', () => {
  it.each([
    ['$'.concat('{file("/etc/passwd")}'), '$$'.concat('{file("/etc/passwd")}')],
    ['%{ if true }', '%%{ if true }'],
    ['$$'.concat('{x}'), '$$$'.concat('{x}')],
    ['100% of $HOME {}', '100% of $HOME {}'],
    [REFERENCE, `$${REFERENCE}`],
  ])('%s is written %s', (text, terraform) => {
    expect(written(() => text)).toBe(terraform);
  });

  it('is text as the name of a value, too', () => {
    const root = synth((stack) => {
      new NetworkingPortV2(stack, 'port', { networkId: 'n', valueSpecs: { [REFERENCE]: 'v' } });
    });
    expect(resource(root, 'openstack_networking_port_v2.port')['value_specs']).toEqual({ [`$${REFERENCE}`]: 'v' });
  });
});
