import { type ChildProcess, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSecrets, valuesOf } from '../../../lib/deploy/boot-secrets/make.ts';
import { consulFilesOf } from '../../../stacks/aws/consul-files.ts';
import { secretsOf } from '../../../stacks/aws/link-discovery.ts';
import { memorySecrets } from '../../lib/secrets/memory-secrets.ts';
import { consulFiles } from '../form/support/consul-program.ts';

const NAME = 'acme-staging';
const SERVERS = ['127.0.0.11', '127.0.0.12', '127.0.0.13'];
const WORKER = '127.0.0.14';
const ASKED = {
  // Nobody of the other side answers.
  cloud: { datacenter: 'lab', addresses: ['127.0.0.99'], flavor: 'small' },
  environment: { datacenter: 'staging', instanceType: 't3.small' },
  ...{ trust: 'link-main', servers: SERVERS.length },
};

async function until(what: string, isSo: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < 120_000) {
    if (await isSo().catch(() => false)) return (performance.now() - began) / 1000;
    await sleep(250);
  }
  throw new Error(`never: ${what}`);
}

/** The settings and secrets of instances on AWS, in the real Consul, each on an address of loopback: HTTP and DNS too, which an instance has for itself. */
describe('Consul with the settings of instances on AWS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-consul-'));
  const running = new Map<string, ChildProcess>();
  const store = memorySecrets();
  let program: string;

  const start = async (address: string, role: 'server' | 'client'): Promise<void> => {
    const own = join(folder, address);
    mkdirSync(join(own, 'data'), { recursive: true });
    const { folder: kept, needs } = secretsOf(ASKED, 'main')[role];
    const props = { lease: 'link', folder: kept, needs: { [role]: needs }, store, now: () => new Date() };
    await makeSecrets(props);
    const values = Object.assign({}, ...Object.values(await valuesOf(props, needs))) as Record<string, string>;
    const addresses = SERVERS.map((each) => `"${each}"`).join(', ');
    for (const { path, content } of consulFilesOf(ASKED, NAME, addresses)[role]) {
      const text = content
        .replaceAll(/@\{secret ([\w.-]+)\}/g, (_, name: string) => values[name] ?? '')
        .replaceAll('@{name}', `ip-${address.replaceAll('.', '-')}`)
        .replaceAll('@{address}', address)
        .replaceAll('client_addr = "127.0.0.1"', `client_addr = "${address}"`)
        .replaceAll('/var/lib/consul', join(own, 'data'))
        .replaceAll('/etc/consul.d', own);
      writeFileSync(path.replace('/etc/consul.d', own), text);
    }
    const child = spawn(program, ['agent', `-config-dir=${own}`], { stdio: 'ignore', env: {} });
    running.set(address, child);
  };
  const stop = async (address: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const child = running.get(address);
    running.delete(address);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const ask = async (address: string, path: string, init: RequestInit = {}): Promise<unknown> =>
    (await fetch(`http://${address}:8500/v1/${path}`, { ...init, signal: AbortSignal.timeout(3000) })).json();
  /** Address (with port) to the id of every server that votes. An id is of one life of a server: a successor has another. */
  const votersOf = async (address: string): Promise<Map<string, string>> => {
    const { Servers } = (await ask(address, 'operator/raft/configuration')) as {
      Servers: { ID: string; Address: string; Voter: boolean }[];
    };
    return new Map(Servers.filter(({ Voter }) => Voter).map((each) => [each.Address, each.ID]));
  };
  const voters = async (address: string): Promise<number> => (await votersOf(address)).size;

  beforeAll(async () => {
    program = Object.values(await consulFiles())[0] ?? '';
    for (const address of SERVERS) await start(address, 'server');
    await start(WORKER, 'client');
  });
  afterAll(async () => {
    for (const address of [...running.keys()]) await stop(address, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  test('three servers elect a leader', async () => {
    const seconds = await until('three voters', async () => (await voters(SERVERS[0]!)) === 3);
    process.stdout.write(`from the start of four agents to three voters: ${seconds.toFixed(1)} s\n`);
    expect(await ask(SERVERS[0]!, 'status/leader')).toMatch(/^127\.0\.0\.1[123]:8300$/);
  });

  test('a worker is the service of its cluster, and answers its name', async () => {
    const resolver = new Resolver({ timeout: 1000, tries: 1 });
    resolver.setServers([`${WORKER}:8600`]);
    const name = `${NAME}.service.staging.consul`;
    await until('its name is answered', async () => (await resolver.resolve4(name)).includes(WORKER));
    const nodes = (await ask(SERVERS[1]!, `catalog/service/${NAME}`)) as { Node: string; Address: string }[];
    expect(nodes.map(({ Node, Address }) => [Node, Address])).toEqual([['ip-127-0-0-14', WORKER]]);
  });

  test('a server that is told to end leaves, and its successor at its address has what the others have', async () => {
    const [first = '', second = ''] = SERVERS;
    await ask(first, 'kv/kept', { method: 'PUT', body: 'yes' });
    await stop(second, 'SIGTERM');
    await until('two are left', async () => (await voters(first)) === 2);
    rmSync(join(folder, second), { recursive: true });
    await start(second, 'server');
    const seconds = await until('three voters', async () => (await voters(first)) === 3);
    process.stdout.write(`from the start of a successor to three voters: ${seconds.toFixed(1)} s\n`);
    await until('it has the value', async () => {
      const [found] = (await ask(second, 'kv/kept?stale')) as { Value: string }[];
      return found?.Value === Buffer.from('yes').toString('base64');
    });
  });

  test('a server that lost its power is replaced by a successor at its address as well', async () => {
    const [first = '', , third = ''] = SERVERS;
    const before = await votersOf(first);
    await stop(third, 'SIGKILL');
    rmSync(join(folder, third), { recursive: true });
    await start(third, 'server');
    // Autopilot's picture is two seconds old: for a moment the dead server is in it, healthy and voting.
    await until('it votes', async () => {
      const now = await votersOf(first);
      return now.size === 3 && now.get(`${third}:8300`) !== before.get(`${third}:8300`);
    });
    await until(
      'all are healthy',
      async () => ((await ask(first, 'operator/autopilot/health')) as { Healthy: boolean }).Healthy,
    );
    expect((await votersOf(first)).get(`${SERVERS[1]}:8300`)).toBe(before.get(`${SERVERS[1]}:8300`));
  });
});
