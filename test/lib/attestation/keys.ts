import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sshpk from 'sshpk';

/** A key pair as `ssh-keygen -t ed25519` makes it. */
export interface TestKey {
  /** Path of the private key. */
  readonly file: string;
  /** The line of the `.pub` file. */
  readonly line: string;
  readonly key: KeyObject;
}

const text = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const TYPE = Buffer.from('ssh-ed25519');

/** @param isWanted of the 32 bytes of the private key */
export function makeKey(
  folder: string,
  name: string,
  { passphrase, isWanted = () => true }: { passphrase?: string; isWanted?: (seed: Buffer) => boolean } = {},
): TestKey {
  let key: KeyObject;
  let seed: Buffer;
  do {
    key = generateKeyPairSync('ed25519').privateKey;
    seed = key.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  } while (!isWanted(seed));
  const file = join(folder, name);
  const open = openSsh(key, seed, name);
  const sealed =
    passphrase === undefined
      ? open
      : sshpk.parsePrivateKey(open, 'ssh-private').toBuffer('ssh-private', { passphrase });
  writeFileSync(file, sealed);
  chmodSync(file, 0o600);
  const line = `ssh-ed25519 ${publicBlob(key).toString('base64')} ${name}@host`;
  writeFileSync(`${file}.pub`, `${line}\n`);
  return { file, line, key };
}

function publicBlob(key: KeyObject): Buffer {
  const { x = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([text(TYPE), text(Buffer.from(x, 'base64url'))]);
}

/** The private key file of OpenSSH (PROTOCOL.key), without a passphrase. */
function openSsh(key: KeyObject, seed: Buffer, comment: string): string {
  const blob = publicBlob(key);
  const check = Buffer.from([1, 2, 3, 4]);
  const secret = text(Buffer.concat([seed, blob.subarray(-32)]));
  const inner = Buffer.concat([check, check, blob, secret, text(Buffer.from(comment))]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, (8 - (inner.length % 8)) % 8);
  const none = text(Buffer.from('none'));
  const one = Buffer.from([0, 0, 0, 1]);
  const magic = Buffer.from('openssh-key-v1\0');
  const whole = Buffer.concat([
    magic,
    none,
    none,
    text(Buffer.alloc(0)),
    one,
    text(blob),
    text(Buffer.concat([inner, padding])),
  ]);
  const body = whole.toString('base64').replace(/.{70}/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
