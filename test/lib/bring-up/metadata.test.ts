import { describe, expect, it } from 'vitest';
import { bringUpMetadata } from '../../../lib/bring-up/metadata.ts';
import { echoSoftware, serversOf } from './echo.ts';

const address = (index: number) => `$\{openstack_networking_port_v2.web-${index}.all_fixed_ips[0]}`;

describe('metadata of a server', () => {
  const echoes = serversOf('echo', 3);

  it('has who it is, its values, its peers and its volumes', () => {
    const software = echoSoftware({ greeting: 'good day', upstream: { tier: 'web' } });
    const servers = { echo: echoes, web: [{ name: 'alice-web-1', address: address(1) }], other: serversOf('web', 9) };
    expect(bringUpMetadata(software, { index: 3, name: 'alice-echo-3', volumes: { data: 'v-1' }, servers })).toEqual({
      tier: 'echo',
      index: '3',
      'echo.greeting': 'good day',
      'echo.port': '7007',
      'peers.echo.0': 'alice-echo-1=10.77.0.10,alice-echo-2=10.77.0.11,alice-echo-3=10.77.0.12',
      'peers.web.0': `alice-web-1=${address(1)}`,
      'volume.data': 'v-1',
    });
  });

  it('keeps peers in pieces of 255 characters once expressions have become addresses', () => {
    const web = Array.from({ length: 60 }, (_, at) => ({ name: `alice-web-${at + 1}`, address: address(at + 1) }));
    const facts = { index: 1, name: 'alice-echo-1', volumes: {}, servers: { echo: echoes, web } };
    const metadata = bringUpMetadata(echoSoftware({ upstream: { tier: 'web' } }), facts);
    const pieces = Object.entries(metadata).filter(([key]) => key.startsWith('peers.web.'));
    const resolved = pieces.map(([, piece]) => piece.replaceAll(/\$\{[^}]*\}/g, '255.255.255.255'));
    expect(Math.max(...resolved.map((piece) => piece.length))).toBeLessThanOrEqual(255);
    expect(resolved.flatMap((piece) => piece.split(','))).toHaveLength(60);
    expect(pieces.map(([key]) => key).at(-1)).toBe(`peers.web.${pieces.length - 1}`);
  });

  it('says that a tier that it knows has no servers', () => {
    const facts = { index: 1, name: 'alice-echo-1', volumes: {}, servers: { echo: echoes } };
    expect(bringUpMetadata(echoSoftware({ upstream: { tier: 'web' } }), facts)['peers.web.0']).toBe('');
  });

  it('fails for a value, and for entries, beyond what Nova takes', () => {
    const facts = { index: 1, name: 'alice-echo-1', volumes: {}, servers: { echo: echoes } };
    expect(() => bringUpMetadata(echoSoftware({ greeting: 'x'.repeat(256) }), facts)).toThrow(
      'metadata echo.greeting has 256 characters, of 255 at most in Nova',
    );
    const volumes = Object.fromEntries(Array.from({ length: 124 }, (_, at) => [`v${at}`, 'id']));
    expect(() => bringUpMetadata(echoSoftware(), { ...facts, volumes })).toThrow('129 entries of metadata, of 128');
  });
});
