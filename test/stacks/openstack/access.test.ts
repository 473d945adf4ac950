import { describe, expect, it } from 'vitest';
import { ref } from '../../../lib/stack/config-ref.ts';
import { type AccessRule, accessRules, balancerCidrs } from '../../../stacks/openstack/dev-environment/access.ts';
import { inputsOf, tier } from './inputs.ts';

const at = ref('blueprint', 'di');

function rules(
  tiers: Record<string, unknown>,
  more: Record<string, unknown> = {},
  cloud: Record<string, unknown> = {},
) {
  const inputs = inputsOf({ blueprint: { ssh: undefined, tiers, ...more }, cloud });
  return accessRules(inputs.blueprint.value, inputs.cloud.value, at).map(said);
}

function said({ tier: name, peer, ports: { protocol, first, last } }: AccessRule): string {
  const who = 'tier' in peer ? peer.tier : 'cidr' in peer ? `${peer.source} ${peer.cidr}` : 'network';
  return `${name} ${protocol} ${first}-${last} from ${who}`;
}

describe('what is open', () => {
  it('is nothing where nothing listens', () => {
    expect(rules({ web: tier() })).toEqual([]);
  });

  it('is a port to a tier', () => {
    expect(rules({ web: tier(), api: tier({ listens: [{ port: 8080, from: ['web'] }] }) })).toEqual([
      'api tcp 8080-8080 from web',
    ]);
  });

  it('is a range of UDP ports', () => {
    const listens = [{ port: 10, lastPort: 20, protocol: 'udp', from: ['web'] }];
    expect(rules({ web: tier({ listens }) })).toEqual(['web udp 10-20 from web']);
  });

  it('to the environment is open to every tier', () => {
    expect(rules({ web: tier(), api: tier({ listens: [{ port: 1, from: ['environment'] }] }) })).toEqual([
      'api tcp 1-1 from web',
      'api tcp 1-1 from api',
    ]);
  });

  it('to a source is open to each of its ranges', () => {
    expect(rules({ web: tier({ listens: [{ port: 1, from: ['office'] }] }) })).toEqual([
      'web tcp 1-1 from office 192.0.2.0/24',
      'web tcp 1-1 from office 198.51.100.0/24',
    ]);
  });

  it('to the world is open to all addresses', () => {
    expect(rules({ web: tier({ listens: [{ port: 1, from: ['world'] }] }) })).toEqual([
      'web tcp 1-1 from world 0.0.0.0/0',
    ]);
  });

  it('behind a load balancer is the target port, to who may use the load balancer', () => {
    const loadBalancer = { port: 443, targetPort: 8080, from: ['world'] };
    expect(rules({ web: tier({ loadBalancer }) })).toEqual(['web tcp 8080-8080 from world 0.0.0.0/0']);
  });

  it('behind a load balancer that hides its clients is open to the network', () => {
    const loadBalancer = { port: 443, from: ['world'] };
    expect(rules({ web: tier({ loadBalancer }) }, {}, { loadBalancer: { provider: 'amphora' } })).toEqual([
      'web tcp 443-443 from network',
    ]);
  });

  it('for SSH is one tier, and from it all others', () => {
    expect(rules({ bastion: tier(), web: tier() }, { ssh: { tier: 'bastion', from: ['world'] } })).toEqual([
      'bastion tcp 22-22 from world 0.0.0.0/0',
      'web tcp 22-22 from bastion',
    ]);
  });

  it('is said once, whoever asks for it', () => {
    const web = tier({ listens: [{ port: 443, from: ['world'] }], loadBalancer: { port: 443, from: ['world'] } });
    expect(rules({ web })).toHaveLength(1);
  });

  it('fails to a peer that nobody knows', () => {
    expect(() => rules({ web: tier({ listens: [{ port: 1, from: ['nobody'] }] }) })).toThrow('"nobody"');
  });
});

it('a load balancer that hides its clients is open to sources, and to its network for tiers', () => {
  const { cloud } = inputsOf();
  expect(balancerCidrs(['office', 'web', 'api'], ['web', 'api'], cloud.value, '10.64.0.0/24')).toEqual([
    '192.0.2.0/24',
    '198.51.100.0/24',
    '10.64.0.0/24',
  ]);
});
