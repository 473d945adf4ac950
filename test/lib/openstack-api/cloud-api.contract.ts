import { expect, it } from 'vitest';
import type { CloudApi, CloudResource } from '../../../lib/openstack-api/cloud-api.ts';
import { RESOURCE_KINDS } from '../../../lib/openstack-api/resource-kinds.ts';

/** A cloud with a project that a test may use up: a network, and a volume with a snapshot, all its own. */
export interface CloudUnderTest {
  readonly cloud: CloudApi;
  readonly projectId: string;
  readonly projectName: string;
}

/** What every `CloudApi` keeps, whether in memory or real. Run in order: the last ones use the project up. */
export function cloudApiContract(open: () => Promise<CloudUnderTest>): void {
  it('says who calls, and in which project', async () => {
    const { cloud } = await open();
    const caller = await cloud.identify();
    expect(caller.user.id).not.toBe('');
    expect(caller.project?.name).toBe('admin');
    expect(new URL(cloud.authUrl).pathname).toMatch(/\/v3$/);
  });

  it('lists the projects of a domain, and none of a domain that is not there', async () => {
    const { cloud, projectId, projectName } = await open();
    const projects = await cloud.projects('Default');
    expect(projects.find((each) => each.id === projectId)?.name).toBe(projectName);
    expect(await cloud.projects('nowhere')).toEqual([]);
    expect((await cloud.project(projectId))?.name).toBe(projectName);
    expect(await cloud.project('0'.repeat(32))).toBeUndefined();
  });

  it('tells what room there is', async () => {
    const { cloud, projectId } = await open();
    const snapshot = await cloud.snapshot({ externalNetwork: undefined, subnetPool: undefined, projectId });
    for (const host of snapshot.hosts)
      expect(Math.min(host.vcpus, host.memoryMiB, host.diskGiB)).toBeGreaterThanOrEqual(0);
    expect(snapshot.externalAddresses).toBeUndefined();
    expect(snapshot.subnetPool).toBeUndefined();
  });

  it('lists what is inside a project, each thing once and nothing of others', async () => {
    const { cloud, projectId } = await open();
    const contents = await cloud.contents(projectId);
    expect(contents.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['network', 'volume', 'volume-snapshot']));
    expect(new Set(contents.map(({ id }) => id)).size).toBe(contents.length);
    for (const each of contents) {
      expect(each.projectId).toBe(projectId);
      expect(RESOURCE_KINDS).toContain(each.kind);
    }
    expect(await cloud.contents('0'.repeat(32))).toEqual([]);
  });

  it('tells what was used in a period, of servers only what ran then', async () => {
    const { cloud, projectId } = await open();
    const to = new Date();
    const usage = await cloud.usage(projectId, { from: new Date(to.getTime() - 3_600_000), to });
    expect(usage.servers).toEqual([]);
    for (const { hours, sizeGiB } of usage.volumes) {
      expect(sizeGiB).toBeGreaterThan(0);
      expect(hours).toBeLessThanOrEqual(1);
    }
    const nobody = await cloud.usage('0'.repeat(32), { from: new Date(to.getTime() - 3_600_000), to });
    expect(nobody).toMatchObject({ servers: [], volumes: [], begin: undefined });
  });

  it('tells no counters where no server runs', async () => {
    const { cloud, projectId } = await open();
    expect(await cloud.activity(projectId)).toBeUndefined();
  });

  it('has no console of a server that is not there', async () => {
    const { cloud } = await open();
    expect(await cloud.consoleOf('4d1e5d4a-6b3a-4b7f-9a51-000000000000')).toBeUndefined();
  });

  it('gives a project a user of its own, whose credentials open that project and no other', async () => {
    const { cloud, projectId, projectName } = await open();
    const user = { name: projectName, domain: 'Default', description: 'of a contract test' };
    const id = await cloud.provideUser(user);
    expect(await cloud.provideUser(user)).toBe(id);
    await expect(cloud.provideUser({ ...user, description: 'of others' })).rejects.toMatchObject({
      code: 'user-taken',
    });
    const request = { projectId, expiresAt: new Date('2099-01-01T00:00:00Z'), rotate: false };
    const first = await cloud.issueCredential(user, request);
    expect(await cloud.testCredential(user, projectId, first)).toBe(true);
    expect(await cloud.testCredential(user, '0'.repeat(32), first)).toBe(false);
    expect(await cloud.testCredential(user, projectId, { ...first, secret: 'wrong' })).toBe(false);
    expect(await cloud.testCredential({ ...user, name: 'somebody' }, projectId, first)).toBe(false);
    const second = await cloud.issueCredential(user, { ...request, expiresAt: undefined });
    expect(await cloud.testCredential(user, projectId, first)).toBe(true);
    const third = await cloud.issueCredential(user, { ...request, rotate: true });
    expect(await cloud.testCredential(user, projectId, first)).toBe(false);
    expect(await cloud.testCredential(user, projectId, second)).toBe(false);
    expect(await cloud.testCredential(user, projectId, third)).toBe(true);
    await cloud.removeUser({ ...user, description: 'of others' });
    expect(await cloud.testCredential(user, projectId, third)).toBe(true);
    await cloud.removeUser(user);
    await cloud.removeUser(user);
    expect(await cloud.testCredential(user, projectId, third)).toBe(false);
  });

  it('refuses to remove what is still used, and takes what is gone for removed', async () => {
    const { cloud, projectId } = await open();
    const find = async (kind: CloudResource['kind']) =>
      (await cloud.contents(projectId)).find((each) => each.kind === kind);
    const volume = await find('volume');
    const snapshot = await find('volume-snapshot');
    expect(volume).toBeDefined();
    expect(snapshot).toBeDefined();
    await expect(cloud.remove(volume!)).rejects.toMatchObject({ details: { status: expect.any(Number) } });
    await cloud.remove(snapshot!);
    await expect.poll(() => find('volume-snapshot'), { timeout: 30_000 }).toBeUndefined();
    await cloud.remove(volume!);
    await expect.poll(() => find('volume'), { timeout: 30_000 }).toBeUndefined();
    await cloud.remove(volume!);
  });

  it('finds nobody else’s hands on what is the project’s alone, and knows what all services of the cloud keep', async () => {
    const { cloud, projectId } = await open();
    for (const each of await cloud.contents(projectId)) expect(await cloud.holders(each)).toEqual([]);
    expect(await cloud.unknownOffers()).toEqual([]);
  });

  it('asks for some kinds only, where only these matter', async () => {
    const { cloud, projectId } = await open();
    const some = await cloud.contents(projectId, new Set(['network']));
    expect([...new Set(some.map(({ kind }) => kind))]).toEqual(['network']);
  });

  it('disables and renames a project that has to stay', async () => {
    const { cloud, projectId, projectName } = await open();
    const as = { name: `orphaned-${projectName}`, description: 'left', tags: ['orphaned-from=x'] };
    await cloud.retireProject(projectId, as);
    expect(await cloud.project(projectId)).toMatchObject({ ...as, enabled: false });
  });

  it('removes a project, which leaves what is inside to be found by its id', async () => {
    const { cloud, projectId } = await open();
    await cloud.removeProject(projectId);
    expect(await cloud.project(projectId)).toBeUndefined();
    const left = await cloud.contents(projectId);
    const network = left.find(({ kind }) => kind === 'network');
    expect(network).toBeDefined();
    await cloud.remove(network!);
    await cloud.removeProject(projectId);
  });
}
