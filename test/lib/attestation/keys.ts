import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatePrivateKey, type PrivateKey } from 'sshpk';

/** A key pair as `ssh-keygen -t ed25519` makes it. */
export interface TestKey {
  /** Path of the private key. */
  readonly file: string;
  /** The line of the `.pub` file. */
  readonly line: string;
  readonly pair: PrivateKey;
}

export function makeKey(folder: string, name: string, passphrase?: string): TestKey {
  const pair = generatePrivateKey('ed25519');
  pair.comment = `${name}@host`;
  const file = join(folder, name);
  const options = passphrase === undefined ? {} : { passphrase };
  writeFileSync(file, pair.toBuffer('ssh-private', options));
  chmodSync(file, 0o600);
  const line = pair.toPublic().toString('ssh');
  writeFileSync(`${file}.pub`, `${line}\n`);
  return { file, line, pair };
}
