import { hash, randomBytes, randomInt } from 'node:crypto';
import { type BootValues, readBootToken, writeBootToken } from '../../bring-up/boot-token.ts';
import type { LeaseSecret, ServerSecrets } from '../../components/boot-secrets.ts';
import type { BootServer, BootServers } from '../../openstack-api/boot-servers.ts';
import type { BootSecrets } from '../../secrets/boot-secrets.ts';
import { Secret, type SecretRef, type SecretStore } from '../../secrets/secret.ts';

export interface Provision {
  readonly lease: string;
  /** What each server needs, by its name. */
  readonly needs: Readonly<Record<string, ServerSecrets>>;
  readonly store: SecretStore;
  readonly bootSecrets: BootSecrets;
  readonly servers: BootServers;
  readonly now: () => Date;
  /** How long a token is good for. */
  readonly ttlSeconds: number;
}

/** What became of the servers that need secrets, by their names. */
export interface Provided {
  /** Told where to get them, by this run. */
  readonly offered: readonly string[];
  /** Have them, or were told before and still have time. */
  readonly others: readonly string[];
  /** How many secrets were made, of a lease that had them not yet. */
  readonly made: number;
}

/**
 * Hands each server that has none yet a token for its secrets, which are made where the lease has none. A server whose token was used
 * before its end has them, and is told nothing more; one that let it end is offered another: where it has them all the same, it ignores
 * it. Safe to repeat.
 */
export async function provideBootSecrets(provision: Provision): Promise<Provided> {
  const { needs, servers } = provision;
  const made = await makeSecrets(provision);
  const offered: string[] = [];
  const others: string[] = [];
  for (const server of await servers.list()) {
    const own = Object.hasOwn(needs, server.name) ? needs[server.name] : undefined;
    if (own === undefined) continue;
    const isOffered = await provideServer(provision, server, own);
    (isOffered ? offered : others).push(server.name);
  }
  return { offered, others, made };
}

async function provideServer(provision: Provision, server: BootServer, own: ServerSecrets): Promise<boolean> {
  const { bootSecrets, servers, now, ttlSeconds } = provision;
  const digest = digestOf(own);
  const before = readBootToken(server.line);
  if (before?.kind === 'taken' && before.digest === digest) return false;
  if (before !== undefined && before.kind !== 'taken' && before.until > now().getTime() / 1000) {
    if (!(await bootSecrets.isSpent(before))) return false;
    // It was used in time: by the server, or by somebody whom the server then tells of.
    if (server.mayBeTold) await servers.tell(server.id, writeBootToken({ kind: 'taken', digest }));
    return false;
  }
  if (!server.mayBeTold) return false;
  const token = await bootSecrets.offer(await valuesOf(provision, own), ttlSeconds);
  await servers.tell(server.id, writeBootToken(token));
  return true;
}

/** Of names alone: it stands in metadata. */
function digestOf(own: ServerSecrets): string {
  const names = Object.entries(own).map(([component, secrets]) => [component, Object.keys(secrets).sort()] as const);
  return hash('sha256', JSON.stringify(names.sort(([a], [b]) => (a < b ? -1 : 1)))).slice(0, 16);
}

function secretsFolder(lease: string): string {
  return `secret:lease/${lease}/`;
}

function referenceOf(lease: string, { of, name }: { readonly of: string; readonly name: string }): SecretRef {
  return `${secretsFolder(lease)}${of}/${name}` as SecretRef;
}

/** @returns how many */
async function makeSecrets({ lease, needs, store }: Provision): Promise<number> {
  const wanted = new Map<SecretRef, LeaseSecret['kind']>();
  for (const own of Object.values(needs))
    for (const secrets of Object.values(own))
      for (const [name, { of, kind }] of Object.entries(secrets)) wanted.set(referenceOf(lease, { of, name }), kind);
  const known = new Set(await store.list());
  const missing = [...wanted].filter(([reference]) => !known.has(reference)).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [reference, kind] of missing) await store.put(reference, new Secret(newValue(kind), reference));
  return missing.length;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function newValue(kind: LeaseSecret['kind']): string {
  if (kind === 'key32') return randomBytes(32).toString('base64');
  return Array.from({ length: 32 }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('');
}

async function valuesOf({ lease, store }: Provision, own: ServerSecrets): Promise<BootValues> {
  const values: Record<string, Record<string, string>> = {};
  for (const [component, secrets] of Object.entries(own))
    for (const [name, { of }] of Object.entries(secrets))
      await store.use(referenceOf(lease, { of, name }), async (secret) => {
        await Promise.resolve();
        values[component] = { ...values[component], [name]: secret.unwrap() };
      });
  return values;
}

/** Forgets what a lease had. */
export async function removeLeaseSecrets(store: SecretStore, lease: string): Promise<void> {
  for (const each of await store.list()) if (each.startsWith(secretsFolder(lease))) await store.remove(each);
}
