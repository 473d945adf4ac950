import { spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Place, takePlace } from '../../../lab/servers/place.ts';
import { aptInstall, FORM_FOLDER, installedRoot, whyNoForming } from '../../../lab/servers/roots.ts';
import { FormedServer } from '../../../lab/servers/server.ts';
import { consulParameters } from '../../../lib/aws/consul-access.ts';
import { consulBootstrap } from '../../../lib/aws/consul-node.ts';
import { workerBootstrap } from '../../../lib/aws/worker-bootstrap.ts';
import { CONSUL } from '../../../lib/components/consul/install.ts';
import type { LinkDiscovery } from '../../../lib/config/link/discovery.ts';
import { makeSecrets, valuesOf } from '../../../lib/deploy/boot-secrets/make.ts';
import { consulFilesOf } from '../../../stacks/aws/consul-files.ts';
import { secretsOf } from '../../../stacks/aws/link-discovery.ts';
import { memorySecrets } from '../../lib/secrets/memory-secrets.ts';
import { consulFiles } from './support/consul-program.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

const NAME = 'acme-staging';
const REGION = 'eu-west-3';
const KEY = 'tandem-consul.zip';
const ASKED: LinkDiscovery = {
  // Nobody of the other side answers.
  cloud: { datacenter: 'lab', addresses: ['10.202.0.9'], flavor: 'small' },
  environment: { datacenter: 'staging', instanceType: 't3.small' },
  trust: 'link-main',
  servers: 3,
};
type Role = 'server' | 'client';

/** Consul, packed as its makers do. */
async function archive(): Promise<{ readonly file: string; readonly sha256: string }> {
  const [program = ''] = Object.values(await consulFiles());
  const file = join(FORM_FOLDER, 'programs', 'consul.zip');
  if (!existsSync(file)) {
    mkdirSync(join(FORM_FOLDER, 'programs'), { recursive: true });
    const work = mkdtempSync(join(tmpdir(), 'tandem-zip-'));
    const script = `import sys, zipfile; zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED, compresslevel=1).write(sys.argv[1], "consul")`;
    const { status, stderr } = spawnSync('python3', ['-c', script, program, join(work, 'consul.zip')], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    spawnSync('cp', [join(work, 'consul.zip'), `${file}.new`]);
    renameSync(`${file}.new`, file);
    rmSync(work, { recursive: true });
  }
  return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}

/** So long ago that certificates of then are valid, and are renewed by whoever deploys today. */
const EARLIER = new Date(Date.now() - 500 * 86_400_000);

async function until(what: string, isSo: () => Promise<boolean>, seconds = 240): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < seconds * 1000) {
    if (await isSo().catch(() => false)) return (performance.now() - began) / 1000;
    await sleep(500);
  }
  throw new Error(`never: ${what}`);
}

