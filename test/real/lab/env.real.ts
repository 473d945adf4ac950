import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Lab } from '../../../lab/openstack/index.ts';
import { serverZone } from '../../../lib/config/server-zone.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import type { ProjectHealth } from '../../../lib/openstack-api/cloud-api.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { BARE } from '../../bare.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, openCheckout, reaches, type TracedPort } from './checkout.ts';

let lab: Lab;
let operator: Checkout;
/** Names of their own for each run, so that what an interrupted one left does not stand in the way. */
const suffix = Date.now().toString(36).slice(-5);
const bare = `bare${suffix}`;
const ds = `ds${suffix}`;
const projects: Record<string, string> = {};

beforeAll(async () => {
  lab = await healthyLab();
  operator = await openCheckout(lab, BARE);
});
afterAll(async () => {
  for (const name of [bare, ds]) await operator.tandem('env', 'destroy', name, '--yes');
  operator.remove();
});

const portSchema = z.object({
  id: z.string(),
  name: z.string(),
  network_id: z.string(),
  mac_address: z.string(),
  fixed_ips: z.array(z.object({ ip_address: z.string() })),
});
const port = async (name: string): Promise<TracedPort & { name: string }> => {
  const [found] = await operator.client.list('network', `/ports?name=${name}`, 'ports', portSchema);
  if (found === undefined) throw new Error(`no port ${name}`);
  return { ...found, address: found.fixed_ips[0]?.ip_address ?? '' };
};
const create = (name: string, blueprint: string): Promise<Record<string, unknown>> =>
  operator.json(
    'env',
    'create',
    name,
    '--blueprint',
    blueprint,
    '--owner',
    'alice@example.org',
    '--for',
    '7d',
    '--yes',
  );
const health = (name: string): Promise<ProjectHealth> => operator.cloud.health(projects[name] ?? '');
/** What Placement gives to the project's servers, whoever else uses the cloud meanwhile. */
const vcpusOf = async (name: string): Promise<number> => {
  const usages = z.object({ usages: z.record(z.string(), z.number()) });
  const answer = await operator.client.get('placement', `/usages?project_id=${projects[name] ?? ''}`, usages);
  return answer.usages['VCPU'] ?? 0;
};

