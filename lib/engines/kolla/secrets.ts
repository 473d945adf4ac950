import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, readIfThere } from '../../fs/files.ts';
import type { SecretFile } from '../../private-cloud/kolla/secret-files.ts';

/** A secret file as it was found. Holds nothing of what is in it but what certificates say in public. */
export interface SecretState {
  readonly file: SecretFile;
  /** Files that were read for it, below the folder; none where it is missing. */
  readonly found: readonly string[];
  /** What is wrong, each a clause that begins with a path. */
  readonly faults: readonly string[];
  /** When its first certificate expires. */
  readonly until?: Date;
}

/**
 * Looks at the files that a deployment reads: whether they are there and can be read as what they are, whether certificates hold at a
 * time, carry the names that clients ask for, and belong to their keys. What Ansible Vault encrypted is not looked into. Passwords
 * are not read.
 */
export function inspectSecrets(folder: string, files: readonly SecretFile[], at: Date): SecretState[] {
  const there = listOf(folder);
  return files.map((file): SecretState => {
    const instead = (file.instead ?? []).flatMap((each) => there.filter((path) => patternOf(each).test(path)));
    const own = file.path.endsWith('/')
      ? there.filter((path) => path.startsWith(file.path))
      : there.filter((path) => path === file.path);
    const found = [...own, ...instead];
    if (found.length === 0) return { file, found, faults: [`${file.path} is missing`] };
    const looked = found.map((path) => look(folder, path, file, at));
    const untils = looked.flatMap(({ until }) => (until === undefined ? [] : [until.getTime()]));
    return {
      ...{ file, found, faults: looked.flatMap(({ faults }) => faults) },
      ...(untils.length === 0 ? {} : { until: new Date(Math.min(...untils)) }),
    };
  });
}

interface Looked {
  readonly faults: readonly string[];
  readonly until?: Date;
}

function look(folder: string, path: string, file: SecretFile, at: Date): Looked {
  const text = file.kind === 'passwords' || file.kind === 'image' ? undefined : readIfThere(join(folder, path));
  if (text === undefined || text.startsWith('$ANSIBLE_VAULT;')) return { faults: [] };
  switch (file.kind) {
    case 'certificate':
    case 'certificate-and-key': {
      const keyPath = file.kind === 'certificate' ? file.key : path;
      const key = keyPath === path ? text : readIfThere(join(folder, keyOf(path, keyPath)));
      return certificate(path, text, key, file.names ?? [], at);
    }
    case 'authorities':
      return certificate(path, text, undefined, [], at);
    case 'key':
      return { faults: keyIn(text) === undefined ? [`${path} holds no private key that can be read`] : [] };
    case 'keyring':
      return { faults: /^\s*key\s*=\s*\S+/m.test(text) ? [] : [`${path} has no line "key = …"`] };
    default:
      return { faults: /^\s*mon[_ ]host\s*=/m.test(text) ? [] : [`${path} has no line "mon_host = …"`] };
  }
}

/** The key of a certificate that stands elsewhere stands there too: `control-1-cert.pem` has `control-1-key.pem`. */
function keyOf(path: string, key: string | undefined): string {
  return path.endsWith('-cert.pem') ? path.replace(/-cert\.pem$/, '-key.pem') : (key ?? path);
}

function certificate(path: string, text: string, key: string | undefined, names: readonly string[], at: Date): Looked {
  const parts = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  let chain: X509Certificate[];
  try {
    chain = parts.map((each) => new X509Certificate(each));
  } catch {
    return { faults: [`${path} holds a certificate that cannot be read`] };
  }
  const [own] = chain;
  if (own === undefined) return { faults: [`${path} holds no certificate`] };
  const faults: string[] = [];
  const until = new Date(Math.min(...chain.map((each) => each.validToDate.getTime())));
  if (until <= at) faults.push(`${path} expired on ${until.toISOString().slice(0, 10)}`);
  if (own.validFromDate > at) faults.push(`${path} holds from ${own.validFromDate.toISOString().slice(0, 10)} only`);
  for (const name of names)
    if (!(/^[\d.]+$|:/.test(name) ? own.checkIP(name) : own.checkHost(name)))
      faults.push(`${path} does not carry the name ${name}`);
  if (key !== undefined) {
    const read = keyIn(key);
    if (read === undefined) faults.push(`${path}: its private key cannot be read`);
    else if (!own.checkPrivateKey(read)) faults.push(`${path} and its private key do not belong together`);
  }
  return { faults, until };
}

/** One that is encrypted is none: no service asks for a passphrase. */
function keyIn(text: string) {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}

/** Files below the folder, where the release looks for any. A folder that is not there has none. */
function listOf(folder: string, below = ''): string[] {
  try {
    return readdirSync(join(folder, below))
      .sort()
      .flatMap((name) => {
        const path = below === '' ? name : `${below}/${name}`;
        return statSync(join(folder, path)).isDirectory() ? listOf(folder, path) : [path];
      });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/[.+]/g, '\\$&').replaceAll(/<\w+>/g, '[^/]+')}$`);
}
