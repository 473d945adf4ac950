import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBootToken } from '../../../lib/bring-up/boot-token.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { type BothClouds, openBothClouds } from './both-clouds.ts';

const ADDRESSES = StackId.linkAddresses('lab');
const DISCOVERY = StackId.linkDiscovery('lab');

const serverSchema = z.object({ name: z.string(), metadata: z.record(z.string(), z.string()) });

/** On a real OpenStack, without a side on AWS. */
describe('Consul of a link in its cloud', () => {
  let clouds: BothClouds;
  const servers = async () => {
    const found = await clouds.operator.client.list(
      'compute',
      '/servers/detail?all_tenants=1&name=link-rehearsal-consul',
      'servers',
      serverSchema,
    );
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  };

  beforeAll(async () => {
    clouds = await openBothClouds({}, 'staging.aws.acme.example.org');
  });
  afterAll(async () => {
    await clouds.operator.tandem('destroy', DISCOVERY, ADDRESSES, '--yes');
    await clouds.close();
  });

  it('is deployed after the network of the link, and needs nothing of AWS', async () => {
    const { log } = await clouds.ok('deploy', ADDRESSES, DISCOVERY, '--yes');
    expect([...log.matchAll(/^(\S+): done/gm)].map(([, id]) => id)).toEqual([ADDRESSES, DISCOVERY]);
    const made = await servers();
    expect(made.map(({ name }) => name)).toEqual([1, 2, 3].map((at) => `link-rehearsal-consul-${at}`));
    const fixed = await Promise.all([9, 10, 11].map((at) => clouds.ports(`fixed_ips=ip_address=10.202.0.${at}`)));
    expect(fixed.map((each) => each.length)).toEqual([1, 1, 1]);
    // Told where the key, the authority and the certificate are, and never what they are.
    for (const { metadata } of made) expect(readBootToken(metadata['boot-token'] ?? '')).toBeDefined();
    expect((await clouds.ok('deploy', ADDRESSES, DISCOVERY, '--yes')).log).not.toContain('done');
  });

  it('goes before the network, and leaves nothing', async () => {
    const { log } = await clouds.ok('destroy', ADDRESSES, DISCOVERY, '--yes');
    expect([...log.matchAll(/^(\S+): done/gm)].map(([, id]) => id)).toEqual([DISCOVERY, ADDRESSES]);
    expect(await servers()).toEqual([]);
    expect(await clouds.ports('fixed_ips=ip_address=10.202.0.9')).toEqual([]);
  });
});
