import { describe, expect, test } from 'vitest';
import type { Blueprint } from '../../../lib/config/schema/blueprint.ts';
import { endpointSecretOf, endpointTierOf, endpointUrlOf } from '../../../lib/jobs/lease-endpoint.ts';

const tiers = (runs: object) => ({ tiers: { web: { runs: {} }, cloud: { runs } } }) as unknown as Blueprint;
const servers = (more: object) => ({
  servers: {
    sensitive: false,
    value: {
      'alice-web-1': { tier: 'web', address: '10.0.0.4' },
      'alice-cloud-1': { tier: 'cloud', address: '10.0.0.5', ...more },
    },
  },
});

describe('the AWS endpoint of a dev environment', () => {
  test('is the tier that runs it, in the Region that it says to be', () => {
    expect(endpointTierOf(tiers({ 'aws-endpoint': {} }))).toEqual({ tier: 'cloud', region: 'eu-west-3' });
    expect(endpointTierOf(tiers({ 'aws-endpoint': { region: 'eu-west-1' } }))?.region).toBe('eu-west-1');
    expect(endpointTierOf(tiers({ 'analysis-worker': {} }))).toBeUndefined();
  });

  test('is asked at its floating address, or else at its own', () => {
    expect(endpointUrlOf(servers({}), 'cloud')).toBe('http://10.0.0.5:4566');
    expect(endpointUrlOf(servers({ floating_address: '203.0.113.7' }), 'cloud')).toBe('http://203.0.113.7:4566');
  });

  test.each([{}, { servers: { sensitive: true, value: servers({}).servers.value } }, servers({ tier: 'other' })])(
    'fails to be known from %j',
    (outputs) => {
      expect(endpointUrlOf(outputs, 'cloud')).toBeUndefined();
    },
  );

  test('has its key where its servers have it from', () => {
    expect(endpointSecretOf('alice')).toBe('secret:lease/alice/aws-endpoint/secret-key');
  });
});
