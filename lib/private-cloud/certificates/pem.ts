import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** What is in a PEM file, in order. */
export interface PemContent {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
  /** Blocks that are neither, or cannot be read: `CERTIFICATE 2`. Never their content. */
  readonly unreadable: readonly string[];
  /** Whether something of it is encrypted by ansible-vault: what that is, nobody knows here. */
  readonly isEncrypted: boolean;
}

/** How each file begins that ansible-vault encrypted. */
const VAULT = '$ANSIBLE_VAULT;';
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** Reads certificates and private keys. What it gives never holds a key's text. Pure. */
export function readPem(text: string): PemContent {
  const certificates: X509Certificate[] = [];
  const keys: KeyObject[] = [];
  const unreadable: string[] = [];
  for (const [index, [block, label = '']] of [...text.matchAll(BLOCK)].entries()) {
    try {
      if (label === 'CERTIFICATE') certificates.push(new X509Certificate(block));
      else if (label.endsWith('PRIVATE KEY')) keys.push(createPrivateKey(block));
    } catch {
      unreadable.push(`${label} ${index + 1}`);
    }
  }
  return { certificates, keys, unreadable, isEncrypted: text.includes(VAULT) };
}

/** Whether one certificate was signed by another. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Names and addresses of a certificate: `api.example.org`, `192.0.2.10`. */
export function namesOf(certificate: X509Certificate): string[] {
  const alternatives = certificate.subjectAltName?.split(', ') ?? [];
  return alternatives.flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? []);
}
