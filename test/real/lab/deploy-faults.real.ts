import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import type { Project } from '../../../lib/config/project.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import type { DeployEvent, DeployPorts } from '../../../lib/deploy/ports.ts';
import { deployPorts } from '../../../lib/deploy/real.ts';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { readCloudAccess } from '../../../lib/openstack-api/clouds-yaml.ts';
import { artefactName, type StackId } from '../../../lib/stack/id.ts';
import type { SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { sample } from '../../chaos.ts';
import { rootStack } from '../../lib/engines/terraform/root-stack.ts';
import { type Fault, type FaultProxy, REQUEST_ID, startFaultProxy } from '../support/fault-proxy.ts';
import { healthyLab } from '../support/lab.ts';

let root: string;
let proxy: FaultProxy;
let project: Project;
let ports: DeployPorts;
let direct: OpenStackClient;
let password = '';
let events: DeployEvent[] = [];

/** A checkout whose cloud is the lab, reached through the proxy. */
beforeAll(async () => {
  const lab = await healthyLab();
  proxy = await startFaultProxy();
  root = mkdtempSync(join(tmpdir(), 'tandem-faults-'));
  cpSync(join(import.meta.dirname, '../../../config'), join(root, 'config'), { recursive: true });
  rmSync(join(root, 'config/dev'), { recursive: true, force: true });
  const environment = { ...process.env, ...lab.environment };
  const access = readCloudAccess(lab.cloudName, environment, root);
  direct = OpenStackClient.open(access, { cloud: 'lab' });
  const through = (text: string): string => text.replaceAll(/http:\/\/127\.0\.0\.1:(\d+)/g, `${proxy.base}/$1`);
  const clouds = readFileSync(access.file, 'utf8');
  password = /password: *"?([^"\n]+)/.exec(clouds)?.[1] ?? '';
  writeFileSync(join(root, 'clouds.yaml'), through(clouds), { mode: 0o600 });
  const file = join(root, 'config/clouds/lab.yaml');
  const config = through(readFileSync(file, 'utf8')).replace(
    /clientConfig: .*/,
    `clientConfig: ${join(root, 'clouds.yaml')}`,
  );
  writeFileSync(file, config);
  const loaded = loadProject(directoryFiles(root));
  if (loaded.project === undefined) throw new Error(JSON.stringify(loaded.problems));
  project = loaded.project;
  const real = await deployPorts({ root, project, environment });
  // The waits between attempts are for clouds that need time to come back; this one does not.
  ports = { ...real, sleep: async () => undefined };
});

afterEach(() => {
  proxy.inject();
  events = [];
});

afterAll(async () => {
  await Promise.all(made.map((id) => run(id, true).catch(() => undefined)));
  await proxy.stop();
  rmSync(root, { recursive: true, force: true });
});

const made: StackId[] = [];

/** A project, a network in it and a security group with a rule: small, and of the kinds that leave traces. */
function stackOf(id: StackId): SynthesizedStack {
  const name = artefactName(id);
  const tags = [`stack=${name}`];
  const inside = { tenant_id: '${openstack_identity_project_v3.project.id}' };
  const described = { description: `network (acme, faults, ops@example.org, ${id})` };
  return rootStack(id, {
    terraform: {
      backend: { local: { path: `../../../.tandem/state/${id}.tfstate` } },
      required_providers: {
        openstack: { source: 'terraform-provider-openstack/openstack', version: '>= 1.54.1, < 4.0.0' },
      },
    },
    provider: { openstack: [{ cloud: 'lab', region: 'RegionOne' }] },
    resource: {
      openstack_identity_project_v3: { project: { name, tags } },
      openstack_networking_network_v2: { network: { name, tags, ...described, ...inside } },
      openstack_networking_secgroup_v2: { group: { name, tags, ...described, ...inside } },
      openstack_networking_secgroup_rule_v2: {
        rule: {
          ...{
            direction: 'ingress',
            ethertype: 'IPv4',
            protocol: 'tcp',
            port_range_min: 22,
            port_range_max: 22,
            ...inside,
          },
          ...{ remote_ip_prefix: '192.0.2.0/24', security_group_id: '${openstack_networking_secgroup_v2.group.id}' },
        },
      },
    },
  });
}

let count = 0;
function newStack(): StackId {
  const id: StackId = `openstack/lab/dev/fault${Date.now().toString(36)}${(count += 1)}`;
  made.push(id);
  return id;
}

async function run(id: StackId, destroy = false) {
  const options = { verb: 'deploy', signal: new AbortController().signal, confirm: async () => true };
  const targets = [{ stack: stackOf(id), destroy }];
  return deployStacks(ports, { project, targets }, { ...options, emit: (event) => void events.push(event) });
}

/** How many there are of each, as the cloud itself says. */
async function inventory(id: StackId) {
  const name = artefactName(id);
  const thing = z.object({ id: z.string() });
  const networks = await direct.list('network', `/networks?name=${name}`, 'networks', thing);
  const groups = await direct.list('network', `/security-groups?name=${name}`, 'security_groups', thing);
  const projects = await direct.list('identity', `/projects?name=${name}`, 'projects', thing);
  return { projects: projects.length, networks: networks.length, groups: groups.length };
}

