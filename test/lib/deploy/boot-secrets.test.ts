import { createPrivateKey, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBootToken } from '../../../lib/bring-up/boot-token.ts';
import type { LeaseSecret, ServerSecrets } from '../../../lib/components/boot-secrets.ts';
import { makeSecrets, removeLeaseSecrets, valuesOf } from '../../../lib/deploy/boot-secrets/make.ts';
import { needsOf } from '../../../lib/deploy/boot-secrets/open.ts';
import { provideBootSecrets } from '../../../lib/deploy/boot-secrets/provide.ts';
import type { BootServer, BootServers } from '../../../lib/openstack-api/boot-servers.ts';
import { Secret, type SecretRef, type SecretStore } from '../../../lib/secrets/secret.ts';
import { vaultBootSecrets } from '../../../lib/secrets/vault-boot-secrets.ts';
import { type FakeVault, startFakeVault } from '../secrets/fake-vault.ts';
import { memorySecrets } from '../secrets/memory-secrets.ts';
import { takeSecrets } from '../secrets/take-secrets.ts';

const GOSSIP: ServerSecrets = { consul: { 'gossip-key': { of: 'consul', kind: 'key32' } } };
const AGENT: ServerSecrets = {
  'consul-agent': { 'gossip-key': { of: 'consul', kind: 'key32' } },
  rabbitmq: { cookie: { of: 'rabbitmq', kind: 'password' } },
};
const TLS: Readonly<Record<string, ServerSecrets>> = {
  'alice-consul-1': {
    consul: { tls: { of: 'consul', kind: 'certificate', names: ['server.alice.consul', 'localhost'] } },
  },
  'alice-queue-1': { 'consul-agent': { tls: { of: 'consul', kind: 'certificate', names: ['client.alice.consul'] } } },
};
const NEEDS = { 'alice-consul-1': GOSSIP, 'alice-queue-1': AGENT };

let vault: FakeVault;
let store: ReturnType<typeof memorySecrets>;
let values: Map<SecretRef, string>;
let servers: (BootServer & { line: string })[];
let now: Date;

beforeEach(async () => {
  vault = await startFakeVault();
  store = memorySecrets();
  values = store.values;
  now = new Date();
  servers = ['alice-consul-1', 'alice-queue-1', 'alice-web-1'].map((name) => ({
    ...{ id: `id-${name}`, name, mayBeTold: true, line: '' },
  }));
});
afterEach(() => vault.close());

const nova: BootServers = {
  list: () => Promise.resolve(servers),
  tell: (id, line) =>
    Promise.resolve(void (servers = servers.map((each) => (each.id === id ? { ...each, line } : each)))),
};

const provide = (needs: Readonly<Record<string, ServerSecrets>> = NEEDS, changed: readonly SecretRef[] = []) =>
  provideBootSecrets({
    changed: new Set(changed),
    ...{ lease: 'alice', needs, store, servers: nova, now: () => now, ttlSeconds: 900 },
    bootSecrets: vaultBootSecrets({
      url: vault.url,
      token: () => Promise.resolve(new Secret(vault.token, 'secret:vault')),
    }),
  });
const lineOf = (name: string): string => servers.find((each) => each.name === name)?.line ?? '';
const taken = async (name: string) =>
  JSON.parse(await takeSecrets(lineOf(name))) as Record<string, Record<string, string>>;

function mapSecrets(own: ServerSecrets, change: (secret: LeaseSecret) => LeaseSecret): ServerSecrets {
  const changed = Object.entries(own).map(([component, secrets]) => [
    component,
    Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, change(secret)])),
  ]);
  return Object.fromEntries(changed) as ServerSecrets;
}

