import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLoop, quantile } from './load/open-loop.ts';
import { type Served, serveRelease } from './load/release.ts';
import { type FormedLease, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

const print = (text: string) => process.stdout.write(`${text}\n`);
const SAMPLE = join(import.meta.dirname, '../../../examples/ruby-service');
const BLUEPRINT = `
description: A service on Ruby behind a balancer
tiers:
  balancer:
    image: debian-12
    flavor: small
    runs:
      haproxy:
        clients: [environment]
        checkMilliseconds: 500
        services: { web: { port: 8000, to: { tier: web }, targetPort: 8080, check: /health } }
  web:
    image: debian-12
    flavor: small
    count: 2
    runs:
      ruby-service:
        clients: [balancer]
        workers: 2
        threads: 3
        environment: { STORE: { of: { tier: balancer }, port: 5432 }, MODE: plain }
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('a service on Ruby', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-ruby-'));
  const releases: Served[] = [];
  let lease: FormedLease;

  const web = () => lease.ofTier('web');
  /** As a new release comes: by metadata, in place. */
  const bring = async (release: Served | undefined, sha256 = release?.sha256 ?? '') => {
    await lease.tell(
      { 'ruby-service.release': release?.url(lease.gateway) ?? '', 'ruby-service.sha256': sha256 },
      web(),
    );
  };
  const ask = async (address: string, port = 8080) => {
    const answer = await fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(5000) });
    return (await answer.json()) as { release: string; address: string; store: string; mode: string };
  };
  const released = async () =>
    Promise.all(
      web().map(async ({ address }) =>
        ask(address).then(
          ({ release }) => release,
          () => 'away',
        ),
      ),
    );
  const processes = async () => (await web()[0]?.must(['pgrep', '-c', '-u', 'ruby-service']))?.trim();

  beforeAll(async () => {
    for (const version of ['1', '2']) {
      const sample = join(folder, version);
      cpSync(SAMPLE, sample, { recursive: true });
      writeFileSync(join(sample, 'VERSION'), `${version}\n`);
      releases.push(await serveRelease(sample, join(folder, `${version}.tar.gz`), ['config.ru', 'VERSION']));
    }
    lease = await formLease({ yaml: BLUEPRINT });
  });
  afterAll(async () => {
    await lease.stop();
    for (const each of releases) each.close();
    rmSync(folder, { recursive: true });
  });

  it('waits for its program, and runs it with what it was told', async () => {
    for (const { exec } of web().map((server) => ({ exec: server.exec.bind(server) })))
      expect((await exec(['/usr/local/lib/tandem/bring-up', 'health'])).code).not.toBe(0);
    await bring(releases[0]);
    await lease.healthy();
    for (const { address } of web())
      expect(await ask(address)).toEqual({
        release: '1',
        address,
        store: `${lease.server('balancer', 1).address}:5432`,
        mode: 'plain',
      });
    // The two that answer, and the one that watches them.
    expect(await processes()).toBe('3');
  });

  it('takes a new release in turns, and the balancer never is without one', async () => {
    let done = false;
    let bothAway = 0;
    const load = openLoop({
      host: lease.server('balancer', 1).address,
      port: 8000,
      rate: () => 20,
      seconds: 40,
      connections: 10,
      request: () => ({ method: 'GET', path: '/' }),
    });
    await bring(releases[1]);
    for (let tries = 0; tries < 240 && !done; tries += 1) {
      const said = await released();
      if (said.every((each) => each === 'away')) bothAway += 1;
      done = said.every((each) => each === '2');
      await sleep(250);
    }
    expect(await released()).toEqual(['2', '2']);
    expect(bothAway).toBe(0);
    const { statuses, latencies } = await load;
    const failed = [...statuses].filter((status) => status !== 200).length;
    print(
      `A new release under 20 requests a second: ${failed} of ${statuses.length} failed, slowest ${Math.round(quantile(latencies, 1))} ms`,
    );
    expect(failed).toBe(0);
  });

  it('never runs an archive with another checksum', async () => {
    await bring(releases[0], '0'.repeat(64));
    const [first] = web();
    await expect
      .poll(async () => first?.journal(200), { timeout: 300_000, interval: 1000 })
      .toContain('computed checksum did NOT match');
    expect((await lease.server('web', 1).must(['ls', '/opt/ruby-service'])).trim().split('\n')).toHaveLength(3);
    await bring(releases[1]);
    await lease.healthy();
    expect(await released()).toEqual(['2', '2']);
  });

  it('takes other numbers in place', async () => {
    await lease.tell({ 'ruby-service.workers': '1' }, web());
    await expect.poll(processes, { timeout: 300_000, interval: 1000 }).toBe('2');
    await lease.healthy();
  });

  it('goes on when one dies, behind the balancer', async () => {
    const load = openLoop({
      host: lease.server('balancer', 1).address,
      port: 8000,
      rate: () => 50,
      seconds: 12,
      connections: 10,
      request: () => ({ method: 'GET', path: '/' }),
    });
    await sleep(3000);
    await lease.server('web', 1).kill();
    const { statuses, latencies } = await load;
    const failed = [...statuses].flatMap((status, index) => (status === 200 ? [] : [index]));
    print(
      `One of two died under 50 requests a second: ${failed.length} of ${statuses.length} failed, slowest ${Math.round(quantile(latencies, 1))} ms`,
    );
    // At 50 a second, those of the last 4 s: whatever was lost, was lost in the turn to the other.
    expect(failed.filter((index) => index >= 400)).toEqual([]);
    await lease.server('web', 1).boot();
    await lease.healthy();
    expect(await released()).toEqual(['2', '2']);
  });
});
