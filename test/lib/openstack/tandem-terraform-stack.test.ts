import { NetworkingNetworkV2 } from '@cdktf/provider-openstack/lib/networking-network-v2';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { MAIN } from '../../../lib/openstack/tandem-terraform-stack.ts';
import { addresses, synth } from './synth.ts';

const network = (scope: Construct, id: string) => new NetworkingNetworkV2(scope, id, { name: 'n' });

describe('an address', () => {
  it('is the path of ids, joined by _', () => {
    const root = synth((stack) => network(new Construct(stack, 'web'), 'server-1'));
    expect(addresses(root)).toEqual(['openstack_networking_network_v2.web_server-1']);
  });

  it("of a construct's main resource is the construct's own", () => {
    const root = synth((stack) => network(new Construct(stack, 'web'), MAIN));
    expect(addresses(root)).toEqual(['openstack_networking_network_v2.web']);
  });

  it('fails with an id that has _, which would make two paths one', () => {
    expect(() => synth((stack) => network(stack, 'web_server'))).toThrow('"web_server" in');
  });

  it('fails where two have the same', () => {
    expect(() => synth((stack) => network(network(stack, 'web'), MAIN))).toThrow(
      'openstack-paris-dev-test/web and openstack-paris-dev-test/web/Resource both have the Terraform address web',
    );
  });
});

describe('a root', () => {
  it('lets a tier be called backend', () => {
    expect(addresses(synth((stack) => network(new Construct(stack, 'backend'), 'port-1')))).toHaveLength(1);
  });

  it('keeps its state under a path that no machine has a part in', () => {
    expect(synth(() => undefined).terraform).toMatchObject({
      backend: { local: { path: '../../../.tandem/state/openstack/paris/dev/test.tfstate' } },
    });
  });
});
