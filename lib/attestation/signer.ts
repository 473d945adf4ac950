import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isMissing } from '../fs/files.ts';
import { agentKeys, agentSign } from './agent.ts';
import { type Envelope, preAuthenticationEncoding, type Signature } from './dsse.ts';
import { keyUnusable, noSigningKey } from './errors.ts';
import { type PublicKey, publicKeyFrom, publicKeyOf } from './public-key.ts';

/** Signs with an Ed25519 key of somebody. */
export interface Signer extends PublicKey {
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface SignerRequest {
  /** A private key, or the `.pub` file of one that an agent holds. @default - the agent's keys, then ~/.ssh/id_ed25519 */
  readonly file?: string | undefined;
  /** Fingerprints of keys that would count: taken first where there are several. */
  readonly wanted?: ReadonlySet<string>;
  /** The operator's environment: SSH_AUTH_SOCK is the agent, HOME has `.ssh`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Asks for the passphrase of a file; undefined where nobody can answer. */
  readonly passphrase: (file: string) => Promise<string | undefined>;
}

/** Opens the key that somebody signs with. @throws TandemError `no-signing-key`, `key-unusable`, `agent-failed` */
export async function openSigner(request: SignerRequest): Promise<Signer> {
  const { environment, file, wanted } = request;
  const socket = environment['SSH_AUTH_SOCK'] ?? '';
  if (file === undefined && socket !== '') {
    const keys = await agentKeys(socket).catch(() => []);
    const key = keys.find(({ keyid }) => wanted?.has(keyid) === true) ?? (keys.length === 1 ? keys[0] : undefined);
    if (key !== undefined) return byAgent(socket, key);
  }
  const home = environment['HOME'] ?? '';
  const path = file ?? (isAbsolute(home) ? join(home, '.ssh', 'id_ed25519') : undefined);
  if (path === undefined) throw noSigningKey('there is no agent, and HOME is not set');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (!isMissing(error)) throw keyUnusable(path, 'it cannot be read');
    throw noSigningKey(`${path} does not exist`);
  }
  if (!text.includes('PRIVATE KEY')) return await forPublic(path, text, socket);
  return byFile(path, await privateKey(path, text, request));
}

/** Adds somebody's signature to an envelope. */
export async function signEnvelope(envelope: Envelope, signer: Signer): Promise<Envelope> {
  const sig = await signer.sign(preAuthenticationEncoding(envelope));
  const own: Signature = { keyid: signer.keyid, sig };
  return { ...envelope, signatures: [...envelope.signatures.filter(({ keyid }) => keyid !== own.keyid), own] };
}

function byAgent(socket: string, key: PublicKey): Signer {
  return { ...key, sign: (message) => agentSign(socket, key, message) };
}

function byFile(path: string, key: KeyObject): Signer {
  const own = key.asymmetricKeyType === 'ed25519' ? publicKeyFrom(key) : undefined;
  if (own === undefined) throw keyUnusable(path, `it is a key for ${key.asymmetricKeyType ?? 'something else'}`);
  return { ...own, sign: (message) => Promise.resolve(sign(null, message, key)) };
}

/** A public key stands for the private one that the agent holds. */
async function forPublic(path: string, line: string, socket: string): Promise<Signer> {
  const own = publicKeyOf(line);
  if (own === undefined) throw keyUnusable(path, kindOf(line));
  if (socket === '')
    throw keyUnusable(path, 'it is a public key, and SSH_AUTH_SOCK names no agent that has the private one');
  const held = (await agentKeys(socket)).find(({ keyid }) => keyid === own.keyid);
  if (held === undefined) throw keyUnusable(path, 'it is a public key, and the agent does not have the private one');
  return byAgent(socket, held);
}

/** What is no key may hold anything: nothing of it is said. */
function kindOf(line: string): string {
  if (line.trim() === '') return 'it is empty';
  const type = /^(?:ssh|ecdsa|sk)-[\w@.-]{1,60}/.exec(line)?.[0];
  return type === undefined ? 'it is no key of OpenSSH' : `it is ${type}`;
}

async function privateKey(path: string, text: string, { passphrase }: SignerRequest): Promise<KeyObject> {
  const {
    default: { parsePrivateKey, KeyEncryptedError },
  } = await import('sshpk');
  const parse = (given?: string): KeyObject => {
    const options = { filename: path, ...(given === undefined ? {} : { passphrase: given }) };
    const key = parsePrivateKey(text, 'auto', options);
    if (key.type !== 'ed25519') throw keyUnusable(path, `it is a key for ${key.type}`);
    // The types of the library know no names of parts.
    const { k } = key.part as unknown as Readonly<Record<string, { readonly data: Buffer } | undefined>>;
    return fromSeed(path, k?.data ?? Buffer.alloc(0), publicKeyOf(key.toPublic().toString('ssh')));
  };
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof KeyEncryptedError)) throw unusable(path, error);
  }
  const given = await passphrase(path);
  if (given === undefined) throw keyUnusable(path, 'it has a passphrase, and nobody can be asked for it');
  try {
    return parse(given);
  } catch (error) {
    throw unusable(path, error, 'the passphrase is wrong, or the file is damaged');
  }
}

/** DER of an Ed25519 private key, up to its 32 bytes. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The library drops zeros at the beginning of a seed, one key in 256: they are put back, and the public key tells whether it is right. */
function fromSeed(path: string, seed: Buffer, own: PublicKey | undefined): KeyObject {
  const whole = Buffer.concat([Buffer.alloc(32), seed]).subarray(-32);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, whole]), type: 'pkcs8', format: 'der' });
  if (own === undefined || publicKeyFrom(key)?.keyid !== own.keyid) throw keyUnusable(path, 'the file is damaged');
  return key;
}

/** Errors of the parser may quote the file. */
function unusable(path: string, error: unknown, why = 'it is no private key of OpenSSH for Ed25519'): Error {
  const isOurs = error instanceof Error && 'code' in error && error.code === 'key-unusable';
  return isOurs ? error : keyUnusable(path, why);
}
