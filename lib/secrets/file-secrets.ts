import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomic } from '../fs/files.ts';
import { guarded } from '../fs/guard.ts';
import { identitiesOf, newIdentity, openWith, recipientsOf, sealTo } from './age.ts';
import { noSecretsKey, noSuchSecret, secretsNotOurs, secretsUnreadable } from './errors.ts';
import { Secret, type SecretRef, type SecretStore } from './secret.ts';

export interface FileSecretsProps {
  /** The encrypted file. It belongs into git. */
  readonly file: string;
  /** Public keys of those who open it, `age1…`. @default - the caller's own key alone */
  readonly recipients?: readonly string[];
  /** Where processes that change the file wait for each other: a folder that is not in git. */
  readonly guardFolder: string;
  /** File with the caller's age identities, mode 0600; made with the first secret. Undefined where the environment names no home. */
  readonly keyFile: string | undefined;
  /** The operator's environment: TANDEM_SECRETS_KEY holds identities itself, and comes before the file. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface FileSecrets extends SecretStore {
  /** Encrypts everything anew to today's recipients, and gives their number. */
  rotate(): Promise<number>;
}

const contents = z.record(z.string(), z.string());
type Contents = Map<string, string>;

/**
 * Secrets in one file, encrypted by age (X25519, ChaCha20-Poly1305) to each of its recipients. The embedded default: it needs no service, and git
 * brings it to every checkout.
 */
export function fileSecrets(props: FileSecretsProps): FileSecrets {
  const { file, recipients = [], environment, keyFile } = props;
  const readAll = async (identities: readonly string[]): Promise<Contents> => await read(file, identities);

  const write = async (identities: readonly string[], secrets: Contents): Promise<number> => {
    const own = await recipientsOf(identities);
    const sealedTo = recipients.length > 0 ? recipients : own.slice(0, 1);
    // Whoever writes what they cannot read again has locked themselves out.
    if (!own.some((each) => sealedTo.includes(each))) throw secretsNotOurs(file, own[0] ?? '');
    const sorted = Object.fromEntries([...secrets].sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileAtomic(file, await sealTo(sealedTo, JSON.stringify(sorted)));
    return sealedTo.length;
  };

  const present = (): readonly string[] => {
    const identities = identitiesOf(environment, keyFile);
    if (identities.length === 0 && existsSync(file)) throw noSecretsKey(file, keyFile);
    return identities;
  };

  // Read, alter and write as one: two who put at once must both be kept, and make one key.
  const change = (
    alter: (secrets: Contents) => unknown,
    identitiesFor: () => Promise<readonly string[]>,
  ): Promise<number> =>
    guarded(props.guardFolder, async () => {
      const identities = await identitiesFor();
      if (identities.length === 0) return 0;
      const secrets = await readAll(identities);
      alter(secrets);
      return await write(identities, secrets);
    });
  const known = (): Promise<readonly string[]> => Promise.resolve(present());

  return {
    async put(reference, value) {
      const orNew = async () => (present().length > 0 ? present() : [await newIdentity(keyFile)]);
      await change((secrets) => secrets.set(reference, value.unwrap()), orNew);
    },
    async remove(reference) {
      if (existsSync(file)) await change((secrets) => secrets.delete(reference), known);
    },
    async use<T>(reference: SecretRef, action: (secret: Secret) => Promise<T>): Promise<T> {
      const value = (await readAll(present())).get(reference);
      if (value === undefined) throw noSuchSecret(reference, file);
      return action(new Secret(value, reference));
    },
    list: async () => [...(await readAll(present())).keys()].sort() as SecretRef[],
    rotate: () => change(() => undefined, known),
    close: () => undefined,
  };
}

async function read(file: string, identities: readonly string[]): Promise<Contents> {
  if (!existsSync(file)) return new Map();
  const text = await openWith(identities, readFileSync(file));
  if (text === undefined) throw secretsUnreadable(file);
  try {
    return new Map(Object.entries(contents.parse(JSON.parse(text))));
  } catch {
    // The cause may quote what was decrypted.
    throw secretsUnreadable(file);
  }
}
