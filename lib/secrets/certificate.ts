import { createPrivateKey, generateKeyPairSync, hash, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import type { Certificate, Identity } from 'sshpk';

/** A certificate with its private key, as the store keeps both: two blocks of PEM. */
export interface KeptCertificate {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

const DAY = 86_400_000;
/** Of an authority: nothing replaces one while servers stand, for they would have to trust the old and the new one for a while. */
const AUTHORITY_DAYS = 3650;
/** Of what it signs, and when that is renewed by whoever deploys. */
const CERTIFICATE_DAYS = 730;
const RENEWED_BELOW_DAYS = 365;
/** Servers whose clock is behind by less than this take it at once. */
const SKEW = 300_000;

const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const ALTERNATIVE_NAMES = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY_ID = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';

interface Extension {
  readonly oid: string;
  readonly critical?: true;
  /** DER, of those that the library does not write itself. */
  readonly data?: Buffer;
}

interface Parts {
  readonly subject: readonly Identity[];
  readonly issuer: Identity;
  readonly issuerKey: KeyObject;
  readonly until: Date;
  readonly purposes: readonly string[];
  readonly extensions: readonly Extension[];
}

/** An authority that signs nothing but the certificates of one component. @returns its certificate and key in PEM */
export async function newAuthority(name: string, now: Date): Promise<string> {
  const { identityFromArray } = await library();
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = identityFromArray([{ name: 'cn', value: name }]);
  return await signed(pair, now, {
    subject: [own],
    issuer: own,
    issuerKey: pair.privateKey,
    until: new Date(now.getTime() + AUTHORITY_DAYS * DAY),
    purposes: ['ca', 'crl'],
    extensions: [
      { oid: BASIC_CONSTRAINTS, critical: true },
      { oid: KEY_USAGE, critical: true },
      { oid: SUBJECT_KEY_ID, data: keyId(pair.publicKey) },
    ],
  });
}

/**
 * A certificate for servers and clients of TLS.
 * @param names in DNS; the first is its subject
 * @returns certificate and key in PEM
 */
export async function newCertificate(authority: string, names: readonly string[], now: Date): Promise<string> {
  const { identityForHost, parseCertificate } = await library();
  const { certificate: issuer, key } = readCertificate(authority);
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = keyId(issuer.publicKey).subarray(2);
  return await signed(pair, now, {
    subject: names.map((name) => identityForHost(name)),
    issuer: parseCertificate(issuer.toString(), 'pem').subjects[0] as Identity,
    issuerKey: key,
    until: new Date(Math.min(now.getTime() + CERTIFICATE_DAYS * DAY, Date.parse(issuer.validTo))),
    purposes: ['signature', 'serverAuth', 'clientAuth'],
    extensions: [
      { oid: KEY_USAGE, critical: true },
      { oid: EXTENDED_KEY_USAGE },
      { oid: ALTERNATIVE_NAMES },
      { oid: SUBJECT_KEY_ID, data: keyId(pair.publicKey) },
      { oid: AUTHORITY_KEY_ID, data: Buffer.concat([Buffer.from([0x30, 22, 0x80, 20]), id]) },
    ],
  });
}

/** Whether a certificate has to be made anew: it is of another authority, for other names, or has less than a year left. */
export function isDue(kept: KeptCertificate, authority: KeptCertificate, names: readonly string[], now: Date): boolean {
  const { certificate } = kept;
  const { certificate: issuer } = authority;
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return true;
  if (certificate.subjectAltName !== names.map((name) => `DNS:${name}`).join(', ')) return true;
  // What ends with its authority is followed by none that would last longer.
  return (
    certificate.validTo !== issuer.validTo && Date.parse(certificate.validTo) - now.getTime() < RENEWED_BELOW_DAYS * DAY
  );
}

/** What `newAuthority` and `newCertificate` gave. @throws where it is something else */
export function readCertificate(text: string): KeptCertificate {
  return { certificate: new X509Certificate(text), key: createPrivateKey(text) };
}

/** What servers get: the authority, without its key, and what it signed. */
export function partsOf(
  authority: string,
  certificate: string,
): Readonly<Record<'authority' | 'certificate' | 'key', string>> {
  const own = readCertificate(certificate);
  return {
    authority: readCertificate(authority).certificate.toString(),
    certificate: own.certificate.toString(),
    key: keyText(own.key),
  };
}

async function signed(
  pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  now: Date,
  { subject, issuer, issuerKey, until, purposes, extensions }: Parts,
): Promise<string> {
  const { Certificate: Constructor, parseKey, parsePrivateKey } = await library();
  // Built by parts: what the library makes by itself has empty extensions, which strict readers refuse.
  const certificate: Certificate = new (Constructor as unknown as new (parts: object) => Certificate)({
    subjects: subject,
    issuer,
    subjectKey: parseKey(pair.publicKey.export({ type: 'spki', format: 'pem' }), 'pem'),
    serial: Buffer.concat([Buffer.from([0x40]), randomBytes(15)]),
    validFrom: new Date(now.getTime() - SKEW),
    validUntil: until,
    purposes,
    signatures: { x509: { extras: { exts: extensions } } },
  });
  certificate.signWith(parsePrivateKey(keyText(issuerKey), 'pem'));
  return `${certificate.toString('pem')}\n${keyText(pair.privateKey)}`;
}

/** As an extension has it: the SHA-1 of the public key's bits, which every reader takes for a name and nothing else. */
function keyId(key: KeyObject): Buffer {
  const point = key.export({ type: 'spki', format: 'der' }).subarray(-65);
  return Buffer.concat([Buffer.from([0x04, 20]), Buffer.from(hash('sha1', point), 'hex')]);
}

function keyText(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function library() {
  const { default: all } = await import('sshpk');
  return all;
}