/** User data of instances, on servers of this machine with Debian's systemd; the command line of AWS answers from files. */
describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('instances that run Consul', () => {
  let place: Place;
  let servers: FormedServer[];
  let worker: FormedServer;
  let sha256: string;
  const store = memorySecrets();
  const all = () => [...servers, worker];

  const secretsAt = async (role: Role, now: Date): Promise<string> => {
    const { folder, needs } = secretsOf(ASKED, 'main')[role];
    const props = { lease: 'link', folder, store, needs: { [role]: needs }, now: () => now };
    await makeSecrets(props);
    return JSON.stringify(Object.assign({}, ...Object.values(await valuesOf(props, needs))));
  };
  const put = async (server: FormedServer, name: string, content: string) => {
    const path = `/srv/aws/parameters${name}`;
    await server.must(['sh', '-euc', `mkdir -p "$(dirname ${path})"; cat >${path}.new; mv ${path}.new ${path}`], {
      input: content,
    });
  };
  /** As a deployment leaves them. */
  const tell = async (change: (text: string) => string = (text) => text, now = EARLIER) => {
    const addresses = servers.map(({ address }) => address);
    const files = consulFilesOf(ASKED, NAME, addresses.map((each) => `"${each}"`).join(', '));
    for (const role of ['server', 'client'] as const) {
      const { settings, secrets } = consulParameters(NAME, role);
      const said = { format: 'tandem.consul/1', archive: { bucket: 'assets', key: KEY, sha256 }, secrets };
      const text = change(JSON.stringify({ ...said, servers: addresses, files: files[role] }));
      for (const server of role === 'server' ? servers : [worker]) {
        await put(server, secrets, await secretsAt(role, now));
        await put(server, settings, text);
      }
    }
  };
  const follow = (server: FormedServer) => server.exec(['systemctl', 'start', 'tandem-consul-follow.service']);
  const consul = (server: FormedServer, ...words: string[]) => server.must(['/opt/tandem/bin/consul', ...words]);
  const voters = async (server: FormedServer): Promise<number> =>
    (await consul(server, 'operator', 'raft', 'list-peers')).match(/ (leader|follower) +true /g)?.length ?? 0;
  const pidOf = async (server: FormedServer): Promise<string> =>
    (await server.must(['systemctl', 'show', '--property=MainPID', 'tandem-consul.service'])).trim();

  beforeAll(async () => {
    const packed = await archive();
    sha256 = packed.sha256;
    const script = `${aptInstall('python3', 'systemd-resolved')}\nchmod 0755 /usr/local/bin/aws\nrm /etc/resolv.conf\n: >/etc/resolv.conf\n`;
    const lower = await installedRoot(script, {
      '/usr/local/bin/aws': join(import.meta.dirname, 'support/aws-stand-in.py'),
      [`/srv/aws/objects/${KEY}`]: packed.file,
    });
    place = await takePlace();
    const made = ['one', 'two', 'three', 'worker'].map(
      (name, at) =>
        new FormedServer(place, { name: `ip-${name}`, tier: 'aws', index: at + 1, zone: 'a', at, lower, volumes: {} }),
    );
    [servers, worker] = [made.slice(0, 3), made[3] as FormedServer];
    for (const server of all()) {
      await server.make();
      await server.boot();
    }
    for (const server of all()) {
      const role: Role = server === worker ? 'client' : 'server';
      const props = { role, region: REGION, parameterName: consulParameters(NAME, role).settings };
      const userData =
        role === 'server'
          ? consulBootstrap(props)
          : workerBootstrap({ parameterName: `/tandem/${NAME}/worker`, region: REGION, consul: props });
      await server.must(['bash', '-eu'], { input: userData });
    }
  });
  afterAll(async () => {
    for (const server of all()) await server.end();
    await place.free();
  });

  it('wait for what they run, and then elect a leader', async () => {
    await until('it says that it waits', async () => (await servers[0]!.journal(200)).includes('not yet: '));
    await tell();
    const seconds = await until('three voters', async () => (await voters(servers[0]!)) === 3);
    process.stdout.write(`from the parameters to three voters: ${seconds.toFixed(1)} s\n`);
    expect((await servers[0]!.exec(['stat', '-c', '%a %U:%G', '/etc/consul.d/gossip.hcl'])).stdout).toBe(
      '640 root:consul\n',
    );
    expect(await servers[0]!.exec(['test', '-e', CONSUL])).toMatchObject({ code: 1 });
  });

  it('register a worker, whose node is its health, and answer its name on the worker', async () => {
    const nodes = () => consul(servers[1]!, 'catalog', 'nodes', `-service=${NAME}`);
    await until('the worker is registered', async () => (await nodes()).includes(`ip-worker`));
    expect(await nodes()).toContain(worker.address);
    const name = `${NAME}.service.staging.consul`;
    await until('its name is answered', async () =>
      (await worker.must(['resolvectl', 'query', name])).includes(worker.address),
    );
  });

  it('go on with what they had while AWS does not answer', async () => {
    const { settings } = consulParameters(NAME, 'client');
    await worker.must(['mv', `/srv/aws/parameters${settings}`, '/srv/aws/hidden']);
    await worker.must(['systemctl', 'restart', 'tandem-consul.service']);
    expect(await worker.journal(60)).toContain('goes on with what it had');
    await until('it is a member', async () => (await consul(servers[0]!, 'members')).includes('ip-worker'));
    await worker.must(['mv', '/srv/aws/hidden', `/srv/aws/parameters${settings}`]);
  });

  it('take a renewed certificate without a restart', async () => {
    const before = await pidOf(servers[0]!);
    const shown = async () =>
      new X509Certificate(await servers[0]!.must(['cat', '/etc/consul.d/certificate.pem'])).fingerprint256;
    const old = await shown();
    await tell((text) => text, new Date());
    await follow(servers[0]!);
    expect(await shown()).not.toBe(old);
    expect(await pidOf(servers[0]!)).toBe(before);
    for (const server of all()) await follow(server);
    expect(await voters(servers[0]!)).toBe(3);
  });

  it('follow other settings one server after another, and never without a majority', { timeout: 900_000 }, async () => {
    const before = new Map(await Promise.all(servers.map(async (each) => [each.name, await pidOf(each)] as const)));
    await tell((text) => text.replace('raft_multiplier = 1', 'raft_multiplier = 2'), new Date());
    let fewest = 3;
    const seconds = await until(
      'all have restarted',
      async () => {
        await Promise.all(servers.map(follow));
        const states = await Promise.all(servers.map(async (each) => (await pidOf(each)) !== 'MainPID=0'));
        fewest = Math.min(fewest, states.filter(Boolean).length);
        const now = await Promise.all(servers.map(async (each) => (await pidOf(each)) !== before.get(each.name)));
        return now.every(Boolean) && (await voters(servers[0]!)) === 3;
      },
      600,
    );
    process.stdout.write(
      `three servers followed within ${seconds.toFixed(0)} s; never fewer than ${fewest} were running\n`,
    );
    expect(fewest).toBeGreaterThanOrEqual(2);
    for (const server of servers)
      expect(await server.must(['cat', '/etc/consul.d/consul.hcl'])).toContain('raft_multiplier = 2');
  });

  it('are joined by an instance that takes the place of one, with its address and nothing else', async () => {
    const [, second] = servers as [FormedServer, FormedServer];
    await consul(servers[0]!, 'kv', 'put', 'kept', 'yes');
    await second.must(['systemctl', 'stop', 'tandem-consul.service']);
    await second.must(['rm', '-rf', '/var/lib/consul', '/etc/consul.d', '/opt/tandem/bin']);
    await second.kill();
    await second.boot();
    const seconds = await until('three voters', async () => (await voters(servers[0]!)) === 3);
    process.stdout.write(`from the boot of its successor to three voters: ${seconds.toFixed(1)} s\n`);
    expect(await consul(second, 'kv', 'get', 'kept')).toBe('yes\n');
  });

  it('fetch nothing with another checksum', async () => {
    await worker.must(['sh', '-c', `echo other >/srv/aws/objects/${KEY}; rm /opt/tandem/bin/consul.sha256`]);
    await worker.exec(['systemctl', 'restart', '--no-block', 'tandem-consul.service']);
    await until('it says why', async () => (await worker.journal(60)).includes('has another checksum than'));
    expect(
      (await worker.must(['systemctl', 'show', '--property=ActiveState', 'tandem-worker.service'])).trim(),
    ).not.toBe('ActiveState=failed');
  });
});
