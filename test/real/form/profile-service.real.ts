import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, openLoop, quantile } from './load/open-loop.ts';
import { type Served, serveRelease } from './load/release.ts';
import { STORE_FILES } from './load/store.ts';
import { type FormedLease, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

const print = (text: string) => process.stdout.write(`${text}\n`);
const SAMPLE = join(import.meta.dirname, '../../../examples/profile-service');
const ARCHIVE = join(tmpdir(), `profile-service-${process.pid}.tar.gz`);
/** Those of `profile-service` that stand in a write's way, and a store that this machine can have. */
const BLUEPRINT = `
description: The write path of the profile service
tiers:
  balancer:
    image: debian-12
    flavor: small
    runs:
      haproxy:
        clients: [environment]
        services: { profiles: { port: 8080, to: { tier: hot }, targetPort: 8080, check: /health } }
  hot:
    image: debian-12
    flavor: medium
    runs:
      elixir-service:
        clients: [balancer]
        environment:
          QUEUE: { of: { tier: queue }, port: 5672 }
          STORE: { of: { tier: store }, port: 5432 }
  queue:
    image: debian-12
    flavor: medium
    count: 3
    runs: { rabbitmq: { clients: [hot] } }
    volumes: { data: { sizeGiB: 4 } }
  store:
    image: debian-12
    flavor: medium
    runs: { store: { clients: [hot] } }
    volumes: { data: { sizeGiB: 4 } }
`;
const PASSWORD = 'x'.repeat(8) + String(process.pid);
const SECRETS = {
  rabbitmq: { password: PASSWORD },
  postgresql: { application: PASSWORD },
  store: { application: PASSWORD },
};

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)(
  'the write path of the profile service',
  () => {
    let lease: FormedLease;
    let release: Served;

    beforeAll(async () => {
      release = await serveRelease(SAMPLE, ARCHIVE);
      lease = await formLease({
        yaml: BLUEPRINT,
        files: STORE_FILES,
        secrets: SECRETS,
      });
      const hot = lease.ofTier('hot');
      await lease.healthy([...lease.ofTier('queue'), ...lease.ofTier('store')]);
      // As a new release comes: by metadata, in place.
      await lease.tell(
        { 'elixir-service.release': release.url(lease.gateway), 'elixir-service.sha256': release.sha256 },
        hot,
      );
      await lease.healthy();
    });
    afterAll(async () => {
      await lease.stop();
      release.close();
      rmSync(ARCHIVE, { force: true });
    });

    const base = () => `http://${lease.server('balancer', 1).address}:8080`;
    const write = async (what: string, rate: (second: number) => number, seconds: number) =>
      openLoop({
        host: lease.server('balancer', 1).address,
        port: 8080,
        rate,
        seconds,
        connections: 400,
        request: (index) => ({
          method: 'PUT',
          path: `/profiles/${what}-${index}`,
          body: `{"number":${index},"text":"${'x'.repeat(200)}"}`,
        }),
      });
    const acknowledged = ({ statuses }: Outcome) =>
      [...statuses].flatMap((status, index) => (status === 202 ? [index] : []));
    const stored = async (what: string) => {
      const sql = `select substr(id, ${what.length + 2}) from profiles where id like '${what}-%'`;
      const ask = ['runuser', '-u', 'postgres', '--', 'psql', '-h', '/run/store', '-Atc', sql, 'app'];
      return new Set((await lease.server('store', 1).must(ask)).trim().split('\n').map(Number));
    };
    /** Of what was acknowledged, what the store does not have once the queue is empty. */
    const lost = async (what: string, outcome: Outcome) => {
      const wanted = acknowledged(outcome);
      for (let tries = 0; tries < 180; tries += 1) {
        const has = await stored(what);
        if (wanted.every((index) => has.has(index))) return [];
        await sleep(1000);
      }
      const has = await stored(what);
      return wanted.filter((index) => !has.has(index));
    };
    const say = (what: string, { statuses, latencies, took }: Outcome) => {
      const ms = (share: number) => `${Math.round(quantile(latencies, share))} ms`;
      const refused = [...statuses].filter((status) => status !== 202).length;
      print(
        `${what}: ${statuses.length} writes in ${took.toFixed(1)} s, ${refused} not acknowledged; p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)}, slowest ${ms(1)}`,
      );
    };
    /** Processor time of what a server runs, in seconds. */
    const used = async (tier: string, unit: string) => {
      const said = await lease.server(tier, 1).must(['systemctl', 'show', '--property=CPUUsageNSec', '--value', unit]);
      return Number(said) / 1e9;
    };
    const usage = async () => ({
      haproxy: await used('balancer', 'haproxy'),
      elixir: await used('hot', 'elixir-service'),
      rabbitmq: await used('queue', 'rabbitmq-server'),
      store: await used('store', 'store'),
    });

    it('takes a profile and gives it', async () => {
      const body = JSON.stringify({ name: 'Ann "the" \\ Änne', n: 1 });
      const put = await fetch(`${base()}/profiles/ann`, { method: 'PUT', body });
      expect(put.status).toBe(202);
      await expect
        .poll(async () => (await fetch(`${base()}/profiles/ann`)).text(), { timeout: 300_000, interval: 100 })
        .toBe(body);
      expect((await fetch(`${base()}/profiles/nobody`)).status).toBe(404);
      expect((await fetch(`${base()}/profiles/b%20d`, { method: 'PUT', body })).status).toBe(400);
    });

    it('keeps the newest of a profile', async () => {
      for (let number = 1; number <= 20; number += 1)
        await fetch(`${base()}/profiles/twice`, { method: 'PUT', body: String(number) });
      await expect
        .poll(async () => (await fetch(`${base()}/profiles/twice`)).text(), { timeout: 300_000, interval: 100 })
        .toBe('20');
    });

    it('takes 90,000 requests a minute', async () => {
      await write('warm', () => 300, 5);
      const before = await usage();
      const outcome = await write('steady', () => 1500, 20);
      const after = await usage();
      say('1,500 a second', outcome);
      for (const [name, seconds] of Object.entries(after))
        print(`  ${name}: ${(((seconds - before[name as keyof typeof before]) / 20) * 100).toFixed(0)} % of a core`);
      expect(outcome.answered).toBe(30_000);
      expect(acknowledged(outcome)).toHaveLength(30_000);
      expect(await lost('steady', outcome)).toEqual([]);
    });

    it('loses no acknowledged write while its store has no power', async () => {
      const running = write('dark', () => 1500, 20);
      await sleep(5000);
      await lease.server('store', 1).kill();
      await sleep(4000);
      await lease.server('store', 1).boot();
      const outcome = await running;
      say('1,500 a second, the store without power for 4 s', outcome);
      expect(outcome.answered).toBe(30_000);
      expect(acknowledged(outcome)).toHaveLength(30_000);
      await lease.healthy();
      expect(await lost('dark', outcome)).toEqual([]);
    });

    it('loses no acknowledged write when a member of the queue is lost', async () => {
      const running = write('member', () => 500, 20);
      await sleep(5000);
      await lease.server('queue', 2).kill();
      const outcome = await running;
      say('500 a second, a member of the queue lost', outcome);
      expect(outcome.answered).toBe(10_000);
      expect(await lost('member', outcome)).toEqual([]);
      await lease.server('queue', 2).boot();
      await lease.healthy();
    });

    it('absorbs a burst from zero', async () => {
      const outcome = await write('burst', () => 15_000, 2);
      say('a burst of 15,000 a second for 2 s', outcome);
      print(`  acknowledged: ${Math.round(acknowledged(outcome).length / outcome.took)} a second`);
      expect(outcome.answered).toBe(30_000);
      expect(acknowledged(outcome)).toHaveLength(30_000);
      expect(await lost('burst', outcome)).toEqual([]);
    });
  },
);
