import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretsByServer } from '../../../lib/components/boot-secrets.ts';
import { makeSecrets } from '../../../lib/deploy/boot-secrets/make.ts';
import { memorySecrets } from '../../lib/secrets/memory-secrets.ts';
import { consulFiles } from './support/consul-program.ts';
import { askRpc } from './support/consul-rpc.ts';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';
import { runs, SteadyWriter } from './support/steady-writer.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

/** One request to Consul. @throws where it does not answer with 200 within two seconds */
async function ask(server: FormedServer, path: string, options: RequestInit = {}): Promise<string> {
  const answer = await fetch(`http://${server.address}:8500/v1/${path}`, {
    ...options,
    signal: AbortSignal.timeout(2000),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.text();
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await isSo().catch(() => false)) return;
    await sleep(250);
  }
  throw new Error(`never: ${what}`);
}

/** The server that leads, as another one sees it. */
async function leaderOf(lease: FormedLease): Promise<FormedServer> {
  for (const server of lease.ofTier('consul')) {
    const said = await ask(server, 'status/leader').catch(() => '');
    const leader = lease.servers.find(({ address }) => said === `"${address}:8300"`);
    if (leader !== undefined) return leader;
  }
  throw new Error('nobody leads');
}

async function membersOf(server: FormedServer, ...options: string[]): Promise<string[][]> {
  const { stdout } = await server.exec(['consul', 'members', ...options]);
  const lines = stdout.trim().split('\n').slice(1);
  return lines.map((line) => line.split(/\s+/));
}

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)(
  'three servers of Consul in three zones',
  () => {
    let lease: FormedLease;
    const store = memorySecrets();

    beforeAll(async () => {
      lease = await formLease({ name: 'alice', blueprint: 'discovery', rootFiles: await consulFiles(), store });
      await lease.healthy();
    });
    afterAll(async () => {
      await lease.stop();
    });

    it('have settings that Consul takes', async () => {
      for (const server of lease.servers)
        expect(await server.must(['consul', 'validate', '/etc/consul.d'])).toContain('Configuration is valid!');
    });

    it('are one cluster, encrypted, a server a zone', async () => {
      expect(new Set(lease.servers.map(({ zone }) => zone)).size).toBe(3);
      const [first] = lease.servers;
      const members = await membersOf(first as FormedServer);
      expect(members.map(([name, , status, kind, version]) => [name, status, kind, version])).toEqual(
        [1, 2, 3].map((index) => [`alice-consul-${index}`, 'alive', 'server', '1.14.4']),
      );
      expect(await first?.must(['consul', 'info'])).toContain('encrypted = true');
      for (const file of ['gossip.hcl', 'key.pem'])
        expect(await first?.must(['stat', '-c', '%a %U', `/etc/consul.d/${file}`])).toBe('640 consul\n');
    });

    it('answer RPC by TLS as servers of their data centre, and nobody without a certificate', async () => {
      const [from, to] = lease.servers as [FormedServer, FormedServer];
      const client = { from, to, name: 'server.alice.consul' };
      const answered = await askRpc({ ...client, withOwn: true });
      expect(answered).toEqual({ serial: answered.serial, version: 'TLSv1.3' });
      expect((await askRpc({ ...client, withOwn: false })).refused).toContain('CERTIFICATE_REQUIRED');
      expect(await askRpc({ ...client, name: 'server.carol.consul', withOwn: true })).toEqual({
        refused: 'CERTIFICATE_VERIFY_FAILED',
      });
    });

    it('take a renewed certificate without a restart', async () => {
      const [to, from] = lease.servers as [FormedServer, FormedServer];
      const shown = async () => (await askRpc({ from, to, name: 'server.alice.consul', withOwn: true })).serial;
      const process = () => to.must(['systemctl', 'show', '--value', '--property=MainPID', 'consul']);
      const [before, started] = [await shown(), await process()];
      await store.remove('secret:lease/alice/consul/tls');
      const needs = secretsByServer('alice', lease.software);
      await makeSecrets({ lease: 'alice', store, needs, now: () => new Date() });
      await lease.giveSecrets();
      await until('the new one is shown', async () => (await shown()) !== before);
      expect(await process()).toBe(started);
      await lease.healthy();
    });

    for (const run of runs(5))
      it(`lose their leader to a power cut, acknowledge again, and have all that they acknowledged (run ${run})`, async () => {
        const leader = await leaderOf(lease);
        const others = lease.servers.filter((server) => server !== leader);
        let at = 0;
        const writer = new SteadyWriter(async (number) => {
          try {
            await ask(others[at % 2] as FormedServer, `kv/run-${run}/${number}`, {
              method: 'PUT',
              body: String(number),
            });
          } catch (error) {
            at += 1;
            throw error;
          }
        });
        await writer.more(100);
        await leader.kill();
        await writer.more(100);
        const written = await writer.stop();
        expect(await leaderOf(lease)).not.toBe(leader);

        await leader.boot();
        await lease.healthy();
        // From the one that was away, without asking the leader: it has caught up.
        let lost: number[] = [];
        await until('the lost server has all', async () => {
          const keys = new Set(JSON.parse(await ask(leader, `kv/run-${run}/?keys&stale`)) as string[]);
          lost = written.acknowledged.filter((number) => !keys.has(`run-${run}/${number}`));
          return lost.length === 0;
        });
        expect(lost).toEqual([]);
        process.stdout.write(
          `Consul, run ${run}: leader killed, ${written.acknowledged.length} acknowledged, 0 lost, longest gap ${written.longestGapMs} ms\n`,
        );
      });

    it('keep a backup', async () => {
      const [server] = lease.servers;
      await server?.must(['/usr/local/lib/tandem/bring-up', 'backup', '/root/kept']);
      expect(await server?.must(['consul', 'snapshot', 'inspect', '/root/kept/consul/consul.snap'])).toContain('KVS');
    });

    it('hand over the lead before one of them stops on purpose', async () => {
      const leader = await leaderOf(lease);
      const [other] = lease.servers.filter((server) => server !== leader);
      await leader.must(['/usr/local/lib/tandem/bring-up', 'drain']);
      await until('another one leads', async () => (await leaderOf(lease)) !== leader);
      expect((await membersOf(other as FormedServer)).find(([name]) => name === leader.name)?.[2]).toBe('left');
      await leader.must(['/usr/local/lib/tandem/bring-up', 'resume']);
      await lease.healthy();
    });
  },
);

