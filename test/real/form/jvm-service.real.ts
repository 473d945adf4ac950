import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormedLease, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
const MAVEN = process.env['TANDEM_MIRROR_MAVEN'] ?? 'https://repo1.maven.org/maven2';
/** Two releases of one program that answers on a port. */
const RELEASES = {
  first: ['9.4.57.v20241219', 'f63fbee00a06f04a3f715267d5d53ba4389b5b3e9ecc6168d8b73d81243a883f'],
  second: ['9.4.58.v20250814', 'b692f66bb7a53bfa739b7eb466dc2bf75bddd5bfa0e7d425cd2a0434233987c2'],
} as const;
const PORT = 18_934;

const blueprint = (sha256: string) => `
description: A service on two servers
tiers:
  web:
    image: debian-12
    flavor: small
    count: 2
    runs:
      jvm-service:
        clients: [environment]
        jar: { url: 'http://releases.test:${PORT}/first.jar', sha256: '${sha256}' }
        arguments: [--port, '8080', /var/lib/jvm-service]
        heapMiB: 128
        variables: { MODE: plain }
        connects: { WEB: { tier: web } }
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('a service on the JVM', () => {
  let lease: FormedLease;
  let releases: Server;

  beforeAll(async () => {
    const jars = new Map<string, Buffer>();
    for (const [name, [version, sha256]] of Object.entries(RELEASES)) {
      const answer = await fetch(`${MAVEN}/org/eclipse/jetty/jetty-runner/${version}/jetty-runner-${version}.jar`);
      const jar = Buffer.from(await answer.arrayBuffer());
      expect(createHash('sha256').update(jar).digest('hex')).toBe(sha256);
      jars.set(`/${name}.jar`, jar);
    }
    releases = createServer((request, response) => {
      const jar = jars.get(request.url ?? '');
      response.writeHead(jar === undefined ? 404 : 200).end(jar);
    });
    await new Promise<void>((done) => releases.listen(PORT, '0.0.0.0', done));
    lease = await formLease({ name: 'alice', yaml: blueprint(RELEASES.first[1]), timeoutMs: 600_000 });
    for (const server of lease.servers)
      await server.must(['sh', '-c', `echo '${lease.gateway} releases.test' >>/etc/hosts`]);
    await lease.healthy();
  }, 900_000);
  afterAll(async () => {
    await lease.stop();
    releases.close();
  });

  const runs = async (server: string) => {
    const found = lease.servers.find(({ name }) => name === server);
    const sum = await found?.must(['sha256sum', '/var/lib/jvm-service/service.jar']);
    return sum?.split(' ')[0];
  };

  it('runs the jar with the checksum that the blueprint names, and finds its peers', async () => {
    for (const server of lease.servers) {
      expect(await runs(server.name)).toBe(RELEASES.first[1]);
      expect((await fetch(`http://${server.address}:8080/`)).status).toBe(200);
      const environment = await server.must(['sh', '-c', "tr '\\0' '\\n' </proc/$(pgrep -u jvm-service java)/environ"]);
      expect(environment).toContain(`WEB_HOSTS=${lease.servers.map(({ address }) => address).join(',')}\n`);
      expect(environment).toContain('MODE=plain\n');
    }
  });

  it('takes another release, one server after another, without being made anew', async () => {
    const answers = async () =>
      Promise.all(
        lease.servers.map(async ({ address }) =>
          fetch(`http://${address}:8080/`, { signal: AbortSignal.timeout(5000) }).then(
            ({ status }) => status === 200,
            () => false,
          ),
        ),
      );
    await lease.tell({
      'jvm-service.jarUrl': `http://releases.test:${PORT}/second.jar`,
      'jvm-service.jarSha256': RELEASES.second[1],
    });
    let neverBothAway = true;
    for (let tries = 0; tries < 600; tries += 1) {
      neverBothAway &&= (await answers()).some(Boolean);
      const sums = await Promise.all(lease.servers.map(async ({ name }) => runs(name)));
      if (sums.every((sum) => sum === RELEASES.second[1])) break;
      await sleep(500);
    }
    for (const { name } of lease.servers) expect(await runs(name)).toBe(RELEASES.second[1]);
    await lease.healthy();
    expect(neverBothAway).toBe(true);
  });

  it('never runs a jar with another checksum, and what one server refuses stops the turns', async () => {
    await lease.tell({ 'jvm-service.jarSha256': '0'.repeat(64) });
    const refused = 'is not what was expected';
    // Whose slot comes first depends on the clock.
    const said = async () =>
      Promise.all(lease.servers.map(async (server) => (await server.journal(400)).includes(refused)));
    await expect.poll(said, { timeout: 300_000, interval: 1000 }).toContain(true);
    for (const { name } of lease.servers) expect(await runs(name)).toBe(RELEASES.second[1]);
    const other = lease.servers[(await said()).indexOf(false)];
    expect((await fetch(`http://${other?.address}:8080/`)).status).toBe(200);
  });
});
