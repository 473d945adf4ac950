import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Lab } from '../../../lab/openstack/index.ts';
import { systemClock } from '../../../lib/dev/clock.ts';
import { sweepProject } from '../../../lib/dev/execute-sweep.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import type { CloudResource } from '../../../lib/openstack-api/cloud-api.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { KINDS } from '../../../lib/openstack-api/kinds/index.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, openCheckout } from './checkout.ts';
import { makeEverything, NOT_MADE, type Tenant } from './everything.ts';

const thing = z.looseObject({ id: z.string(), name: z.string().nullish() });
const made = z.record(z.string(), thing);
const name = `sweep${Date.now().toString(36).slice(-5)}`;
let lab: Lab;
let operator: Checkout;
let tenant: Tenant;
let contents: CloudResource[];

const find = async (
  service: 'network' | 'image' | 'compute' | 'identity',
  path: string,
  key: string,
  wanted: string,
) => {
  const all = await operator.client.list(service, path, key, thing);
  return all.find((each) => each.name === wanted)?.id ?? '';
};

/** Little, and of each kind that a lease has: a project with only these holds nothing that is not managed. */
const TINY = `description: One tier
prefixLength: 24
ssh: { tier: web, from: [office] }
tiers:
  web:
    image: debian-12
    flavor: small
    count: 1
    floatingAddress: true
    listens: [{ port: 8080, from: [web] }]
    loadBalancer: { port: 443, targetPort: 8080, public: true, from: [office] }
    volumes: { data: { sizeGiB: 1 } }
`;

beforeAll(async () => {
  lab = await healthyLab();
  operator = await openCheckout(lab);
  writeFileSync(join(operator.root, 'config/blueprints/tiny.yaml'), TINY);
  operator.git('add', 'config');
  operator.git('commit', '-q', '-m', 'a small blueprint');
  const lease = ['--blueprint', 'tiny', '--owner', 'alice@example.org', '--for', '7d'];
  const { projectId } = z
    .looseObject({ projectId: z.string() })
    .parse(await operator.json('env', 'create', name, ...lease, '--yes'));
  const file = join(operator.root, `.tandem/credentials/${name}/clouds.yaml`);
  const owner = OpenStackClient.open(readCloudAccess(name, { OS_CLIENT_CONFIG_FILE: file }, '/'), { cloud: 'lab' });
  const other = { project: { name: `other-${name}`, domain_id: 'default' } };
  const { user } = await operator.client.whoami();
  const admin = await find('identity', '/roles', 'roles', 'admin');
  const otherProjectId = (await operator.client.post('identity', '/projects', other, made))['project']?.id ?? '';
  for (const id of [projectId, otherProjectId])
    await operator.client.put('identity', `/projects/${id}/users/${user.id}/roles/${admin}`);
  tenant = {
    ...{ owner, operator: operator.client.inProject(projectId), projectId, otherProjectId },
    imageId: await find('image', '/images', 'images', 'debian-12'),
    flavorId: await find('compute', '/flavors', 'flavors', 'small'),
    externalNetworkId: await find('network', '/networks', 'networks', 'public'),
  };
});

const { signal } = new AbortController();

afterAll(async () => {
  await operator.tandem('env', 'destroy', name, '--yes');
  for (const id of [tenant.otherProjectId, tenant.projectId]) {
    await sweepProject(operator.cloud, id, { clock: systemClock, signal, environment: name });
    await operator.cloud.removeProject(id);
  }
  const version = { headers: { 'openstack-api-version': 'volume 3.58' } };
  for (const { id, name: type } of await operator.client.list('volume', '/group_types', 'group_types', thing, version))
    if (type === `everything-${tenant.projectId}`)
      await operator.client.delete('volume', `/group_types/${id}`, version);
  operator.remove();
});

/** An environment's own quotas leave no room for one of everything. */
async function raiseQuotas(): Promise<void> {
  const unlimited = (names: string): Record<string, number> =>
    Object.fromEntries(names.split(' ').map((each) => [each, -1]));
  const network = unlimited(
    'network subnet port router floatingip security_group security_group_rule rbac_policy trunk subnetpool',
  );
  await operator.client.put('network', `/quotas/${tenant.projectId}`, { quota: network });
  const volume = unlimited('volumes snapshots gigabytes groups');
  await operator.client.put('volume', `/os-quota-sets/${tenant.projectId}`, { quota_set: volume });
  const compute = unlimited('instances cores ram server_groups');
  await operator.client.put('compute', `/os-quota-sets/${tenant.projectId}`, { quota_set: compute });
  await operator.client.put('balancer', `/lbaas/quotas/${tenant.projectId}`, {
    quota: unlimited('load_balancer listener pool'),
  });
  await operator.client.patch(
    'dns',
    `/quotas/${tenant.projectId}`,
    { zones: 10 },
    { headers: { 'x-auth-all-projects': 'true' } },
  );
}

