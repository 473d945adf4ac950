import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consulFiles } from './support/consul-program.ts';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';
import { runs, SteadyWriter } from './support/steady-writer.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);
const key = Buffer.alloc(32, 7).toString('base64');
const password = 'ofTheApplication';
const secrets = {
  consul: { 'gossip-key': key },
  'consul-agent': { 'gossip-key': key },
  postgresql: { application: password },
};

const BLUEPRINT = `
description: A relational database whose members agree in Consul
parts:
  discovery: { blueprint: discovery }
tiers:
  database:
    image: debian-12
    flavor: small
    count: 3
    runs:
      consul-agent: { clients: [environment], servers: { tier: discovery-consul } }
      postgresql: { sharedBuffersMiB: 32 }
    volumes: { data: { sizeGiB: 2 } }
`;

interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly timeline: number;
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 360; tries += 1) {
    if (await isSo().catch(() => false)) return;
    await sleep(250);
  }
  throw new Error(`never: ${what}`);
}

async function clusterOf(server: FormedServer): Promise<readonly Member[]> {
  const answer = await fetch(`http://${server.address}:8008/cluster`, { signal: AbortSignal.timeout(3000) });
  return ((await answer.json()) as { members: Member[] }).members;
}

/** As an application connects: to whichever of the servers takes writes. */
class Application {
  readonly #servers: readonly FormedServer[];
  #client: Client | undefined;
  /** Who answered last. */
  server: FormedServer | undefined;

  constructor(servers: readonly FormedServer[]) {
    this.#servers = servers;
  }

