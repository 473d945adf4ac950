import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { z } from 'zod';
import { isMissing, writeFileAtomic } from '../fs/files.ts';
import { guarded } from '../fs/guard.ts';
import { identitiesOf, openWith } from './age.ts';
import { noSuchSecret, secretsUnreadable } from './errors.ts';
import { Secret, type SecretRef, type SecretStore } from './secret.ts';

export interface FileSecretsProps {
  /** The encrypted file; may be committed. */
  readonly file: string;
  /** File with the age identity, mode 0600. Made with the first secret. */
  readonly keyFile: string;
  /** The operator's environment: TANDEM_SECRETS_KEY holds the identity itself, and comes before the file. */
  readonly environment: NodeJS.ProcessEnv;
}

const contents = z.record(z.string(), z.string());

/** Secrets in one file, encrypted by age (X25519, ChaCha20-Poly1305) to one identity. The embedded default: it needs no service. */
export function fileSecrets(props: FileSecretsProps): SecretStore {
  const change = async (alter: (secrets: Map<string, string>) => unknown, makeKey: boolean): Promise<void> => {
    // Read, alter and write as one: two who put at once must both be kept.
    await guarded(dirname(props.file), async () => {
      const identity = readKey(props) ?? (makeKey ? await newKey(props) : undefined);
      if (identity === undefined) return;
      const secrets = await read(props, identity);
      alter(secrets);
      await write(props, identity, secrets);
    });
  };
  return {
    put: (reference, value) => change((secrets) => secrets.set(reference, value.unwrap()), true),
    remove: (reference) => change((secrets) => secrets.delete(reference), false),
    async use<T>(reference: SecretRef, action: (secret: Secret) => Promise<T>): Promise<T> {
      const identity = readKey(props);
      const value = identity === undefined ? undefined : (await read(props, identity)).get(reference);
      if (value === undefined) throw noSuchSecret(reference, props.file);
      return action(new Secret(value, reference));
    },
  };
}

/** Where the key is kept: with the user, never in the project. */
export function defaultKeyFile(environment: NodeJS.ProcessEnv, organisation: string): string {
  const home = environment['XDG_CONFIG_HOME'] ?? join(environment['HOME'] ?? '', '.config');
  return join(home, 'tandem', `${organisation}.agekey`);
}

/** The first identity, which seals what is put. */
function readKey({ environment, keyFile }: FileSecretsProps): string | undefined {
  return identitiesOf(environment, keyFile)[0];
}

async function newKey({ keyFile }: FileSecretsProps): Promise<string> {
  const identity = await generateIdentity();
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
  writeFileAtomic(
    keyFile,
    `# Opens Tandem's secret store. Share it with those who deploy, never through git.\n${identity}\n`,
  );
  return identity;
}

async function read({ file }: FileSecretsProps, identity: string): Promise<Map<string, string>> {
  let sealed: Uint8Array;
  try {
    sealed = readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return new Map();
    throw error;
  }
  const text = await openWith([identity], sealed);
  try {
    return new Map(Object.entries(contents.parse(JSON.parse(text ?? ''))));
  } catch {
    // The cause may quote what was decrypted.
    throw secretsUnreadable(file, 'it was written with another key, or is damaged');
  }
}

async function write(
  { file }: FileSecretsProps,
  identity: string,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const sorted = Object.fromEntries([...secrets].sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileAtomic(file, await encrypter.encrypt(JSON.stringify(sorted)));
}
