import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { armor, Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { writeFileAtomic } from '../fs/files.ts';
import { noPlaceForKey, secretsKeyUnusable } from './errors.ts';

const ARMOUR = '-----BEGIN AGE ENCRYPTED FILE-----';
const BINARY = 'age-encryption.org/';

/** Encrypts text to age recipients (`age1…`), any of whom can open it. In ASCII armour, several lines: `age --decrypt` reads it too. */
export async function sealTo(recipients: readonly string[], text: string): Promise<string> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return `${armor.encode(await encrypter.encrypt(text)).trimEnd()}\n`;
}

/** What was encrypted by `sealTo`, or by age in its binary form; undefined where no identity opens it, or it is damaged. */
export async function openWith(
  identities: readonly string[],
  sealed: string | Uint8Array,
): Promise<string | undefined> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(toBinary(sealed), 'text');
  } catch {
    // The cause may quote what was decrypted.
    return undefined;
  }
}

function toBinary(sealed: string | Uint8Array): Uint8Array {
  if (typeof sealed === 'string') return armor.decode(sealed);
  const isArmoured = Buffer.from(sealed.subarray(0, ARMOUR.length)).toString('latin1') === ARMOUR;
  return isArmoured ? armor.decode(Buffer.from(sealed).toString('latin1')) : sealed;
}

/** Whether this is encrypted, in armour or binary, rather than clear text. */
export function isSealed(content: string | Uint8Array): boolean {
  const head = typeof content === 'string' ? content : Buffer.from(content.subarray(0, 64)).toString('latin1');
  return head.trimStart().startsWith(ARMOUR) || head.startsWith(BINARY);
}

/** The recipients that identities stand for. */
export function recipientsOf(identities: readonly string[]): Promise<string[]> {
  return Promise.all(identities.map((identity) => identityToRecipient(identity)));
}

const KEY = /^AGE-SECRET-KEY-1[0-9A-Z]+$/gm;

/**
 * The operator's age identities: those in TANDEM_SECRETS_KEY, else those in the key file, a line each. None where neither is there.
 * @throws TandemError `secrets-key` where one is there and cannot be used
 */
export function identitiesOf(environment: NodeJS.ProcessEnv, keyFile: string | undefined): string[] {
  const given = environment['TANDEM_SECRETS_KEY'];
  if (given !== undefined && given !== '') return identitiesIn(given, 'TANDEM_SECRETS_KEY');
  const text = keyFile === undefined || !existsSync(keyFile) ? undefined : readFileSync(keyFile, 'utf8');
  if (keyFile === undefined || text === undefined) return [];
  if ((statSync(keyFile).mode & 0o077) !== 0)
    throw secretsKeyUnusable(keyFile, 'others can read it; its mode must be 0600');
  return identitiesIn(text, keyFile);
}

function identitiesIn(text: string, where: string): string[] {
  const found = text.match(KEY);
  if (found === null) throw secretsKeyUnusable(where, 'it holds no AGE-SECRET-KEY-1…');
  return [...found];
}

/** Where the identities are kept: with the user, never in the project. Undefined where the environment names no home. */
export function defaultKeyFile(environment: NodeJS.ProcessEnv, organisation: string): string | undefined {
  const { XDG_CONFIG_HOME: configured, HOME: home } = environment;
  if (configured !== undefined && isAbsolute(configured)) return join(configured, 'tandem', `${organisation}.agekey`);
  if (home === undefined || !isAbsolute(home)) return undefined;
  return join(home, '.config', 'tandem', `${organisation}.agekey`);
}

/**
 * Makes an identity and puts it before those of the key file: it seals from now on, and the others still open what was sealed for them.
 * @throws TandemError `no-place-for-key`
 */
export async function newIdentity(keyFile: string | undefined): Promise<string> {
  if (keyFile === undefined) throw noPlaceForKey();
  const identity = await generateIdentity();
  const older = identitiesOf({}, keyFile);
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
  const comment =
    "# Opens Tandem's secret store. It is yours alone: give others the public key, which `tandem secret key` prints.";
  writeFileAtomic(keyFile, `${[comment, identity, ...older].join('\n')}\n`);
  return identity;
}

/** Encrypts what flows through to age recipients, in age's binary form. */
export async function sealStream(
  recipients: readonly string[],
  clear: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return await encrypter.encrypt(clear);
}

/**
 * The clear text of what `sealStream` encrypted; undefined where no identity opens it. What was cut off or changed ends in an error of the
 * stream, after the parts before it.
 */
export async function openStream(
  identities: readonly string[],
  sealed: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(sealed);
  } catch {
    return undefined;
  }
}
