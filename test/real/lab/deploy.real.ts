import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Lab } from '../../../lab/openstack/index.ts';
import { sample } from '../../chaos.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, ensureBase, openCheckout } from './checkout.ts';

const name = `deploy${Date.now().toString(36).slice(-5)}`;
const stack = `openstack/lab/dev/${name}`;
let lab: Lab;
let operator: Checkout;

/** One of each kind of resource, so that a run is short. */
const BLUEPRINT = `description: One of each
prefixLength: 28
headroomPercent: 50
ssh: { tier: bastion, from: [office] }
tiers:
  bastion: { image: debian-12, flavor: small, floatingAddress: true }
  web:
    image: debian-12
    flavor: small
    listens: [{ port: 8080, from: [web] }]
    volumes: { data: { sizeGiB: 1 } }
    loadBalancer: { port: 443, targetPort: 8080, public: true, from: [office] }
`;

beforeAll(async () => {
  lab = await healthyLab();
  operator = await openCheckout(lab);
  writeFileSync(join(operator.root, 'config/blueprints/tiny.yaml'), BLUEPRINT);
  const since = new Date().toISOString().slice(0, 10);
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const lease = `blueprint: tiny\nowner: ops@example.org\ncloud: lab\nsince: ${since}\nuntil: ${until}\n`;
  mkdirSync(join(operator.root, 'config/dev'), { recursive: true });
  writeFileSync(join(operator.root, `config/dev/${name}.yaml`), lease);
  operator.git('add', '-A');
  operator.git('commit', '-q', '-m', 'Lease');
  await ensureBase(operator);
});
afterAll(async () => {
  await operator.tandem('destroy', stack, '--yes');
  operator.remove();
});

const ok = async (...args: string[]): Promise<string> => {
  const { code, out, log } = await operator.tandem(...args);
  if (code !== 0) throw new Error(`tandem ${args.join(' ')} ended with ${code}: ${log.slice(-3000)}`);
  return out;
};

/** How many there are of what Terraform could have made twice, by kind. */
async function inventory(): Promise<Record<string, number>> {
  const thing = z.looseObject({
    name: z.string().optional(),
    description: z.string().nullish(),
    project_id: z.string().optional(),
  });
  const { client } = operator;
  const projects = await client.list(
    'identity',
    `/projects?name=dev-${name}`,
    'projects',
    z.object({ id: z.string() }),
  );
  const project = projects[0]?.id ?? 'none';
  const of = (path: string) => `${path}?project_id=${project}`;
  const counts = {
    projects: projects.length,
    networks: (await client.list('network', of('/networks'), 'networks', thing)).length,
    routers: (await client.list('network', of('/routers'), 'routers', thing)).length,
    addresses: (await client.list('network', of('/floatingips'), 'floatingips', thing)).length,
    balancers: (await client.list('balancer', of('/lbaas/loadbalancers'), 'loadbalancers', thing)).length,
    volumes: (await client.list('volume', `/volumes/detail?all_tenants=1&project_id=${project}`, 'volumes', thing))
      .length,
    servers: (await client.list('compute', `/servers/detail?all_tenants=1&project_id=${project}`, 'servers', thing))
      .length,
  };
  return project === 'none' ? { projects: 0 } : counts;
}

const WHOLE = { projects: 1, networks: 1, routers: 1, addresses: 2, balancers: 1, volumes: 1, servers: 2 };

describe('one stack, from nothing to nothing', () => {
  test('killed with its engine at several moments, it is finished by the next run, and nothing is there twice', async () => {
    for (const seconds of sample([2, 6, 12, 20], 2))
      await operator.killedAt(new RegExp(`${stack}: applying`), seconds, 'deploy', stack, '--yes');
    await ok('deploy', '--resume', '--yes');
    expect(await inventory()).toEqual(WHOLE);
    expect(JSON.parse(await ok('list', stack, '--json'))).toMatchObject({
      stacks: [{ state: 'applied', lockedBy: null, unfinished: null }],
    });
  });

  test('a second run changes nothing, asks nothing, and nothing has drifted', async () => {
    expect(await ok('deploy', stack, '--non-interactive')).toBe(`${stack} unchanged\n`);
    const { code, log } = await operator.tandem('drift', stack, '--detailed-exitcode');
    expect([code, log]).toEqual([0, '']);
  });

  test('fails without a terminal where it would have to ask', async () => {
    const { code, log } = await operator.tandem('destroy', stack);
    expect(code).toBe(1);
    expect(log).toContain('error no-terminal');
  });

  test('what somebody changed by hand is drift, and the next run undoes it', async () => {
    const named = z.object({ id: z.string() });
    const [group] = await operator.client.list(
      'network',
      `/security-groups?name=${name}-web`,
      'security_groups',
      named,
    );
    const rules = await operator.client.list(
      'network',
      `/security-group-rules?security_group_id=${group?.id ?? ''}`,
      'security_group_rules',
      named,
    );
    await operator.client.delete('network', `/security-group-rules/${rules[0]?.id ?? ''}`);
    const { code, out } = await operator.tandem('drift', stack, '--detailed-exitcode');
    expect([code, out]).toEqual([2, expect.stringContaining('removed  openstack_networking_secgroup_rule_v2')]);
    await ok('deploy', stack, '--yes');
    expect((await operator.tandem('drift', stack, '--detailed-exitcode')).code).toBe(0);
  });

  test('gives its outputs, and shows no credential in any file', async () => {
    expect(JSON.parse(await ok('output', stack, '--json'))).toHaveProperty('outputs.servers');
    const clouds = readFileSync(String(lab.environment['OS_CLIENT_CONFIG_FILE']), 'utf8');
    const password = /password: *"?([^"\n]+)/.exec(clouds)?.[1] ?? '';
    expect(password.length).toBeGreaterThan(4);
    for (const entry of readdirSync(join(operator.root, '.tandem'), { recursive: true })) {
      const file = join(operator.root, '.tandem', String(entry));
      if (statSync(file).isFile() && statSync(file).size < 2_000_000)
        expect(readFileSync(file, 'latin1')).not.toContain(password);
    }
  });

  test('is destroyed, and nothing is left', async () => {
    await ok('destroy', stack, '--yes');
    expect(await inventory()).toEqual({ projects: 0 });
  });
});
