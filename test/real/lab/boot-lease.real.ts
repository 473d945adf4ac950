import { randomBytes, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBootToken } from '../../../lib/bring-up/boot-token.ts';
import { type BootServer, bootServers } from '../../../lib/openstack-api/boot-servers.ts';
import { takeSecrets } from '../../lib/secrets/take-secrets.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, openCheckout } from './checkout.ts';

const shown = z.looseObject({
  health: z.looseObject({ servers: z.array(z.looseObject({ certificatesUntil: z.string().optional() })) }),
});

function valuesIn(said: string): Readonly<Record<string, string>> {
  return z.object({ consul: z.record(z.string(), z.string()) }).parse(JSON.parse(said)).consul;
}

function certificateIn(values: Readonly<Record<string, string>>): X509Certificate {
  return new X509Certificate(values['tls.certificate'] ?? '');
}

const name = `s${randomBytes(3).toString('hex')}`;

/** A lease whose servers need a secret, on the real control plane: all but the guests, which the lab does not boot. */
describe('secrets of a lease', () => {
  let operator: Checkout;
  let project = '';
  let taken: Readonly<Record<string, string>> = {};
  const servers = async (): Promise<readonly BootServer[]> =>
    [...(await bootServers(operator.client, project).list())].sort((a, b) => (a.name < b.name ? -1 : 1));
  const secrets = async (): Promise<string> => JSON.stringify(await operator.json('secret', 'list'));

  beforeAll(async () => {
    operator = await openCheckout(await healthyLab());
  });
  afterAll(async () => {
    await operator.tandem('env', 'destroy', name, '--yes');
    operator.remove();
  });

  it('are offered to each server by a token of its own, and stand nowhere else', async () => {
    const owner = ['--owner', 'alice@example.org', '--for', '7d', '--yes'];
    project = String((await operator.json('env', 'create', name, '--blueprint', 'discovery', ...owner))['projectId']);
    const lines = (await servers()).map(({ line }) => line);
    expect(lines.map((line) => readBootToken(line)?.kind)).toEqual(['barbican', 'barbican', 'barbican']);
    expect(new Set(lines).size).toBe(3);
    expect(await secrets()).toContain(`secret:lease/${name}/consul/gossip-key`);
  });

  it('are no difference to Terraform', async () => {
    const { code, out } = await operator.tandem('drift', `openstack/lab/dev/${name}`);
    expect(`${code} ${out}`).toMatch(/^0 /);
  });

  it('are taken once, and then no longer offered', async () => {
    const [first, second] = await servers();
    const values = valuesIn(await takeSecrets(first?.line ?? ''));
    taken = values;
    expect(Buffer.from(values['gossip-key'] ?? '', 'base64')).toHaveLength(32);
    expect(certificateIn(values).subjectAltName).toBe(`DNS:server.${name}.consul, DNS:localhost`);
    expect(await takeSecrets(first?.line ?? '')).toMatch(/^refused: /);
    expect((await operator.tandem('deploy', `openstack/lab/dev/${name}`, '--yes')).code).toBe(0);
    const after = await servers();
    expect(readBootToken(after[0]?.line ?? '')?.kind).toBe('taken');
    expect(after[1]?.line).toBe(second?.line);
    expect(valuesIn(await takeSecrets(second?.line ?? ''))).toEqual(values);
  });

  it('are offered anew when a certificate is renewed, and tell people when it ends', async () => {
    const ends = async () =>
      shown.parse(await operator.json('env', 'show', name)).health.servers.map((each) => each.certificatesUntil);
    const [before] = await servers();
    expect(readBootToken(before?.line ?? '')?.kind).toBe('taken');
    const [end] = (await ends()).sort();
    expect(Date.parse(end ?? '') - Date.now()).toBeGreaterThan(729 * 86_400_000);
    await operator.json('secret', 'remove', `secret:lease/${name}/consul/tls`);
    // What `env show` advises; nothing else is to be done.
    expect((await operator.tandem('env', 'repair', name, '--yes')).code).toBe(0);
    const [offered] = await servers();
    expect(readBootToken(offered?.line ?? '')?.kind).toBe('barbican');
    const renewed = valuesIn(await takeSecrets(offered?.line ?? ''));
    expect(renewed['tls.authority']).toBe(taken['tls.authority']);
    expect(renewed['tls.certificate']).not.toBe(taken['tls.certificate']);
    const authority = new X509Certificate(renewed['tls.authority'] ?? '');
    expect(certificateIn(renewed).verify(authority.publicKey)).toBe(true);
  });

  it('go with the lease', async () => {
    expect((await operator.tandem('env', 'destroy', name, '--yes')).code).toBe(0);
    expect(await secrets()).not.toContain(`secret:lease/${name}/`);
    const path = `/users?name=boot-dev-${name}`;
    expect(await operator.client.list('identity', path, 'users', z.looseObject({}))).toEqual([]);
  });
});