describe('secrets of the servers of a lease', () => {
  test('are made once, and the same for every component that names them', async () => {
    expect(await provide()).toEqual({ offered: ['alice-consul-1', 'alice-queue-1'], others: [], made: 2 });
    expect([...values.keys()]).toEqual(['secret:lease/alice/consul/gossip-key', 'secret:lease/alice/rabbitmq/cookie']);
    const [first, second] = [await taken('alice-consul-1'), await taken('alice-queue-1')];
    const key = values.get('secret:lease/alice/consul/gossip-key') ?? '';
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(first).toEqual({ consul: { 'gossip-key': key } });
    expect(second['consul-agent']).toEqual({ 'gossip-key': key });
    expect(second['rabbitmq']?.['cookie']).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(lineOf('alice-web-1')).toBe('');
    for (const { line } of servers) for (const value of values.values()) expect(line).not.toContain(value);
  });

  test('are the other cloud’s too where they have a name of their own in the store: made in its form, and kept when it has them', async () => {
    const reference = 'secret:link/main/tunnel-1-1';
    const needs = {
      'alice-consul-1': { gateway: { key: { of: 'gateway', kind: 'password', reference } satisfies LeaseSecret } },
    };
    expect((await provide(needs)).made).toBe(1);
    const made = values.get(reference);
    expect(made).toMatch(/^[A-Za-z][A-Za-z0-9]{47}$/);
    expect(await taken('alice-consul-1')).toEqual({ gateway: { key: made } });
    expect((await provide(needs)).made).toBe(0);
    expect([values.size, values.get(reference)]).toEqual([1, made]);
  });

  test('are each server’s own where servers of a tier have other ones by the same name', async () => {
    const key = (reference: string): ServerSecrets => ({
      gateway: { key: { of: 'gateway', kind: 'password', reference } },
    });
    const needs = {
      'alice-consul-1': key('secret:link/main/tunnel-1-1'),
      'alice-queue-1': key('secret:link/main/tunnel-2-1'),
    };
    expect((await provide(needs)).made).toBe(2);
    const [first, second] = [await taken('alice-consul-1'), await taken('alice-queue-1')];
    expect(first).toEqual({ gateway: { key: values.get('secret:link/main/tunnel-1-1') } });
    expect(second).toEqual({ gateway: { key: values.get('secret:link/main/tunnel-2-1') } });
    expect(first).not.toEqual(second);
  });

  test('are offered again to whoever took one that was changed on purpose, and to nobody else', async () => {
    const reference = 'secret:link/main/tunnel-1-1';
    const needs = {
      ...NEEDS,
      'alice-consul-1': { gateway: { key: { of: 'gateway', kind: 'password', reference } satisfies LeaseSecret } },
    };
    await provide(needs);
    await Promise.all([taken('alice-consul-1'), taken('alice-queue-1')]);
    await provide(needs);
    const before = lineOf('alice-consul-1');
    expect(readBootToken(before)?.kind).toBe('taken');
    values.set(reference, 'another');
    expect((await provide(needs)).offered).toEqual([]);
    expect((await provide(needs, [reference])).offered).toEqual(['alice-consul-1']);
    expect(await taken('alice-consul-1')).toEqual({ gateway: { key: 'another' } });
    expect((await provide(needs)).offered).toEqual([]);
    expect(lineOf('alice-consul-1')).toBe(before);
  });

  test('are offered to nobody who took them, and again to a server that was replaced', async () => {
    await provide();
    const made = new Map(values);
    await taken('alice-consul-1');
    const waiting = lineOf('alice-queue-1');
    expect(await provide()).toEqual({ offered: [], others: ['alice-consul-1', 'alice-queue-1'], made: 0 });
    expect(readBootToken(lineOf('alice-consul-1'))?.kind).toBe('taken');
    expect(lineOf('alice-queue-1')).toBe(waiting);
    servers = servers.map((each) => (each.name === 'alice-consul-1' ? { ...each, id: 'new', line: '' } : each));
    expect((await provide()).offered).toEqual(['alice-consul-1']);
    expect(values).toEqual(made);
    expect(await taken('alice-consul-1')).toEqual({
      consul: { 'gossip-key': made.get('secret:lease/alice/consul/gossip-key') },
    });
  });

  test('are offered again where a server let its token end', async () => {
    await provide();
    vault.pass(901);
    now = new Date(now.getTime() + 901_000);
    expect((await provide()).offered).toEqual(['alice-consul-1', 'alice-queue-1']);
    expect(await taken('alice-consul-1')).toHaveProperty('consul');
  });

  test('are offered again where a server needs more than it took', async () => {
    await provide({ 'alice-consul-1': GOSSIP });
    await taken('alice-consul-1');
    await provide({ 'alice-consul-1': GOSSIP });
    expect((await provide({ 'alice-consul-1': AGENT })).offered).toEqual(['alice-consul-1']);
  });

  test('have a certificate by one authority, each component its own', async () => {
    await provide(TLS);
    const [server, agent] = [await taken('alice-consul-1'), await taken('alice-queue-1')];
    const [of, other] = [server['consul'] ?? {}, agent['consul-agent'] ?? {}];
    expect(Object.keys(of)).toEqual(['tls.authority', 'tls.certificate', 'tls.key']);
    expect(of['tls.authority']).toBe(other['tls.authority']);
    expect(of['tls.authority']).not.toContain('PRIVATE');
    const authority = new X509Certificate(of['tls.authority'] ?? '');
    for (const [parts, names] of [
      [of, 'DNS:server.alice.consul, DNS:localhost'],
      [other, 'DNS:client.alice.consul'],
    ] as const) {
      const certificate = new X509Certificate(parts['tls.certificate'] ?? '');
      expect(certificate.verify(authority.publicKey) && certificate.checkIssued(authority)).toBe(true);
      expect(certificate.checkPrivateKey(createPrivateKey(parts['tls.key'] ?? ''))).toBe(true);
      expect(certificate.subjectAltName).toBe(names);
      expect(certificate.ca).toBe(false);
    }
  });

  test('have their certificates renewed in the last year, by the same authority, and servers are told when they end', async () => {
    await provide(TLS);
    const before = await taken('alice-consul-1');
    expect(await provide(TLS)).toMatchObject({ offered: [], made: 0 });
    expect(readBootToken(lineOf('alice-consul-1'))).toMatchObject({
      until: Math.floor(Date.parse(new X509Certificate(before['consul']?.['tls.certificate'] ?? '').validTo) / 1000),
    });
    now = new Date(now.getTime() + 364 * 86_400_000);
    expect(await provide(TLS)).toMatchObject({ made: 0 });
    now = new Date(now.getTime() + 2 * 86_400_000);
    expect(await provide(TLS)).toEqual({ offered: ['alice-consul-1', 'alice-queue-1'], others: [], made: 2 });
    const after = await taken('alice-consul-1');
    expect(after['consul']?.['tls.authority']).toBe(before['consul']?.['tls.authority']);
    expect(after['consul']?.['tls.certificate']).not.toBe(before['consul']?.['tls.certificate']);
  });

  test('are offered again where a certificate was made anew after a token was taken, or while it waits', async () => {
    await provide(TLS);
    await taken('alice-consul-1');
    for (const each of ['consul/tls', 'consul-agent/tls']) await store.remove(`secret:lease/alice/${each}`);
    expect((await provide(TLS)).offered).toEqual(['alice-consul-1', 'alice-queue-1']);
    const own = (await taken('alice-queue-1'))['consul-agent']?.['tls.certificate'] ?? '';
    expect(values.get('secret:lease/alice/consul-agent/tls')).toContain(own.trim());
  });

  test('are those of a trust for every lease that names it, made at the same moment too, and stay when one lease goes', async () => {
    const needs = Object.fromEntries(
      Object.entries(TLS).map(([name, own]) => [name, mapSecrets(own, (each) => ({ ...each, trust: 'shared' }))]),
    );
    const put: SecretRef[] = [];
    const counting: SecretStore = { ...store, put: (...all) => store.put(...all).then(() => void put.push(all[0])) };
    const lease = (name: string) => makeSecrets({ lease: name, needs, store: counting, now: () => now });
    await Promise.all([lease('alice'), lease('carol')]);
    expect(put.filter((each) => each.startsWith('secret:trust/'))).toEqual([
      'secret:trust/shared/consul/tls-authority',
    ]);
    const of = async (name: string) =>
      (await valuesOf({ lease: name, store }, needs['alice-consul-1'] ?? {}))['consul'];
    const [alice, carol] = [await of('alice'), await of('carol')];
    expect(alice?.['tls.authority']).toBe(carol?.['tls.authority']);
    expect(alice?.['tls.certificate']).not.toBe(carol?.['tls.certificate']);
    await removeLeaseSecrets(store, { lease: 'alice' });
    expect([...values.keys()].sort()).toEqual([
      'secret:lease/carol/consul-agent/tls',
      'secret:lease/carol/consul/tls',
      'secret:trust/shared/consul/tls-authority',
    ]);
  });

  test('wait for a server that Nova lets nobody tell anything', async () => {
    servers = servers.map((each) => ({ ...each, mayBeTold: false }));
    expect((await provide()).offered).toEqual([]);
    servers = servers.map((each) => ({ ...each, mayBeTold: true }));
    expect((await provide()).offered).toEqual(['alice-consul-1', 'alice-queue-1']);
  });

  test('go with the lease, and no other ones', async () => {
    await provide();
    values.set('secret:lease/alice-2/consul/gossip-key', 'x');
    await removeLeaseSecrets(store, { lease: 'alice' });
    expect([...values.keys()]).toEqual(['secret:lease/alice-2/consul/gossip-key']);
  });
});

describe('what an artefact says of secrets', () => {
  test('is read beside what Terraform reads', () => {
    expect(needsOf({ text: JSON.stringify({ '//': { bootSecrets: NEEDS }, resource: {} }) })).toEqual(NEEDS);
  });

  test.each(['{}', '{"//":{}}', '{"resource":{"x":{"y":"\\"bootSecrets\\""}}}'])('fails for none: %s', (text) => {
    expect(needsOf({ text })).toBeUndefined();
  });
});
