import type { X509Certificate } from 'node:crypto';
import { inspect } from './inspect.ts';
import type { PemContent } from './pem.ts';
import type { CertificateUse } from './uses.ts';

/**
 * Why a new certificate must not take the place of the old one yet; empty where it may. Its authority has to be trusted before anybody
 * shows it, since clients and servers change at different moments. Pure.
 */
export function refusals(
  use: CertificateUse,
  fresh: PemContent,
  old: PemContent | undefined,
  trusted: readonly X509Certificate[],
  now: Date,
): string[] {
  if (fresh.isEncrypted)
    return ['it is encrypted by ansible-vault, so that nothing of it can be checked: lay it down in clear'];
  const { problems } = inspect(fresh, { names: use.names, needsKey: use.needsKey, trusted }, now, 0);
  const [before] = old?.certificates ?? [];
  const [after] = fresh.certificates;
  if (before === undefined || after === undefined) return [...problems];
  // What an interrupted rotation has put in place already is brought to the rest of the hosts.
  if (before.fingerprint256 === after.fingerprint256) return [...problems];
  return Date.parse(after.validTo) <= Date.parse(before.validTo)
    ? [...problems, `it ends ${after.validTo}, no later than the old one`]
    : [...problems];
}
