import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBootToken } from '../../../lib/bring-up/boot-token.ts';
import type { ServerSecrets } from '../../../lib/components/boot-secrets.ts';
import { needsOf } from '../../../lib/deploy/boot-secrets/open.ts';
import { provideBootSecrets, removeLeaseSecrets } from '../../../lib/deploy/boot-secrets/provide.ts';
import type { BootServer, BootServers } from '../../../lib/openstack-api/boot-servers.ts';
import { noSuchSecret } from '../../../lib/secrets/errors.ts';
import { Secret, type SecretRef, type SecretStore } from '../../../lib/secrets/secret.ts';
import { vaultBootSecrets } from '../../../lib/secrets/vault-boot-secrets.ts';
import { type FakeVault, startFakeVault } from '../secrets/fake-vault.ts';
import { takeSecrets } from '../secrets/take-secrets.ts';

const GOSSIP: ServerSecrets = { consul: { 'gossip-key': { of: 'consul', kind: 'key32' } } };
const AGENT: ServerSecrets = {
  'consul-agent': { 'gossip-key': { of: 'consul', kind: 'key32' } },
  rabbitmq: { cookie: { of: 'rabbitmq', kind: 'password' } },
};
const NEEDS = { 'alice-consul-1': GOSSIP, 'alice-queue-1': AGENT };

let vault: FakeVault;
let values: Map<SecretRef, string>;
let servers: (BootServer & { line: string })[];
let now: Date;

beforeEach(async () => {
  vault = await startFakeVault();
  values = new Map();
  now = new Date();
  servers = ['alice-consul-1', 'alice-queue-1', 'alice-web-1'].map((name) => ({
    ...{ id: `id-${name}`, name, mayBeTold: true, line: '' },
  }));
});
afterEach(() => vault.close());

const store: SecretStore = {
  put: (reference, value) => Promise.resolve(void values.set(reference, value.unwrap())),
  use: async (reference, action) => {
    const value = values.get(reference);
    if (value === undefined) throw noSuchSecret(reference, 'memory');
    return await action(new Secret(value, reference));
  },
  remove: (reference) => Promise.resolve(void values.delete(reference)),
  list: () => Promise.resolve([...values.keys()].sort()),
  close: () => undefined,
};
const nova: BootServers = {
  list: () => Promise.resolve(servers),
  tell: (id, line) =>
    Promise.resolve(void (servers = servers.map((each) => (each.id === id ? { ...each, line } : each)))),
};

const provide = (needs: Readonly<Record<string, ServerSecrets>> = NEEDS) =>
  provideBootSecrets({
    ...{ lease: 'alice', needs, store, servers: nova, now: () => now, ttlSeconds: 900 },
    bootSecrets: vaultBootSecrets({
      url: vault.url,
      token: () => Promise.resolve(new Secret(vault.token, 'secret:vault')),
    }),
  });
const lineOf = (name: string): string => servers.find((each) => each.name === name)?.line ?? '';
const taken = async (name: string) =>
  JSON.parse(await takeSecrets(lineOf(name))) as Record<string, Record<string, string>>;

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

  test('wait for a server that Nova lets nobody tell anything', async () => {
    servers = servers.map((each) => ({ ...each, mayBeTold: false }));
    expect((await provide()).offered).toEqual([]);
    servers = servers.map((each) => ({ ...each, mayBeTold: true }));
    expect((await provide()).offered).toEqual(['alice-consul-1', 'alice-queue-1']);
  });

  test('go with the lease, and no other ones', async () => {
    await provide();
    values.set('secret:lease/alice-2/consul/gossip-key', 'x');
    await removeLeaseSecrets(store, 'alice');
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