describe('an environment of servers alone', () => {
  it('comes up with every server active, and its owner gets a private clouds.yaml', async () => {
    const made = await create(bare, 'bare');
    projects[bare] = String(made['projectId']);
    expect(made['endpoints']).toHaveProperty('web');
    expect(made['ssh']).toMatch(/^ssh debian@203\.0\.113\.\d+$/);
    const { servers } = await health(bare);
    expect(servers).toHaveLength(14);
    expect(servers.every(({ status }) => status === 'ACTIVE')).toBe(true);
    const file = join(operator.root, `.tandem/credentials/${bare}/clouds.yaml`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const owner = OpenStackClient.open(readCloudAccess(bare, { OS_CLIENT_CONFIG_FILE: file }, '/'), { cloud: 'lab' });
    const caller = await owner.whoami();
    expect(caller).toMatchObject({ user: { name: `dev-${bare}` }, project: { id: projects[bare] } });
    expect(caller.roles).toEqual(expect.arrayContaining(['member', 'load-balancer_member']));
    expect(caller.roles).not.toContain('admin');
    expect(operator.git('show', '--name-only', '--format=', 'HEAD')).toBe(`config/dev/${bare}.yaml`);
  });

  it('changes nothing when made again', async () => {
    expect(await create(bare, 'bare')).toMatchObject({ changes: 0, projectId: projects[bare] });
  });

  it('spreads each tier over hosts and zones as promised', async () => {
    const { servers } = await health(bare);
    const hosts = new Map<string, string[]>();
    for (const { name, host, zone } of servers) {
      const [, tier = '', index = ''] = new RegExp(`^${bare}-(.*)-(\\d+)$`).exec(name) ?? [];
      expect(zone).toBe(serverZone(['rack-a', 'rack-b', 'rack-c'], bare, tier, Number(index)));
      hosts.set(tier, [...(hosts.get(tier) ?? []), host]);
    }
    for (const each of hosts.values()) expect(new Set(each).size).toBe(each.length);
  });

  it('lets tiers reach what the blueprint says, and nothing else', async () => {
    const [web, api, database, cache] = await Promise.all(
      ['web-1', 'api-1', 'database-1', 'cache-1'].map((name) => port(`${bare}-${name}`)),
    );
    expect(await reaches(lab, web!, api!, 8080)).toBe(true);
    expect(await reaches(lab, api!, database!, 5432)).toBe(true);
    expect(await reaches(lab, web!, database!, 5432)).toBe(false);
    expect(await reaches(lab, api!, database!, 22)).toBe(false);
    expect(await reaches(lab, cache!, api!, 8080)).toBe(false);
  });

  it('is extended by changing at most one resource', async () => {
    const result = await operator.json('env', 'extend', bare, '--for', '2d', '--yes');
    expect(result['changes']).toBeLessThanOrEqual(1);
  });

  it('fails to be extended beyond the policy', async () => {
    const { code, log } = await operator.tandem('env', 'extend', bare, '--for', '90d', '--yes');
    expect([code, log]).toEqual([1, expect.stringContaining('lease-too-long')]);
  });

  it('shows what somebody changed by hand, and puts it right', async () => {
    const cache = await port(`${bare}-cache-1`);
    await operator.client.put('network', `/ports/${cache.id}`, { port: { description: 'changed by hand' } });
    const shown = await operator.json('env', 'show', bare);
    expect(shown['drifted']).toEqual([expect.stringContaining('cache_port-1')]);
    expect(await create(bare, 'bare')).toMatchObject({ changes: 1 });
    expect(await operator.json('env', 'show', bare)).toMatchObject({ drift: 0, state: 'active' });
  });
});

describe('a second environment, from the blueprint ds', () => {
  it('comes up beside it', async () => {
    const made = await create(ds, 'ds');
    projects[ds] = String(made['projectId']);
    expect((await health(ds)).servers.every(({ status }) => status === 'ACTIVE')).toBe(true);
  });

  it('is not reached from the first', async () => {
    const [from, to] = await Promise.all([port(`${bare}-web-1`), port(`${ds}-api-1`)]);
    const [router] = await operator.client.list(
      'network',
      `/ports?network_id=${from.network_id}&device_owner=network:router_interface`,
      'ports',
      portSchema,
    );
    expect(await reaches(lab, from, to, 8443, router?.mac_address)).toBe(false);
  });

  it('is listed with the first', async () => {
    const { environments } = await operator.json('env', 'list');
    expect(environments).toEqual(
      [bare, ds].map((name): unknown => expect.objectContaining({ name, state: 'active', owner: 'alice@example.org' })),
    );
  });
});

describe('freezing', () => {
  it('gives the hosts’ room back and keeps volumes, and thawing takes it again', async () => {
    expect(await vcpusOf(bare)).toBe(33);
    await operator.json('env', 'freeze', bare, '--yes');
    expect((await health(bare)).servers.every(({ status }) => status === 'SHELVED_OFFLOADED')).toBe(true);
    expect(await vcpusOf(bare)).toBe(0);
    const volumes = (await operator.cloud.contents(projects[bare] ?? '')).filter(({ kind }) => kind === 'volume');
    expect(volumes).toHaveLength(5);
    await operator.json('env', 'thaw', bare, '--yes');
    expect((await health(bare)).servers.every(({ status }) => status === 'ACTIVE')).toBe(true);
    expect(await vcpusOf(bare)).toBe(33);
  });
});

describe('a cloud without room', () => {
  const services = z.object({ id: z.string(), host: z.string(), zone: z.string() });

  it('is refused beforehand, and nothing is written', async () => {
    const all = await operator.client.list('compute', '/os-services?binary=nova-compute', 'services', services);
    const closed = all.filter(({ zone }) => zone === 'rack-a');
    try {
      for (const { id } of closed) await operator.client.put('compute', `/os-services/${id}`, { status: 'disabled' });
      const { code, log } = await operator.tandem(
        'env',
        'create',
        `no${suffix}`,
        '--blueprint',
        'bare',
        '--owner',
        'alice@example.org',
        '--yes',
      );
      expect(code).toBe(1);
      expect(log).toMatch(/does-not-fit.*no-hosts: zone rack-a/s);
      expect(operator.git('status', '--porcelain', 'config')).toBe('');
    } finally {
      for (const { id } of closed) await operator.client.put('compute', `/os-services/${id}`, { status: 'enabled' });
    }
  });
});

describe('giving back', () => {
  it('fails from a checkout that lacks the lease', async () => {
    const stale = mkdtempSync(join(tmpdir(), 'tandem-stale-'));
    try {
      cpSync(operator.root, stale, { recursive: true });
      const other = { ...operator, root: stale };
      const { execFileSync } = await import('node:child_process');
      const first = operator.git('rev-list', '--max-parents=0', 'HEAD');
      execFileSync('git', ['reset', '-q', '--hard', first], { cwd: other.root });
      const main = join(import.meta.dirname, '../../../lib/cli/main.ts');
      const { spawnSync } = await import('node:child_process');
      const { status, stderr } = spawnSync(process.execPath, [main, 'env', 'destroy', ds, '--yes'], {
        cwd: stale,
        encoding: 'utf8',
        env: { ...process.env, ...lab.environment },
      });
      expect([status, stderr]).toEqual([1, expect.stringContaining('unknown-here')]);
      expect((await health(ds)).servers.length).toBeGreaterThan(0);
    } finally {
      rmSync(stale, { recursive: true, force: true });
    }
  });

  it('removes what tenants made inside, and leaves nothing in any service', async () => {
    const id = projects[bare] ?? '';
    const file = join(operator.root, `.tandem/credentials/${bare}/clouds.yaml`);
    const tenant = OpenStackClient.open(readCloudAccess(bare, { OS_CLIENT_CONFIG_FILE: file }, '/'), { cloud: 'lab' });
    const any = z.record(z.string(), z.unknown());
    const made = z.object({ volume: z.object({ id: z.string() }) });
    const { volume } = await tenant.post('volume', '/volumes', { volume: { size: 1, name: 'mine' } }, made);
    await expect
      .poll(
        async () =>
          (await tenant.get('volume', `/volumes/${volume.id}`, z.object({ volume: z.object({ status: z.string() }) })))
            .volume.status,
        { timeout: 300_000 },
      )
      .toBe('available');
    await tenant.post('volume', '/snapshots', { snapshot: { volume_id: volume.id, name: 'mine' } }, any);
    await tenant.post(
      'image',
      '/images',
      { name: 'mine', container_format: 'bare', disk_format: 'raw', protected: true },
      any,
    );
    await tenant.post('network', '/security-groups', { security_group: { name: 'mine' } }, any);
    const cache = await port(`${bare}-cache-1`);
    await tenant.post('network', '/ports', { port: { name: 'mine', network_id: cache.network_id } }, any);
    const kinds = (await operator.cloud.contents(id)).filter(({ name }) => name === 'mine').map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['image', 'port', 'security-group', 'volume', 'volume-snapshot']);

    const { log, code } = await operator.tandem('env', 'destroy', bare, '--yes');
    expect([code, log]).toEqual([0, expect.stringMatching(/Lost with it: .*14 servers/)]);
    expect(await operator.cloud.project(id)).toBeUndefined();
    expect(await operator.cloud.contents(id)).toEqual([]);
    expect((await operator.cloud.contents(projects[ds] ?? '')).length).toBeGreaterThan(0);
    expect(() => readFileSync(file)).toThrow();
  });

  it('removes the other one too', async () => {
    await operator.json('env', 'destroy', ds, '--yes');
    expect(await operator.cloud.contents(projects[ds] ?? '')).toEqual([]);
    expect(await operator.json('env', 'list')).toMatchObject({ environments: [] });
  });
});
