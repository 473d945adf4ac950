import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormedLease, type FormedServer, formLease, whyNoForming } from './support/formation.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`Servers are not formed: ${reason}\n`);

const BLUEPRINT = `
description: Caches
tiers:
  keys:
    image: debian-12
    flavor: small
    runs: { redis: { keep: always, password: true, memoryMiB: 64 } }
    volumes: { data: { sizeGiB: 1 } }
  pages:
    image: debian-12
    flavor: small
    count: 2
    runs: { memcached: { memoryMiB: 64, maxConnections: 256 } }
`;

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('caches', () => {
  let lease: FormedLease;

  beforeAll(async () => {
    lease = await formLease({ yaml: BLUEPRINT });
    await lease.healthy();
  });
  afterAll(async () => {
    await lease.stop();
  });

  /** What a member of memcached says to lines of its protocol, asked from another server. */
  const memcached = async (from: FormedServer, to: FormedServer, ...lines: readonly string[]) => {
    const text = [...lines, 'quit'].map((line) => `${line}\\r\\n`).join('');
    const program = `import socket; s = socket.create_connection(("${to.address}", 11211), 5); s.sendall(b"${text}"); print(s.makefile().read(), end="")`;
    return (await from.must(['python3', '-c', program])).trim().split('\n');
  };
  const redis = async (...command: readonly string[]) => {
    const server = lease.server('keys', 1);
    const password = lease.secrets['redis']?.['password'] ?? '';
    const said = await server.must(['redis-cli', '-h', server.address, ...command], {
      environment: { REDISCLI_AUTH: password },
    });
    return said.trim();
  };

  it('memcached: members answer over the network, with the numbers of the blueprint', async () => {
    const [one, two] = [lease.server('pages', 1), lease.server('pages', 2)];
    expect(await memcached(one, two, 'set a 0 0 5', 'hello', 'get a')).toEqual([
      'STORED',
      'VALUE a 0 5',
      'hello',
      'END',
    ]);
    const settings = await memcached(one, two, 'stats settings');
    expect(settings).toContain(`STAT maxbytes ${64 * 1024 * 1024}`);
    expect(settings).toContain('STAT maxconns 256');
    expect(settings).toContain('STAT udpport 0');
  });

  it('memcached: a lost member misses, and the other has what it had', async () => {
    const [one, two] = [lease.server('pages', 1), lease.server('pages', 2)];
    await memcached(one, one, 'set b 0 0 2', 'on');
    await two.kill();
    expect(await memcached(one, one, 'get b')).toEqual(['VALUE b 0 2', 'on', 'END']);
    await two.boot();
    await lease.healthy();
    expect(await memcached(one, two, 'get a')).toEqual(['END']);
  });

  it('redis: takes its file, and nobody without the password', async () => {
    const server = lease.server('keys', 1);
    expect((await server.exec(['redis-cli', '-h', server.address, 'ping'])).stdout).toContain('NOAUTH');
    expect(await redis('ping')).toBe('PONG');
    expect(await redis('config', 'get', 'maxmemory')).toBe(`maxmemory\n${64 * 1024 * 1024}`);
    expect(await redis('config', 'get', 'maxmemory-policy')).toBe('maxmemory-policy\nallkeys-lru');
    expect(await server.must(['stat', '-c', '%a %U:%G', '/etc/redis/redis.conf'])).toBe('640 root:redis\n');
  });

  it('redis: a word that it does not know is refused', async () => {
    const server = lease.server('keys', 1);
    await server.must(['sh', '-c', '(cat /etc/redis/redis.conf; echo maxmemmory 1) > /tmp/wrong.conf']);
    const { code, stdout, stderr } = await server.exec(['redis-server', '/tmp/wrong.conf', '--port', '0']);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('maxmemmory');
  });

  it('redis: what was answered outlives the power', async () => {
    const server = lease.server('keys', 1);
    for (let number = 0; number < 50; number += 1) expect(await redis('set', `k${number}`, String(number))).toBe('OK');
    await server.kill();
    await server.boot();
    await lease.healthy([server]);
    expect(await redis('dbsize')).toBe('50');
    expect(await redis('get', 'k49')).toBe('49');
  });

  it('redis: another number of metadata is taken in place', async () => {
    const server = lease.server('keys', 1);
    await lease.tell({ 'redis.memory': '128mb' }, [server]);
    await expect
      .poll(async () => redis('config', 'get', 'maxmemory').catch(() => ''), { timeout: 300_000, interval: 1000 })
      .toBe(`maxmemory\n${128 * 1024 * 1024}`);
    expect(await redis('get', 'k49')).toBe('49');
  });

  it('redis: a backup can be read', async () => {
    const server = lease.server('keys', 1);
    await server.must(['sh', '-c', 'mkdir -p /root/kept && /usr/local/lib/tandem/bring-up backup /root/kept']);
    const said = await server.must(['sh', '-c', 'redis-check-rdb "$(find /root/kept -name dump.rdb)"']);
    expect(said).toContain('50 keys read');
  });
});
