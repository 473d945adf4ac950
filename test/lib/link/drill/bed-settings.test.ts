import { expect, it } from 'vitest';
import { bedSettings } from '../../../../lib/link/drill/bed-settings.ts';
import { readCertificate } from '../../../../lib/secrets/certificate.ts';
import { smallLink } from '../../../real/link/support.ts';

const outside = { floating: ['203.0.113.1', '203.0.113.2'], outsideOf: () => '198.51.100.1' } as const;

it('has both data centres of a link with discovery in one trust, and those of AWS join the fixed addresses of the cloud', async () => {
  const { discovery, gateways } = await bedSettings(smallLink('discovery: {}'), outside, () => 'key');
  const { cloud, environment } = discovery ?? {};
  expect([cloud?.name, environment?.name]).toEqual(['north', 'prod']);
  const addresses = cloud?.servers.map(({ address }) => address);
  expect(addresses).toHaveLength(3);
  expect(environment?.servers[0]?.metadata).toMatchObject({ 'consul.wan': JSON.stringify(addresses) });
  expect(cloud?.servers[0]?.metadata).toMatchObject({ 'consul.wan': '[]', 'consul.servers': '3' });
  expect(gateways[0].metadata).toMatchObject({ 'link-gateway.consul-1': addresses?.join(' ') });
  const [one, other] = [cloud?.secrets['consul'] ?? {}, environment?.secrets['consul'] ?? {}];
  expect(one['gossip-key']).toBe(other['gossip-key']);
  expect(one['tls.authority']).toBe(other['tls.authority']);
  const names = [one, other].map((each) => {
    const pair = `${each['tls.certificate'] ?? ''}${each['tls.key'] ?? ''}`;
    return readCertificate(pair).certificate.subjectAltName;
  });
  expect(names).toEqual(['DNS:server.north.consul, DNS:localhost', 'DNS:server.prod.consul, DNS:localhost']);
});

it('has none where the link has none', async () => {
  const settings = await bedSettings(smallLink(), outside, () => 'key');
  expect(settings.discovery).toBeUndefined();
  expect(settings.gateways[0].metadata['link-gateway.consul-1']).toBe('');
});