const ONE_EACH = { projects: 1, networks: 1, groups: 1 };
const networks = { method: 'POST', path: /^9696\/v2\.0\/networks$/ } as const;
const projects = { method: 'POST', path: /^\d+\/v3\/projects$/ } as const;
const groups = { method: 'POST', path: /^9696\/v2\.0\/security-groups$/ } as const;
const rules = { method: 'POST', path: /^9696\/v2\.0\/security-group-rules$/ } as const;

const passing: readonly (readonly [string, Fault])[] = [
  ['a token is refused', { ...networks, times: 1, action: { answer: 401 } }],
  ['the API is overloaded', { ...networks, times: 2, action: { answer: 429, headers: { 'retry-after': '1' } } }],
  ['a service fails', { ...networks, times: 1, action: { answer: 500 } }],
  ['a service restarts', { ...networks, times: 2, action: { answer: 503 } }],
  ['a proxy gives up', { ...networks, times: 1, action: { answer: 504 } }],
  ['a connection drops', { ...networks, times: 1, action: 'drop' }],
  ['an answer is slow', { ...networks, times: 1, action: { delaySeconds: 5 } }],
  ['the answer about the mark is lost', { ...projects, times: 1, action: 'lose' }],
  ['the answers about the mark and the project are lost', { ...projects, times: 2, action: 'lose' }],
  ['the answer about a network is lost', { ...networks, times: 1, action: 'lose' }],
  ['the answer about a security group is lost', { ...groups, times: 1, action: 'lose' }],
  ['the answer about a rule is lost', { ...rules, times: 1, action: 'lose' }],
  ['reading fails', { method: 'GET', path: /^9696\/v2\.0\/networks\//, times: 1, action: { answer: 503 } }],
];

test.each(sample(passing, 5))('it finishes, and makes nothing twice, when %s', async (_name, fault) => {
  const id = newStack();
  proxy.inject(fault);
  await run(id);
  expect(proxy.hit.length).toBe(fault.times);
  expect(await inventory(id)).toEqual(ONE_EACH);
  proxy.inject();
  expect((await run(id)).stacks).toMatchObject([{ outcome: 'unchanged' }]);
});

const lasting: readonly (readonly [number, string])[] = [
  [400, 'fix the cause'],
  [403, 'forbids'],
  [409, 'does not own'],
  [503, 'request id'],
];

test.each(sample(lasting, 2))(
  'fails on a lasting %i with resource, request and next step, and finishes once that is over',
  async (status, next) => {
    const id = newStack();
    proxy.inject({ ...networks, times: 1000, action: { answer: status } });
    const error: unknown = await run(id).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'stack-failed',
      message: expect.stringMatching(/openstack_networking_network_v2\.network/),
      next: expect.stringContaining(next),
    });
    expect(String(error)).toContain(REQUEST_ID);
    proxy.inject();
    await run(id);
    expect(await inventory(id)).toEqual(ONE_EACH);
  },
);

test('leaves alone what has the name and is another’s', async () => {
  const id = newStack();
  const name = artefactName(id);
  const schema = z.object({ project: z.object({ id: z.string() }) });
  const { project: foreign } = await direct.post(
    'identity',
    '/projects',
    { project: { name, domain_id: 'default' } },
    schema,
  );
  await expect(run(id)).rejects.toMatchObject({ code: 'stack-failed', next: expect.stringContaining('does not own') });
  expect(await inventory(id)).toMatchObject({ projects: 1, networks: 0 });
  await direct.delete('identity', `/projects/${foreign.id}`);
  await run(id);
  expect(await inventory(id)).toEqual(ONE_EACH);
});

test('refuses credentials that lead elsewhere, before anything is touched', async () => {
  const id = newStack();
  const cloud = project.clouds.get('lab');
  if (cloud === undefined) throw new Error('no lab');
  const endpoint = { ...cloud.value.endpoint, project: 'production' };
  const aimed = { ...project, clouds: new Map([['lab', { ...cloud, value: { ...cloud.value, endpoint } }]]) };
  const elsewhere = await deployPorts({ root, project: aimed, environment: process.env });
  ports = { ...ports, engines: elsewhere.engines };
  await expect(run(id)).rejects.toMatchObject({ code: 'wrong-cloud' });
  ports = { ...ports, engines: (await deployPorts({ root, project, environment: process.env })).engines };
  expect(await inventory(id)).toEqual({ projects: 0, networks: 0, groups: 0 });
});

test('no file of the project but the credentials has the password', () => {
  expect(password.length).toBeGreaterThan(4);
  for (const entry of readdirSync(join(root, '.tandem'), { recursive: true })) {
    const file = join(root, '.tandem', String(entry));
    if (statSync(file).isFile() && statSync(file).size < 1_000_000)
      expect(readFileSync(file, 'latin1')).not.toContain(password);
  }
  expect(JSON.stringify(events)).not.toContain(password);
});
