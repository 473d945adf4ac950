import { hash } from 'node:crypto';
import { type BootToken, readBootToken, writeBootToken } from '../../bring-up/boot-token.ts';
import type { ServerSecrets } from '../../components/boot-secrets.ts';
import type { BootServer, BootServers } from '../../openstack-api/boot-servers.ts';
import type { BootSecrets } from '../../secrets/boot-secrets.ts';
import type { SecretRef } from '../../secrets/secret.ts';
import { type LeaseSecretsProps, type MadeSecrets, makeSecrets, valuesOf } from './make.ts';

export interface Provision extends LeaseSecretsProps {
  readonly bootSecrets: BootSecrets;
  readonly servers: BootServers;
  /** How long a token is good for. */
  readonly ttlSeconds: number;
  /** Values of the store that were changed on purpose: whoever needs one is told anew, though it took the old one. @default - none */
  readonly changed?: ReadonlySet<SecretRef>;
}

/** What became of the servers that need secrets, by their names. */
export interface Provided {
  /** Told where to get them, by this run. */
  readonly offered: readonly string[];
  /** Have them, or were told before and still have time. */
  readonly others: readonly string[];
  /** How many secrets were made, which the lease or its trust had not yet, and certificates that were renewed. */
  readonly made: number;
}

/**
 * Hands each server that has none yet a token for its secrets, which are made where the lease has none. A server whose token was used
 * before its end has them, and is told nothing more, until it needs others, a certificate is renewed or a value was changed on purpose; one that let it end is offered
 * another. Safe to repeat.
 */
export async function provideBootSecrets(provision: Provision): Promise<Provided> {
  const { needs, servers } = provision;
  const secrets = await makeSecrets(provision);
  const offered: string[] = [];
  const others: string[] = [];
  for (const server of await servers.list()) {
    const own = Object.hasOwn(needs, server.name) ? needs[server.name] : undefined;
    if (own === undefined) continue;
    const isOffered = await provideServer(provision, server, own, secrets);
    (isOffered ? offered : others).push(server.name);
  }
  return { offered, others, made: secrets.made };
}

async function provideServer(
  provision: Provision,
  server: BootServer,
  own: ServerSecrets,
  { certificates, renewed }: MadeSecrets,
): Promise<boolean> {
  const { bootSecrets, servers, now, ttlSeconds, changed } = provision;
  const taken = writeBootToken(takenOf(own, certificates));
  const before = readBootToken(server.line);
  const isRenewed = Object.entries(own).some(([component, secrets]) =>
    Object.keys(secrets).some((name) => renewed.has(`${component}/${name}`)),
  );
  const isChanged = Object.values(own).some((secrets) =>
    Object.values(secrets).some(({ reference }) => changed?.has(reference as SecretRef) === true),
  );
  const isDue = isRenewed || isChanged;
  if (!isDue && server.line === taken) return false;
  if (!isDue && before !== undefined && before.kind !== 'taken' && before.until > now().getTime() / 1000) {
    if (!(await bootSecrets.isSpent(before))) return false;
    // It was used in time: by the server, or by somebody whom the server then tells of.
    if (server.mayBeTold) await servers.tell(server.id, taken);
    return false;
  }
  if (!server.mayBeTold) return false;
  const token = await bootSecrets.offer(await valuesOf(provision, own), ttlSeconds);
  await servers.tell(server.id, writeBootToken(token));
  return true;
}

/**
 * What a server has: names of secrets, and which certificates, never more, for it stands in metadata. A renewed certificate is another one,
 * so that servers are offered it.
 */
function takenOf(own: ServerSecrets, certificates: MadeSecrets['certificates']): BootToken {
  const names = Object.entries(own).map(([component, secrets]) => [component, Object.keys(secrets).sort()] as const);
  const shown = Object.entries(own).flatMap(([component, secrets]) =>
    Object.keys(secrets).flatMap((name) => certificates.get(`${component}/${name}`) ?? []),
  );
  const all = [
    ...names.sort(([a], [b]) => (a < b ? -1 : 1)),
    ...shown.map(({ fingerprint256 }) => fingerprint256).sort(),
  ];
  const digest = hash('sha256', JSON.stringify(all)).slice(0, 16);
  const ends = shown.map(({ validTo }) => Math.floor(Date.parse(validTo) / 1000));
  return { kind: 'taken', digest, ...(ends.length === 0 ? {} : { until: Math.min(...ends) }) };
}
