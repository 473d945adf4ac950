import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { postgresql } from '../../../lib/components/postgresql/component.ts';
import { fileOf, tierInputs } from './tier-inputs.ts';

const AGENT = { store: { 'consul-agent': {}, postgresql: {} } };
const inputs = (settings: object = {}, words: Parameters<typeof tierInputs>[2] = {}, runs = AGENT) => ({
  ...tierInputs(postgresql, settings, words),
  runs: runs as Readonly<Record<string, Readonly<Record<string, object>>>>,
});

/** As one server would have it. */
function configuration(settings: object = {}): Record<string, unknown> {
  const given = inputs(settings);
  const values = postgresql.values(given);
  const text = fileOf(postgresql, given, '/etc/patroni/config.yml')
    .replaceAll(/@\{value ([\w.-]+)\}/g, (_match, name: string) => String(values[name]))
    .replaceAll(/@\{secret ([\w.-]+)\}/g, 'of-$1')
    .replaceAll(/@\{peers\|store\|\*\|\\n\|((?:\{\w+\}|[^}])*)\}/g, (_match, item: string) =>
      ['10.0.0.1', '10.0.0.2'].map((address) => item.replace('{address}', address)).join('\n'),
    )
    .replaceAll('@{address}', '10.0.0.1')
    .replaceAll('@{name}', 'alice-store-1');
  expect(text).not.toContain('@{');
  return parse(text) as Record<string, unknown>;
}

describe("Patroni's file", () => {
  test('commits wait for a standby, and a lost Consul alone stops no primary', () => {
    expect(configuration()).toMatchObject({
      scope: 'alice-store',
      name: 'alice-store-1',
      bootstrap: {
        dcs: {
          ttl: 8,
          loop_wait: 2,
          retry_timeout: 3,
          synchronous_mode: true,
          failsafe_mode: true,
          postgresql: { use_pg_rewind: true, parameters: { max_connections: 100 } },
        },
      },
      postgresql: { parameters: { shared_buffers: '4096MB' }, authentication: { rewind: { password: 'of-rewind' } } },
      watchdog: { mode: 'off' },
    });
  });

  test('members replicate and rewind from their own addresses, applications reach their own database alone', () => {
    const { postgresql: { pg_hba } = {} } = configuration({ database: 'orders', user: 'shop' }) as {
      postgresql?: { pg_hba: string[] };
    };
    expect(pg_hba).toEqual([
      'local all all peer',
      'host replication replicator 127.0.0.1/32 scram-sha-256',
      'host replication replicator 10.0.0.1/32 scram-sha-256',
      'host replication replicator 10.0.0.2/32 scram-sha-256',
      'host postgres rewinder 10.0.0.1/32 scram-sha-256',
      'host postgres rewinder 10.0.0.2/32 scram-sha-256',
      'host postgres postgres 10.0.0.1/32 scram-sha-256',
      'host postgres postgres 10.0.0.2/32 scram-sha-256',
      'host orders shop all scram-sha-256',
    ]);
  });

  test('what people tune leaves every file as it is', () => {
    const texts = (settings: object) => postgresql.files(inputs(settings));
    const tuned = { ttlSeconds: 30, maxConnections: 70, sharedBuffersMiB: 64, parameters: { work_mem: '8MB' } };
    expect(texts(tuned)).toEqual(texts({ parameters: { work_mem: '4MB' } }));
    expect(configuration(tuned)).toMatchObject({ postgresql: { parameters: { work_mem: '8MB' } } });
  });

  test('nobody else reads the files with passwords', () => {
    const secret = postgresql.files(inputs()).filter(({ content }) => content.includes('@{secret'));
    expect(secret.map(({ path, mode, owner }) => [path, mode, owner])).toEqual([
      ['/etc/patroni/config.yml', '0600', 'postgres:postgres'],
      ['/etc/patroni/application.sql', '0600', 'postgres:postgres'],
    ]);
  });
});

describe('what is refused', () => {
  const findings = (...given: Parameters<typeof inputs>) =>
    postgresql.check?.(inputs(...given)).map(({ at, code, fix }) => [at.join('.'), code, fix]);

  test('fails for a lock that is over before it was renewed twice', () => {
    expect(findings({ ttlSeconds: 7 })).toEqual([['settings.ttlSeconds', 'lock-shorter-than-tries', 'use 8']]);
    expect(findings({ ttlSeconds: 10, retryTimeoutSeconds: 4 })).toEqual([]);
  });

  test('fails without an agent of Consul', () => {
    const alone = { store: { postgresql: {} } } as unknown as typeof AGENT;
    expect(findings({}, {}, alone)).toEqual([['settings', 'component-missing', 'run consul-agent on it too']]);
  });

  test('fails for a cache above half of the memory', () => {
    expect(findings({ sharedBuffersMiB: 1025 }, { memoryMiB: 2048 })).toEqual([
      ['settings.sharedBuffersMiB', 'memory-above-flavor', 'write at most 1024, or take a flavor of 2050 MiB or more'],
    ]);
  });

  test.each(['postgres', 'Orders', 'a"; drop', 'replicator'])('fails for a role named %s', (user) => {
    expect(postgresql.settings.safeParse({ user }).success).toBe(false);
  });

  test('fails for a parameter that ends its line, and for one that says who a server is', () => {
    for (const work_mem of ["1MB'\n", '@{secret rest}'])
      expect(postgresql.settings.safeParse({ parameters: { work_mem } }).success).toBe(false);
  });
});