describe('what nobody manages', () => {
  it('is nothing in an environment as it was made', async () => {
    expect(await operator.json('env', 'show', name)).toMatchObject({ drift: 0, drifted: [], unmanaged: [] });
  });

  it('is told where a group is opened to the world, that first, by show, drift and plan', async () => {
    const groups = await tenant.owner.list('network', '/security-groups', 'security_groups', thing);
    const group = groups.find((each) => each.name?.includes('web') === true);
    const rule = { direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp', port_range_min: 22, port_range_max: 22 };
    const open = { security_group_rule: { ...rule, remote_ip_prefix: '0.0.0.0/0', security_group_id: group?.id } };
    await tenant.owner.post('network', '/security-group-rules', open, made);
    const address = { floatingip: { floating_network_id: tenant.externalNetworkId } };
    await tenant.owner.post('network', '/floatingips', address, made);
    const { unmanaged, drifted } = await operator.json('env', 'show', name);
    expect(drifted).toEqual([]);
    expect(unmanaged).toEqual([
      expect.stringMatching(/web.* lets tcp 22 from 0\.0\.0\.0\/0 through, made 20.*\(security-group-rule\//),
      expect.stringMatching(/^floating address 203\.0\.113\.\d+, made 20.*\(floating-address\//),
    ]);
    const drift = await operator.tandem('drift', name);
    expect(drift.out).toMatch(/added {4}.*lets tcp 22 from 0\.0\.0\.0\/0 through/);
    const plan = await operator.tandem('plan', '--live', name);
    expect(plan.out).toMatch(/holds what Tandem does not manage:\n.*lets tcp 22 from 0\.0\.0\.0\/0/);
  });
});

describe('a tenant who makes one of everything', () => {
  it('makes each kind that this cloud offers', async () => {
    await raiseQuotas();
    const ids = await makeEverything(tenant);
    contents = await operator.cloud.contents(tenant.projectId);
    const extensions = await operator.client.list(
      'network',
      '/extensions',
      'extensions',
      z.object({ alias: z.string() }),
    );
    const aliases = new Set(extensions.map(({ alias }) => alias));
    const there = new Set<string>(contents.map(({ kind }) => kind));
    for (const { kind, extension, service } of KINDS) {
      if (!(await operator.client.has(service)) || (extension !== undefined && !aliases.has(extension))) continue;
      expect(there.has(kind) || kind in NOT_MADE, `nothing of kind ${kind} was made`).toBe(true);
    }
    expect(await operator.cloud.unknownOffers()).toEqual([]);
    expect(Object.values(ids).every((id) => id !== '')).toBe(true);
  });

  it('has what is theirs named where another project holds it, and all else removed', async () => {
    const { client } = operator;
    const network = contents.find(({ name: of }) => of === 'tagged')?.id ?? '';
    await client
      .inProject(tenant.otherProjectId)
      .post('network', '/ports', { port: { name: 'theirs', network_id: network } }, made);
    const { code, log } = await operator.tandem('env', 'destroy', name, '--yes');
    expect(code, log).toBe(1);
    expect(log).toMatch(new RegExp(`network tagged \\(${network}\\) is used by port theirs .*other-${name}`));
    expect(log).toContain(`--orphan network/${network}`);
    const left = await operator.cloud.contents(tenant.projectId);
    expect(left.map(({ kind }) => kind).sort()).toEqual(['network', 'rbac-policy']);
  });

  it('leaves exactly that where it is orphaned, and the project disabled under another name', async () => {
    const left = await operator.cloud.contents(tenant.projectId);
    const flags = left.flatMap(({ kind, id }) => ['--orphan', `${kind}/${id}`]);
    const destroyed = await operator.json('env', 'destroy', name, '--yes', ...flags);
    expect(destroyed['orphaned']).toMatchObject({ projectId: tenant.projectId });
    expect((await operator.cloud.contents(tenant.projectId)).map(({ id }) => id)).toEqual(left.map(({ id }) => id));
    const project = await operator.cloud.project(tenant.projectId);
    expect(project).toMatchObject({ enabled: false, name: expect.stringContaining(`orphaned-dev-${name}`) });
    expect(await operator.json('env', 'list')).toMatchObject({ environments: [] });
  });

  it('leaves nothing in any service once the other project let go', async () => {
    for (const each of await operator.cloud.contents(tenant.otherProjectId)) await operator.cloud.remove(each);
    const left = await operator.cloud.contents(tenant.projectId);
    for (const kind of ['rbac-policy', 'network'])
      for (const each of left.filter((other) => other.kind === kind)) await operator.cloud.remove(each);
    await expect.poll(() => operator.cloud.contents(tenant.projectId), { timeout: 300_000 }).toEqual([]);
    // By what the services say when nobody asks for a project: nothing names this one any more.
    const named: string[] = [];
    for (const [service, path, key] of [
      ['network', '/ports', 'ports'],
      ['network', '/subnets', 'subnets'],
      ['network', '/floatingips', 'floatingips'],
      ['compute', '/servers/detail?all_tenants=1', 'servers'],
      ['volume', '/volumes/detail?all_tenants=1', 'volumes'],
      ['balancer', '/lbaas/listeners', 'listeners'],
    ] as const) {
      const all = await operator.client.list(service, path, key, z.record(z.string(), z.unknown()));
      const own = all.filter((each) => JSON.stringify(each).includes(tenant.projectId));
      named.push(...own.map((each) => `${path} ${String(each['id'])}`));
    }
    expect(named).toEqual([]);
  });
});
