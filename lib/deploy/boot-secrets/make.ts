import { randomBytes, type X509Certificate } from 'node:crypto';
import pLimit from 'p-limit';
import type { BootValues } from '../../bring-up/boot-token.ts';
import { secretNames } from '../../bring-up/component.ts';
import type { LeaseSecret, ServerSecrets } from '../../components/boot-secrets.ts';
import { isDue, newAuthority, newCertificate, partsOf, readCertificate } from '../../secrets/certificate.ts';
import { linkKey } from '../../secrets/link-key.ts';
import { randomText } from '../../secrets/random-text.ts';
import { Secret, type SecretRef, type SecretStore } from '../../secrets/secret.ts';

export interface LeaseSecretsProps {
  readonly lease: string;
  /** Where the store has what is theirs alone, without a slash at the end. @default - `lease/<lease>` */
  readonly folder?: string | undefined;
  /** What each server needs, by its name. */
  readonly needs: Readonly<Record<string, ServerSecrets>>;
  readonly store: SecretStore;
  readonly now: () => Date;
}

/** The secrets of a lease, as they are in the store. */
export interface MadeSecrets {
  /** How many were made, or made anew. */
  readonly made: number;
  /** Certificates, by component and name of the secret: `consul/tls`. */
  readonly certificates: ReadonlyMap<string, X509Certificate>;
  /** Those of them that this run made: no earlier token brings them. */
  readonly renewed: ReadonlySet<string>;
}

/** Of two leases with one trust, the second one finds what the first made. */
const oneAfterTheOther = pLimit(1);

/** Makes what a lease, or its trust, does not have yet, and certificates that end soon. Safe to repeat. */
export async function makeSecrets(props: LeaseSecretsProps): Promise<MadeSecrets> {
  return await oneAfterTheOther(() => makeMissing(props));
}

async function makeMissing({ lease, folder, needs, store, now }: LeaseSecretsProps): Promise<MadeSecrets> {
  const known = new Set(await store.list());
  const certificates = new Map<string, X509Certificate>();
  const renewed = new Set<string>();
  let made = 0;
  const keep = async (reference: SecretRef, value: string): Promise<void> => {
    await store.put(reference, new Secret(value, reference));
    known.add(reference);
    made += 1;
  };
  for (const { component, name, secret } of secretsIn(needs)) {
    const { of, kind, trust, reference: shared, names = [] } = secret;
    if (shared !== undefined) {
      if (!known.has(shared as SecretRef)) made += 1;
      await linkKey(store, shared as SecretRef);
      continue;
    }
    if (kind !== 'certificate') {
      const reference = sharedReference(folderOf({ lease, folder }), secret, name);
      if (!known.has(reference)) await keep(reference, newValue(kind));
      continue;
    }
    const signer = authorityReference(folderOf({ lease, folder }), secret, name);
    const owner = trust === undefined ? `lease ${lease}` : `trust ${trust}`;
    if (!known.has(signer)) await keep(signer, await newAuthority(`${of} of ${owner}`, now()));
    const authority = await read(store, signer);
    const own = certificateReference(folderOf({ lease, folder }), component, name);
    const isGood =
      known.has(own) && !isDue(readCertificate(await read(store, own)), readCertificate(authority), names, now());
    if (!isGood) {
      await keep(own, await newCertificate(authority, names, now()));
      renewed.add(`${component}/${name}`);
    }
    certificates.set(`${component}/${name}`, readCertificate(await read(store, own)).certificate);
  }
  return { made, certificates, renewed };
}

/** The values that a server needs, by the names that its files have. */
export async function valuesOf(
  props: Pick<LeaseSecretsProps, 'lease' | 'folder' | 'store'>,
  own: ServerSecrets,
): Promise<BootValues> {
  const folder = folderOf(props);
  const values: Record<string, Record<string, string>> = {};
  for (const [component, secrets] of Object.entries(own))
    for (const [name, secret] of Object.entries(secrets))
      Object.assign((values[component] ??= {}), await valueOf(props.store, folder, component, name, secret));
  return values;
}

async function valueOf(
  store: SecretStore,
  folder: string,
  component: string,
  name: string,
  secret: LeaseSecret,
): Promise<Record<string, string>> {
  if (secret.kind !== 'certificate') return { [name]: await read(store, sharedReference(folder, secret, name)) };
  const authority = await read(store, authorityReference(folder, secret, name));
  const certificate = await read(store, certificateReference(folder, component, name));
  const parts = Object.values(partsOf(authority, certificate));
  return Object.fromEntries(secretNames({ name, kind: secret.kind }).map((each, at) => [each, parts[at] ?? '']));
}

/** Forgets what a lease had. What a trust has stays, with whoever names it next. */
export async function removeLeaseSecrets(
  store: SecretStore,
  props: Pick<LeaseSecretsProps, 'lease' | 'folder'>,
): Promise<void> {
  for (const each of await store.list()) if (each.startsWith(`secret:${folderOf(props)}/`)) await store.remove(each);
}

/** Each once, in order, whichever servers need it: a certificate with the names of all of them. */
function secretsIn(needs: LeaseSecretsProps['needs']) {
  const found = new Map<string, { readonly component: string; readonly name: string; readonly secret: LeaseSecret }>();
  for (const own of Object.values(needs))
    for (const [component, secrets] of Object.entries(own))
      for (const [name, secret] of Object.entries(secrets)) {
        // Servers of one tier may each have a value of their own by a name: keys of tunnels.
        const key = secret.reference ?? `${component}/${name}`;
        const names = [...(found.get(key)?.secret.names ?? []), ...(secret.names ?? [])];
        found.set(key, { component, name, secret: { ...secret, names: [...new Set(names)] } });
      }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function folderOf({ lease, folder }: Pick<LeaseSecretsProps, 'lease' | 'folder'>): string {
  return folder ?? `lease/${lease}`;
}

/** Of what several components, or leases, have the same of. */
function sharedReference(own: string, { of, trust, reference }: LeaseSecret, name: string): SecretRef {
  if (reference !== undefined) return reference as SecretRef;
  const folder = trust === undefined ? own : `trust/${trust}`;
  return `secret:${folder}/${of}/${name}` as SecretRef;
}

function authorityReference(own: string, secret: LeaseSecret, name: string): SecretRef {
  return sharedReference(own, secret, `${name}-authority`);
}

function certificateReference(own: string, component: string, name: string): SecretRef {
  return `secret:${own}/${component}/${name}` as SecretRef;
}

async function read(store: SecretStore, reference: SecretRef): Promise<string> {
  return await store.use(reference, (secret) => Promise.resolve(secret.unwrap()));
}

function newValue(kind: Exclude<LeaseSecret['kind'], 'certificate'>): string {
  return kind === 'key32' ? randomBytes(32).toString('base64') : randomText(32);
}
