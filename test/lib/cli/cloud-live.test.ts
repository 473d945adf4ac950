import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { FakeMaintainedCloud } from '../cloud-operations/maintenance/fake-cloud.ts';
import { expected } from '../private-cloud/status/cloud.ts';
import { tandemInProcess } from './in-process.ts';

/**
 * The command line with its real adapters: `ansible` is a program that asks the cloud in memory what hosts say, and the APIs are answered
 * by it, in the shapes in which OpenStack's documentation has them.
 */
const PARIS = 'https://paris.acme.example.org:5000';
const never = new AbortController().signal;
const gateways = ['network-a-1', 'network-b-1', 'network-c-1'];
let world: FakeMaintainedCloud;
let root = '';
const server = createServer((request, response) => {
  void answer(request).then(([status, body, headers]) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
});

type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

async function answer(request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
  const said = await text(request);
  const body = (said === '' ? {} : JSON.parse(said)) as Record<string, unknown>;
  if (pathname === '/ansible') return await ansible(body as unknown as Asked);
  if (pathname.endsWith('/auth/tokens')) return [201, { token: tokenOf() }, { 'x-subject-token': 't' }];
  const { api } = world.ports;
  const host = searchParams.get('host') ?? undefined;
  const services = (await api.computeServices(never)).map(({ host, isUp, isEnabled, disabledReason }) => ({
    ...{ id: host, binary: 'nova-compute', host, zone: 'x', state: isUp ? 'up' : 'down' },
    ...{ status: isEnabled ? 'enabled' : 'disabled', disabled_reason: disabledReason ?? null },
  }));
  const live = world.live();
  const changed = /^\/compute\/os-services\/(.+)$/.exec(pathname)?.[1];
  if (request.method === 'PUT' && changed !== undefined) {
    if (body['status'] === 'enabled') await api.enable(changed, never);
    else await api.disable(changed, String(body['disabled_reason']), never);
    return [200, {}];
  }
  switch (pathname) {
    case '/compute/os-services':
      return [200, { services }];
    case '/compute/servers/detail': {
      const flavor = { vcpus: 1, ram: 1024, disk: 1 };
      const servers = live.servers.filter((each) => host === undefined || each.host === host);
      return [
        200,
        {
          servers: servers.map((each) => ({
            ...{ id: each.id, name: each.name, status: 'ACTIVE', flavor },
            ...{ 'OS-EXT-SRV-ATTR:host': each.host, 'OS-EXT-AZ:availability_zone': each.zone },
          })),
        },
      ];
    }
    case '/compute/os-server-groups':
      return [200, { server_groups: [] }];
    case '/compute/os-aggregates':
      return [200, { aggregates: live.hosts.map(({ name, zone }) => ({ hosts: [name], availability_zone: zone })) }];
    case '/placement/resource_providers':
      return [200, { resource_providers: live.hosts.map(({ name }) => ({ uuid: name, name })) }];
    case '/placement/allocation_candidates': {
      const room = (capacity: number) => ({ capacity, used: 0 });
      const resources = { VCPU: room(64), MEMORY_MB: room(65_536), DISK_GB: room(1000) };
      return [200, { provider_summaries: Object.fromEntries(live.hosts.map(({ name }) => [name, { resources }])) }];
    }
    case '/network/v2.0/agents': {
      const agents = expected.chassis.map((each) => ({ id: each, host: each, agent_type: 'OVN', alive: true }));
      return [200, { agents }];
    }
    default:
      return [404, {}];
  }
}

function tokenOf(): object {
  const catalog = ['compute', 'placement', 'network'].map((type) => ({
    ...{ type, name: type },
    endpoints: [{ interface: 'public', region_id: 'RegionOne', region: 'RegionOne', url: `${PARIS}/${type}` }],
  }));
  return {
    ...{ expires_at: '2999-01-01T00:00:00Z', user: { id: 'u', name: 'admin' }, catalog },
    ...{ project: { id: 'p', name: 'admin' }, roles: [{ name: 'admin' }] },
  };
}

interface Asked {
  readonly hosts: readonly string[];
  readonly module: string;
  readonly argv?: readonly string[];
}

/** What each host says, as the tree callback writes it. */
async function ansible({ hosts, module, argv = [] }: Asked): Promise<Answer> {
  if (module === 'ansible.builtin.reboot') {
    await world.ports.power.reboot(hosts, never);
    return [200, {}];
  }
  const asked = JSON.parse(argv[3] ?? '{}') as Record<
    string,
    { container?: string; argv: string[]; seconds: number }[]
  >;
  const commands = Object.entries(asked).flatMap(([host, own]) => own.map((each) => ({ host, ...each })));
  const found = await world.surveys.survey(hosts, commands, never);
  const said = hosts.map((host) => {
    const survey = found.get(host);
    return [host, survey === undefined ? { unreachable: true } : { rc: 0, stdout: JSON.stringify(survey) }] as const;
  });
  return [200, Object.fromEntries(said)];
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tandem-live-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string | URL, init?: RequestInit) => {
    const { pathname, search } = new URL(url);
    return real(`http://127.0.0.1:${port}${pathname}${search}`, init);
  });
  const auth = `{ auth_url: "${PARIS}/v3", username: admin, password: p, project_name: admin, user_domain_name: Default, project_domain_name: Default }`;
  writeFileSync(join(root, 'clouds.yaml'), `clouds:\n  paris:\n    auth: ${auth}\n    region_name: RegionOne\n`);
  const program = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const after = (flag) => process.argv[process.argv.indexOf(flag) + 1];