/** One server of a data centre that others join, or not. */
const single = (trust: string, wan: readonly string[] = []) => `
description: A data centre
tiers:
  consul:
    image: debian-12
    flavor: small
    runs:
      consul: { clients: [environment], wan: ${JSON.stringify(wan)}, trust: ${trust} }
`;

/** A cache, its agent, and servers of another data centre that know the first. */
const other = (wan: readonly string[]) => `
description: A data centre beside another one
tiers:
  consul:
    image: debian-12
    flavor: small
    runs:
      consul: { clients: [environment], wan: ${JSON.stringify(wan)}, trust: shared }
  cache:
    image: debian-12
    flavor: small
    count: 2
    survives: server
    runs:
      memcached: { clients: [environment], memoryMiB: 64 }
      consul-agent:
        clients: [environment]
        servers: { tier: consul }
        services: [{ name: cache, port: 11211 }]
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('two data centres', () => {
  const leases: FormedLease[] = [];

  beforeAll(async () => {
    const rootFiles = await consulFiles();
    // As of one project.
    const store = memorySecrets();
    leases.push(await formLease({ name: 'alice', yaml: single('shared'), rootFiles, store }));
    const wan = (leases[0]?.servers ?? []).map(({ address }) => address);
    leases.push(await formLease({ name: 'carol', yaml: other(wan), rootFiles, store }));
    leases.push(await formLease({ name: 'dave', yaml: single('another', wan), rootFiles, store }));
    for (const lease of leases) await lease.healthy();
  });
  afterAll(async () => {
    for (const lease of leases) await lease.stop();
  });

  it('are joined, and list what the other one has', async () => {
    const [alice, carol] = leases as [FormedLease, FormedLease];
    const [asked] = alice.servers as [FormedServer];
    await until('both are known', async () => (await membersOf(asked, '-wan')).length === 2);
    expect(JSON.parse(await ask(asked, 'catalog/datacenters'))).toEqual(['alice', 'carol']);
    await until('both caches are well', async () => {
      const found = JSON.parse(await ask(asked, 'health/service/cache?passing&dc=carol')) as unknown[];
      return found.length === 2;
    });
    const found = JSON.parse(await ask(asked, 'catalog/service/cache?dc=carol')) as { ServiceAddress: string }[];
    expect(found.map(({ ServiceAddress }) => ServiceAddress).sort()).toEqual(
      carol.ofTier('cache').map(({ address }) => address),
    );
    expect(await ask(asked, 'catalog/service/cache')).toBe('[]');
  });

  it('ask each other by TLS of one authority', async () => {
    const [alice, carol] = leases as [FormedLease, FormedLease];
    const [from, to] = [alice.server('consul', 1), carol.server('consul', 1)];
    expect((await askRpc({ from, to, name: 'server.carol.consul', withOwn: true })).refused).toBeUndefined();
    expect((await askRpc({ from, to, name: 'server.carol.consul', withOwn: false })).refused).toBeDefined();
  });

  it('know nothing of a third one that has another key and another authority', async () => {
    const [alice, , dave] = leases as [FormedLease, FormedLease, FormedLease];
    const [to, from] = [alice.server('consul', 1), dave.server('consul', 1)];
    const said = async (server: FormedServer) =>
      (await server.exec(['journalctl', '-u', 'consul', '-o', 'cat'])).stdout;
    await until('it was refused', async () => /wan.*No installed keys could decrypt/i.test(await said(to)));
    expect((await membersOf(from, '-wan')).map(([name]) => name)).toEqual(['dave-consul-1.dave']);
    expect((await membersOf(to, '-wan')).map(([name]) => name)).not.toContain('dave-consul-1.dave');
    expect(await askRpc({ from, to, name: 'server.alice.consul', withOwn: true })).toEqual({
      refused: 'CERTIFICATE_VERIFY_FAILED',
    });
  });

  it('leave out of their answers what does not answer its check', async () => {
    const [alice, carol] = leases as [FormedLease, FormedLease];
    const [asked] = alice.servers as [FormedServer];
    const [one, two] = carol.ofTier('cache') as [FormedServer, FormedServer];
    const passing = async () => {
      const found = JSON.parse(await ask(asked, 'health/service/cache?passing&dc=carol')) as {
        Service: { Address: string };
      }[];
      return found.map(({ Service }) => Service.Address).sort();
    };
    await one.must(['systemctl', 'mask', '--runtime', '--now', 'memcached.service']);
    await until('it is left out', async () => (await passing()).join() === two.address);
    await one.must(['systemctl', 'unmask', '--runtime', 'memcached.service']);
    await until('it is back', async () => (await passing()).length === 2);
  });
});
