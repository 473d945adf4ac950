import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { OpenStackCloud } from '../../../lib/openstack-api/openstack-cloud.ts';
import { cloudApiContract } from '../../lib/openstack-api/cloud-api.contract.ts';
import { healthyLab } from '../support/lab.ts';

const withId = <T extends string>(key: T) =>
  z.object({ [key]: z.object({ id: z.string() }) } as Record<T, z.ZodObject<{ id: z.ZodString }>>);
const name = `contract-${Date.now().toString(36)}`;
let client: OpenStackClient;
let cloud: OpenStackCloud;
let projectId: string;

beforeAll(async () => {
  const lab = await healthyLab();
  client = OpenStackClient.open(readCloudAccess(lab.cloudName, { ...process.env, ...lab.environment }, '/'), {
    cloud: 'lab',
  });
  cloud = new OpenStackCloud(client, { name: 'lab', entry: lab.cloudName });
  projectId = (
    await client.post('identity', '/projects', { project: { name, domain_id: 'default' } }, withId('project'))
  ).project.id;
  const role = z.object({ id: z.string() });
  const [member] = await client.list('identity', '/roles?name=member', 'roles', role);
  const { user } = await client.whoami();
  await client.put('identity', `/projects/${projectId}/users/${user.id}/roles/${member?.id ?? ''}`);
  await client.put('network', `/quotas/${projectId}`, { quota: { network: 7 } });
  const inside = client.inProject(projectId);
  await inside.post('network', '/networks', { network: { name } }, withId('network'));
  const { volume } = await inside.post('volume', '/volumes', { volume: { name, size: 1 } }, withId('volume'));
  const status = z.object({ volume: z.object({ status: z.string() }) });
  await vi.waitFor(
    async () => {
      expect((await inside.get('volume', `/volumes/${volume.id}`, status)).volume.status).toBe('available');
    },
    { timeout: 300_000, interval: 500 },
  );
  await inside.post('volume', '/snapshots', { snapshot: { name, volume_id: volume.id } }, withId('snapshot'));
  await vi.waitFor(
    async () => {
      expect((await cloud.contents(projectId)).length).toBeGreaterThanOrEqual(3);
    },
    { timeout: 300_000, interval: 1000 },
  );
});

afterAll(async () => {
  for (const left of await cloud.contents(projectId)) await cloud.remove(left);
  await cloud.removeProject(projectId);
});

describe('a real OpenStack', () => {
  cloudApiContract(() => Promise.resolve({ cloud, projectId, projectName: name }));

  it('has taken the quotas of a removed project along', async () => {
    const ofProject = z.object({ project_id: z.string() });
    const networks = await client.list('network', '/quotas', 'quotas', ofProject);
    // The one service that still tells: Nova and Cinder answer nothing about a project that is gone.
    expect(networks.filter(({ project_id }) => project_id === projectId)).toEqual([]);
  });
});
