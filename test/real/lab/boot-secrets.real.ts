import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Lab } from '../../../lab/openstack/index.ts';
import { writeBootToken } from '../../../lib/bring-up/boot-token.ts';
import { barbicanBootSecrets } from '../../../lib/openstack-api/barbican-boot-secrets.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { EnvironmentUsers } from '../../../lib/openstack-api/environment-users.ts';
import { bootSecretsContract } from '../../lib/secrets/boot-secrets.contract.ts';
import { takeSecrets } from '../../lib/secrets/take-secrets.ts';
import { healthyLab } from '../support/lab.ts';

const REGION = 'RegionOne';
const made = z.object({ project: z.object({ id: z.string() }) });

let lab: Lab;
let client: OpenStackClient;
let projectId: string;
const name = `boot-test-${randomBytes(3).toString('hex')}`;
const user = { name, domain: 'Default', description: `servers at boot (${name})` };
const open = () => barbicanBootSecrets({ client, cloud: 'lab', region: REGION, user, projectId });

beforeAll(async () => {
  lab = await healthyLab();
  const access = readCloudAccess(lab.cloudName, { ...process.env, ...lab.environment }, '/');
  client = OpenStackClient.open(access, { cloud: 'lab' });
  const project = { name, domain_id: 'default' };
  projectId = (await client.post('identity', '/projects', { project }, made)).project.id;
});
afterAll(async () => {
  await new EnvironmentUsers(client, 'lab').remove(user);
  await client.delete('identity', `/projects/${projectId}`);
});

bootSecretsContract('an application credential of Keystone for one secret of Barbican', () =>
  Promise.resolve({
    bootSecrets: open(),
    pass: (seconds: number) => sleep(seconds * 1000),
    close: () => Promise.resolve(),
  }),
);

describe('the credential of a server', () => {
  const asServer = async (id: string, secret: string): Promise<string> => {
    const identity = { methods: ['application_credential'], application_credential: { id, secret } };
    const answer = await fetch(`${client.authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity } }),
    });
    return answer.headers.get('x-subject-token') ?? '';
  };

  it('opens one secret, and nothing else of the cloud', async () => {
    const [own, other] = [
      await open().offer({ a: { k: 'canary' } }, 600),
      await open().offer({ b: { k: 'other' } }, 600),
    ];
    if (own.kind !== 'barbican' || other.kind !== 'barbican') throw new Error('not of Barbican');
    const token = await asServer(own.id, own.secret);
    expect(token).not.toBe('');
    const { endpoints } = lab;
    const may = async (url: string, method = 'GET') =>
      (await fetch(url, { method, headers: { 'x-auth-token': token, accept: '*/*' } })).status;
    const secrets = `${endpoints['key-manager']}/v1/secrets`;
    expect(await may(`${secrets}/${other.secretId}/payload`)).toBe(401);
    expect(await may(secrets)).toBe(401);
    expect(await may(`${secrets}/${own.secretId}`)).toBe(401);
    expect(await may(`${client.authUrl}/users`)).toBeGreaterThanOrEqual(401);
    expect(await may(`${endpoints.compute}/v2.1/servers`)).toBe(401);
    expect(JSON.parse(await takeSecrets(writeBootToken(own)))).toEqual({ a: { k: 'canary' } });
    // Whoever takes them ends the token, and leaves nothing of it behind.
    expect(JSON.parse(await takeSecrets(writeBootToken(other)))).toEqual({ b: { k: 'other' } });
  });
});
