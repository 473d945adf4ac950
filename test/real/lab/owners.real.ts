import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { Credentials } from '../../../lib/openstack-api/credentials.ts';
import { OpenStackCloud } from '../../../lib/openstack-api/openstack-cloud.ts';
import { healthyLab } from '../support/lab.ts';

/** Two projects with an owner each, as two leases have them. */
interface Owned {
  readonly name: string;
  readonly projectId: string;
  readonly owner: OpenStackClient;
}

const suffix = Date.now().toString(36).slice(-5);
const named = z.looseObject({ id: z.string(), name: z.string() });
const pair = z.object({ keypair: z.looseObject({ name: z.string() }) });
const userOf = (name: string) => ({ name: `dev-${name}`, domain: 'Default', description: `a test of owners, ${name}` });
let operator: OpenStackClient;
let cloud: OpenStackCloud;
let ann: Owned;
let bob: Owned;

async function own(name: string): Promise<Owned> {
  const project = { name: `dev-${name}`, domain_id: 'default' };
  const made = await operator.post('identity', '/projects', { project }, z.object({ project: named }));
  const projectId = made.project.id;
  const expiresAt = new Date(Date.now() + 3_600_000);
  const { id, secret } = await cloud.issueCredential(userOf(name), { projectId, expiresAt, rotate: false });
  const auth = { auth_url: operator.authUrl, application_credential_id: id, application_credential_secret: secret };
  const credentials = Credentials.from({ auth, auth_type: 'v3applicationcredential' });
  if (typeof credentials === 'string') throw new Error(credentials);
  return { name, projectId, owner: operator.actingAs(credentials) };
}

beforeAll(async () => {
  const lab = await healthyLab();
  const access = readCloudAccess(lab.cloudName, { ...process.env, ...lab.environment }, '/');
  operator = OpenStackClient.open(access, { cloud: 'lab' });
  cloud = new OpenStackCloud(operator, { name: 'lab', entry: lab.cloudName });
  [ann, bob] = [await own(`owners-ann-${suffix}`), await own(`owners-bob-${suffix}`)];
});
afterAll(async () => {
  for (const { name, projectId } of [ann, bob]) {
    for (let round = 0; round < 20; round += 1) {
      const left = await cloud.contents(projectId);
      const open = left.filter(({ kind, name: what }) => kind !== 'security-group' || what !== 'default');
      if (open.length === 0) break;
      for (const each of left) await cloud.remove(each).catch(() => undefined);
    }
    await cloud.removeProject(projectId);
    await cloud.removeUser(userOf(name));
  }
});

describe('the owner of one environment', () => {
  it('neither sees, takes nor deletes the key pair of another', async () => {
    await ann.owner.post('compute', '/os-keypairs', { keypair: { name: 'mine' } }, pair);
    expect(await bob.owner.list('compute', '/os-keypairs', 'keypairs', pair)).toEqual([]);
    await expect(bob.owner.get('compute', '/os-keypairs/mine', pair)).rejects.toMatchObject({
      code: 'cloud-not-found',
    });
    await bob.owner.delete('compute', '/os-keypairs/mine');
    await bob.owner.post('compute', '/os-keypairs', { keypair: { name: 'mine' } }, pair);
    const own = await ann.owner.list('compute', '/os-keypairs', 'keypairs', pair);
    expect(own.map(({ keypair }) => keypair.name)).toEqual(['mine']);
  });

  it('reads no project but its own', async () => {
    const visible = await ann.owner.list('identity', '/auth/projects', 'projects', named);
    expect(visible.map(({ id }) => id)).toEqual([ann.projectId]);
    const one = z.object({ project: named });
    await expect(ann.owner.get('identity', `/projects/${bob.projectId}`, one)).rejects.toMatchObject({
      code: 'cloud-forbidden',
    });
    await expect(ann.owner.list('identity', '/users', 'users', named)).rejects.toMatchObject({
      code: 'cloud-forbidden',
    });
  });

  it('makes neither credentials of its own nor a password, which would outlive a rotation', async () => {
    const { user } = await ann.owner.whoami();
    const body = { application_credential: { name: 'more' } };
    const path = `/users/${user.id}/application_credentials`;
    await expect(ann.owner.post('identity', path, body, z.unknown())).rejects.toMatchObject({
      code: 'cloud-forbidden',
    });
  });

  it('makes networks, load balancers and zones', async () => {
    const network = { network: { name: 'own' } };
    const { network: made } = await ann.owner.post('network', '/networks', network, z.object({ network: named }));
    const subnet = { subnet: { network_id: made.id, ip_version: 4, cidr: '192.168.7.0/24' } };
    const { subnet: range } = await ann.owner.post('network', '/subnets', subnet, z.object({ subnet: named }));
    const balancer = { loadbalancer: { name: 'own', vip_subnet_id: range.id, provider: 'ovn' } };
    const answer = await ann.owner.post(
      'balancer',
      '/lbaas/loadbalancers',
      balancer,
      z.object({ loadbalancer: named }),
    );
    expect(answer.loadbalancer.id).not.toBe('');
    const zone = { name: `${ann.name}.example.net.`, email: 'ann@example.org' };
    expect((await ann.owner.post('dns', '/zones', zone, named)).id).not.toBe('');
  });

  it('is gone with its key pairs and credentials when its user is removed', async () => {
    const { user } = await bob.owner.whoami();
    await cloud.removeUser(userOf(bob.name));
    expect(await operator.list('identity', `/users?name=dev-${bob.name}`, 'users', named)).toEqual([]);
    const pairs = `/os-keypairs?user_id=${user.id}`;
    expect(await operator.list('compute', pairs, 'keypairs', pair)).toEqual([]);
    // Asked of Keystone itself: services believe a token that they know for some minutes more.
    await expect(bob.owner.list('identity', '/auth/projects', 'projects', named)).rejects.toMatchObject({
      details: { status: expect.toSatisfy((status: number) => status === 401 || status === 404) },
    });
  });
});