  async query(text: string, values: unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    try {
      this.#client ??= await this.#connect();
      return (await this.#client.query(text, values)).rows as Record<string, unknown>[];
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  async #connect(): Promise<Client> {
    for (const server of this.#servers) {
      const client = await connection(server);
      if (client === undefined) continue;
      const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
      if (rows[0]?.standby === false) {
        this.server = server;
        return client;
      }
      await client.end();
    }
    throw new Error('no server takes writes');
  }

  async end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // What is cut off does not say goodbye.
    void client?.end().catch(() => undefined);
  }
}

async function connection(server: FormedServer): Promise<Client | undefined> {
  const client = new Client({
    host: server.address,
    user: 'app',
    database: 'app',
    password,
    connectionTimeoutMillis: 1000,
    query_timeout: 2000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch {
    return undefined;
  }
}

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('PostgreSQL in three zones', () => {
  let lease: FormedLease;
  let members: readonly FormedServer[] = [];
  let application: Application;

  beforeAll(async () => {
    lease = await formLease({ name: 'carol', yaml: BLUEPRINT, rootFiles: await consulFiles(), secrets });
    members = lease.ofTier('database');
    application = new Application(members);
    await lease.healthy();
    await until('it takes writes', async () => {
      await application.query('CREATE TABLE IF NOT EXISTS written (run int, number int, PRIMARY KEY (run, number))');
      return true;
    });
    await synchronous();
  });
  afterAll(async () => {
    await application.end();
    await lease.stop();
  });

  /** A standby has each commit before it is acknowledged, and all members follow one primary. */
  async function synchronous(): Promise<readonly Member[]> {
    let found: readonly Member[] = [];
    await until('a leader, a synchronous standby, and one more', async () => {
      found = await clusterOf(members[0] as FormedServer);
      const timelines = new Set(found.map(({ timeline }) => timeline));
      const roles = found.map(({ role }) => role).sort();
      return roles.join() === 'leader,replica,sync_standby' && timelines.size === 1;
    });
    return found;
  }

  it('has settings that Patroni and PostgreSQL take', async () => {
    for (const server of members) {
      // Its ports are taken, since it runs: nothing else may be wrong.
      const { stdout, stderr } = await server.exec(
        ['sh', '-c', 'cd / && patroni --validate-config /etc/patroni/config.yml'],
        { user: 'postgres' },
      );
      const wrong = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !/is already in use/.test(line));
      expect(wrong).toEqual([]);
      const command = ['/usr/lib/postgresql/15/bin/postgres', '-D', '/var/lib/postgresql/patroni/15', '-C'];
      expect(await server.must([...command, 'shared_buffers'], { user: 'postgres' })).toBe('4096\n');
    }
  });

  it('lets nobody in without a password, nor the superuser from elsewhere', async () => {
    const [server] = members as [FormedServer];
    for (const [user, given] of [
      ['app', 'wrong'],
      ['postgres', lease.secrets['postgresql']?.['superuser']],
    ] as const) {
      const client = new Client({ host: server.address, user, database: 'app', password: given });
      await expect(client.connect()).rejects.toThrow(/password authentication failed|no pg_hba.conf entry/);
    }
  });

  for (const run of runs(5))
    it(`loses its primary to a power cut, takes writes again, and has all that it acknowledged (run ${run})`, async () => {
      await synchronous();
      await application.query('SELECT 1');
      const primary = application.server as FormedServer;
      const writer = new SteadyWriter(async (number) => {
        await application.query('INSERT INTO written VALUES ($1, $2)', [run, number]);
      });
      await writer.more(100);
      await primary.kill();
      await writer.more(100);
      const written = await writer.stop();
      expect(application.server).not.toBe(primary);

      await primary.boot();
      await lease.healthy();
      const found = await synchronous();
      expect(found.find(({ name }) => name === primary.name)?.role).not.toBe('leader');
      // On every member, the one that was away among them.
      for (const server of members) {
        let lost: number[] = [];
        await until(`${server.name} has all`, async () => {
          const client = await connection(server);
          const { rows = [] } = (await client?.query('SELECT number FROM written WHERE run = $1', [run])) ?? {};
          await client?.end();
          const there = new Set((rows as { number: number }[]).map(({ number }) => number));
          lost = written.acknowledged.filter((number) => !there.has(number));
          return lost.length === 0;
        });
        expect(lost).toEqual([]);
      }
      process.stdout.write(
        `PostgreSQL, run ${run}: primary killed, ${written.acknowledged.length} acknowledged, 0 lost, longest gap ${written.longestGapMs} ms\n`,
      );
    });

  it('lets Patroni ask every member how far it has come', async () => {
    for (const server of members) {
      const said = await server.must(['journalctl', '--unit', 'patroni.service', '--no-pager']);
      expect(said).not.toContain('no pg_hba.conf entry for replication');
    }
  });

  it('goes on while Consul has no leader', async () => {
    await application.query('SELECT 1');
    const primary = application.server;
    const writer = new SteadyWriter(async (number) => {
      await application.query('INSERT INTO written VALUES (99, $1)', [number]);
    });
    await writer.more(10);
    const [one, two] = lease.ofTier('discovery-consul') as [FormedServer, FormedServer];
    await Promise.all([one.kill(), two.kill()]);
    // Twice as long as the primary may lead without its lock.
    await sleep(16_000);
    await writer.more(10);
    const { longestGapMs } = await writer.stop();
    expect(application.server).toBe(primary);
    await Promise.all([one.boot(), two.boot()]);
    await lease.healthy();
    process.stdout.write(`PostgreSQL without Consul's majority: longest gap ${longestGapMs} ms\n`);
  });

  it('is found by its name in Consul', async () => {
    const [consul] = lease.ofTier('discovery-consul') as [FormedServer];
    const primary = application.server as FormedServer;
    await until('Consul names the primary', async () => {
      const answer = await fetch(`http://${consul.address}:8500/v1/health/service/carol-database?passing&tag=master`);
      const found = (await answer.json()) as { Service: { Address: string } }[];
      return found.map(({ Service }) => Service.Address).join() === primary.address;
    });
  });

  it('keeps a backup that can be read', async () => {
    const server = members[1] as FormedServer;
    await server.must(['/usr/local/lib/tandem/bring-up', 'backup', '/root/kept']);
    const kept = await server.must(['zcat', '/root/kept/postgresql/postgresql.sql.gz']);
    expect(kept).toContain('CREATE TABLE public.written');
    expect(kept.trimEnd()).toMatch(/PostgreSQL database cluster dump complete\n--$/);
  });

  it('hands over the lead before a primary stops on purpose', async () => {
    await synchronous();
    await application.query('SELECT 1');
    const primary = application.server as FormedServer;
    const writer = new SteadyWriter(async (number) => {
      await application.query('INSERT INTO written VALUES (100, $1)', [number]);
    });
    await writer.more(20);
    await primary.must(['/usr/local/lib/tandem/bring-up', 'drain']);
    await writer.more(20);
    const { longestGapMs } = await writer.stop();
    expect(application.server).not.toBe(primary);
    await primary.must(['/usr/local/lib/tandem/bring-up', 'resume']);
    await lease.healthy();
    await synchronous();
    process.stdout.write(`PostgreSQL: switchover on purpose, longest gap ${longestGapMs} ms\n`);
  });

  it('takes another number of connections for the whole cluster', async () => {
    await lease.tell({ 'postgresql.max-connections': '150' }, members);
    await until('all members are told', async () => {
      const [server] = members as [FormedServer];
      const answer = await fetch(`http://${server.address}:8008/config`);
      const { postgresql } = (await answer.json()) as { postgresql: { parameters: { max_connections: number } } };
      return postgresql.parameters.max_connections === 150;
    });
  });
});