const [hosts, args] = [process.argv[2].split(','), JSON.parse(after('--args'))];
const body = JSON.stringify({ hosts, module: after('--module-name'), argv: args.argv });
fetch('http://127.0.0.1:${port}/ansible', { method: 'POST', body }).then((answer) => answer.json()).then((said) => {
  for (const [host, one] of Object.entries(said)) writeFileSync(after('--tree') + '/' + host, JSON.stringify(one));
});
`;
  writeFileSync(join(root, 'ansible'), program);
  chmodSync(join(root, 'ansible'), 0o755);
  vi.stubEnv('TANDEM_KOLLA_ANSIBLE', join(root, 'kolla-ansible'));
  vi.stubEnv('OS_CLIENT_CONFIG_FILE', join(root, 'clouds.yaml'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  server.close();
  rmSync(root, { recursive: true, force: true });
});

const run = async (...args: readonly string[]) => await tandemInProcess(root, ['cloud', ...args]);
const sound = () => new FakeMaintainedCloud(expected, gateways, { hosts: [], servers: [] });

describe('a live cloud from the command line', () => {
  it('is as its configuration says but for certificates, which are nowhere here, and then is not', async () => {
    world = sound();
    const otherThan = async (area: string) => {
      const { stdout, code } = await run('status', 'paris', '--detailed-exitcode', '--json');
      expect(code).toBe(2);
      const { differences } = JSON.parse(stdout) as { differences: { area: string; subject: string }[] };
      return differences.filter((each) => each.area !== area);
    };
    expect(await otherThan('certificates')).toEqual([]);
    expect(world.surveys.runs).toHaveLength(1);
    Object.assign(world.hosts.get('database-b-1') ?? {}, { isOff: true });
    expect(await otherThan('certificates')).toEqual([
      { area: 'hosts', subject: 'database-b-1', expected: 'answers', found: 'does not answer' },
    ]);
    expect((await run('status', 'paris')).code).toBe(0);
  });

  it('restarts hosts, and leaves those to the operator that Tandem does not reach', async () => {
    world = sound();
    const hosts = ['queue-a-1', 'network-a-1', 'compute-a-1', 'storage-a-1', 'monitoring-a-1'];
    const done = await run('maintain', ...hosts, '--cloud', 'paris', '--run', '--reboot', '--yes', '--json');
    expect(done.stderr).not.toContain('error');
    expect(JSON.parse(done.stdout)).toMatchObject({
      ...{ format: 'tandem.cloud-maintain/1', outcome: 'done', left: ['storage-a-1', 'monitoring-a-1'] },
      groups: [{ hosts: ['queue-a-1', 'network-a-1', 'compute-a-1'] }],
    });
    for (const [name, { boots, offered, hasMark }] of world.hosts) {
      expect(boots, name).toBe(['queue-a-1', 'network-a-1', 'compute-a-1'].includes(name) ? 1 : 0);
      expect([offered !== '', hasMark], name).toEqual([gateways.includes(name), false]);
    }
    expect(world.services.get('compute-a-1')).toEqual({ isEnabled: true, reason: undefined });
    expect((await run('maintain', '--cloud', 'paris', '--give-back', '--yes')).stderr).toContain(
      'nothing-to-give-back',
    );
  });

  it('fails without a terminal where the operator is to be waited for, and gives back', async () => {
    world = sound();
    const stopped = await run('maintain', 'compute-b-1', '--cloud', 'paris', '--run', '--yes');
    expect(stopped.stderr).toContain('error maintenance-needs-operator');
    expect(world.services.get('compute-b-1')?.isEnabled).toBe(false);
    const other = await run('maintain', 'compute-c-1', '--cloud', 'paris', '--run', '--reboot', '--yes');
    expect(other.stderr).toContain('error maintenance-unfinished');
    const back = await run('maintain', '--cloud', 'paris', '--give-back', '--yes');
    expect(back.stdout).toBe('paris: what was out of service is back, as it was\n');
    expect(world.services.get('compute-b-1')?.isEnabled).toBe(true);
  });
});
