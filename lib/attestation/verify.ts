import { type Envelope, preAuthenticationEncoding } from './dsse.ts';
import { signatureInvalid, signatureTwice, signatureUnknown } from './errors.ts';
import { isSignedBy, type PublicKey } from './public-key.ts';

/**
 * Who signed an envelope. Every signature must be that of a known key: one that is not makes the whole file untrustworthy.
 * @param name of the file, for people
 * @throws TandemError `signature-unknown`, `signature-invalid`, `signature-twice`
 */
export function signersOf<K extends PublicKey>(envelope: Envelope, keys: readonly K[], name: string): K[] {
  const message = preAuthenticationEncoding(envelope);
  const seen = new Set<string>();
  return envelope.signatures.map(({ keyid, sig }) => {
    const key = keys.find((each) => each.keyid === keyid);
    if (key === undefined) throw signatureUnknown(name, keyid);
    if (seen.has(keyid)) throw signatureTwice(name, keyid);
    seen.add(keyid);
    if (!isSignedBy(key, message, sig)) throw signatureInvalid(name, keyid);
    return key;
  });
}
