import { setTimeout as sleep } from 'node:timers/promises';
import { Client, policies, types } from 'cassandra-driver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cassandra } from '../../../lib/components/cassandra/component.ts';
import { isWhole } from '../../chaos.ts';
import { type FormedLease, formLease, whyNoForming } from './support/formation.ts';
import { saysWritten, writeWhile } from './writes.ts';

const reason = whyNoForming();
const RUNS = isWhole ? 5 : 1;
const QUORUM = { consistency: types.consistencies.quorum, prepare: true, isIdempotent: true };
/** A change of the schema is asked of one node, once. */
const SCHEMA = { prepare: false, isIdempotent: false };

const BLUEPRINT = `
description: Three nodes, as small as they start
tiers:
  cassandra:
    image: debian-12
    flavor: small
    count: 3
    runs:
      cassandra: { heapMiB: 400, clients: [environment] }
    volumes: { data: { sizeGiB: 2 } }
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('a ring of Cassandra', () => {
  let lease: FormedLease;
  let client: Client;

  beforeAll(async () => {
    const started = performance.now();
    lease = await formLease({ name: 'alice', yaml: BLUEPRINT, timeoutMs: 800_000 });
    await lease.healthy();
    process.stderr.write(`Cassandra: three nodes formed after ${Math.round((performance.now() - started) / 1000)} s\n`);
    client = new Client({
      contactPoints: lease.servers.map(({ address }) => address),
      localDataCenter: 'dc1',
      socketOptions: { readTimeout: 12_000, connectTimeout: 5000 },
      queryOptions: QUORUM,
      // A node that is slow to answer is not waited for: another is asked.
      policies: { speculativeExecution: new policies.speculativeExecution.ConstantSpeculativeExecutionPolicy(500, 2) },
    });
    await client.connect();
    await client.execute(
      "CREATE KEYSPACE IF NOT EXISTS kept WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': 3}",
      [],
      SCHEMA,
    );
    await client.execute('CREATE TABLE IF NOT EXISTS kept.numbers (number int PRIMARY KEY)', [], SCHEMA);
  }, 900_000);
  afterAll(async () => {
    await client.shutdown();
    await lease.stop();
  });

  /** What nodes say of themselves where they were slow: pauses of the collector, disks. */
  const complaints = async () => {
    for (const server of lease.servers) {
      const said = await server.exec([
        'sh',
        '-c',
        "journalctl --no-pager -o short-precise -u cassandra | grep -E ' (WARN|ERROR) |GC in|local pause' | tail -n 25",
      ]);
      process.stderr.write(`${server.name}:\n${said.stdout}`);
    }
  };
  const write = async (number: number) => {
    await client.execute('INSERT INTO kept.numbers (number) VALUES (?)', [number], QUORUM);
  };
  const numbers = async () => {
    const found = new Set<number>();
    const options = { ...QUORUM, autoPage: true };
    await new Promise<void>((done, failed) => {
      const end = (error?: Error | null) => (error ? failed(error) : done());
      client.eachRow(
        'SELECT number FROM kept.numbers',
        [],
        options,
        (_n, row) => found.add(Number(row.get('number'))),
        end,
      );
    });
    return found;
  };

  it('has every server as a node, in the rack of its zone', async () => {
    const status = await lease.server('cassandra', 1).must(['nodetool', 'status', '-r']);
    const nodes = status.split('\n').filter((line) => /^[UD][NLJM] /.test(line));
    const told = nodes.map((line) => [line.slice(0, 2), line.trim().split(/\s+/).at(-1)]);
    expect(told.sort()).toEqual(lease.servers.map(({ zone }) => ['UN', zone]).sort());
  });

  it('runs with what the blueprint says', async () => {
    const { rows } = await client.execute('SELECT name, value FROM system_views.settings', [], {
      prepare: false,
      consistency: types.consistencies.one,
    });
    const settings = new Map(rows.map((row) => [String(row.get('name')), String(row.get('value'))]));
    expect(settings.get('cluster_name')).toBe('alice-cassandra');
    expect(settings.get('commitlog_sync')).toBe('group');
    expect(settings.get('num_tokens')).toBe('16');
    expect(settings.get('default_keyspace_rf')).toBe('3');
    expect(settings.get('compaction_throughput')).toBe('64MiB/s');
  });

  it.each(Array.from({ length: RUNS }, (_, run) => run + 1))(
    'takes writes while a member is killed and comes back, and loses none (run %i)',
    async (run) => {
      const victim = lease.server('cassandra', ((run - 1) % 3) + 1);
      const before = await writeWhile(write, run * 1_000_000, async () => {
        await sleep(5000);
      });
      const away = await writeWhile(write, run * 1_000_000 + 200_000, async () => {
        await victim.kill();
        await sleep(15_000);
      });
      const back = await writeWhile(write, run * 1_000_000 + 400_000, async () => {
        await victim.boot();
        await lease.healthy([victim]);
      });
      process.stderr.write(saysWritten(`Cassandra run ${run}, all there`, before));
      process.stderr.write(saysWritten(`Cassandra run ${run}, ${victim.name} killed`, away));
      process.stderr.write(saysWritten(`Cassandra run ${run}, ${victim.name} back`, back));
      if (Math.max(away.longestGapMs, back.longestGapMs) > 2000) await complaints();
      const kept = await numbers();
      const acknowledged = [before, away, back].flatMap((written) => written.acknowledged);
      expect(acknowledged.filter((number) => !kept.has(number))).toEqual([]);
      for (const written of [before, away, back]) expect(written.acknowledged.length).toBeGreaterThan(0);
    },
    1_200_000,
  );

  it('keeps a backup of its tables, with their schema', async () => {
    const server = lease.server('cassandra', 2);
    await server.must(['/usr/local/lib/tandem/bring-up', 'backup', '/var/backups/ring']);
    const files = await server.must(['find', '/var/backups/ring', '-path', '*/kept/numbers-*', '-type', 'f']);
    expect(files).toContain('-Data.db');
    expect(files).toContain('/schema.cql');
  });

  it('hands over before it stops, and serves again when it is told to', async () => {
    const server = lease.server('cassandra', 3);
    await server.must(['sh', '-c', cassandra.hooks.drain ?? 'false']);
    expect(await server.must(['nodetool', 'netstats'])).toContain('Mode: DRAINED');
    await server.must(['/usr/local/lib/tandem/bring-up', 'drain']);
    expect((await server.exec(['systemctl', 'is-active', 'cassandra'])).stdout).toBe('inactive\n');
    await server.must(['/usr/local/lib/tandem/bring-up', 'resume']);
    await lease.healthy([server]);
  });
});
