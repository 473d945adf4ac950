import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';

/** An Ed25519 key of OpenSSH. */
export interface PublicKey {
  /** Its fingerprint, as `ssh-keygen -l` prints it: `SHA256:…`. */
  readonly keyid: string;
  /** As OpenSSH sends it. */
  readonly blob: Buffer;
}

/** DER of an Ed25519 public key, up to its 32 bytes. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const TYPE = 'ssh-ed25519';

/** The key of a line such as `ssh-ed25519 AAAA… alice@laptop`; undefined where it is another kind. */
export function publicKeyOf(line: string): PublicKey | undefined {
  const [type, body = ''] = line.trim().split(/ +/);
  return type === TYPE ? publicKeyIn(Buffer.from(body, 'base64')) : undefined;
}

/** The key that bytes of OpenSSH's wire format hold; undefined where they are another kind. */
export function publicKeyIn(blob: Buffer): PublicKey | undefined {
  if (blob.length !== 51 || !blob.subarray(0, 19).equals(HEAD)) return undefined;
  return { keyid: `SHA256:${hash('sha256', blob, 'base64').replace(/=+$/, '')}`, blob };
}

const HEAD = Buffer.concat([Buffer.from([0, 0, 0, TYPE.length]), Buffer.from(TYPE), Buffer.from([0, 0, 0, 32])]);

/** The public key of a private one that Node holds. */
export function publicKeyFrom(key: KeyObject): PublicKey | undefined {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return publicKeyIn(Buffer.concat([HEAD, der.subarray(-32)]));
}

/** Whether a signature of a message is this key's. */
export function isSignedBy({ blob }: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, blob.subarray(-32)]), type: 'spki', format: 'der' });
  return signature.length === 64 && verify(null, message, key, signature);
}
