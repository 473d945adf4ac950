import type { X509Certificate } from 'node:crypto';
import { isIpv4 } from '../../net/ipv4.ts';
import { isIssuedBy, namesOf, type PemContent } from './pem.ts';

export interface CertificateNeeds {
  /** What clients ask for; each must be in the certificate. */
  readonly names: readonly string[];
  /** Whether its private key belongs to it, in its file or one beside it. */
  readonly needsKey: boolean;
  /** Authorities that the cloud's hosts trust. */
  readonly trusted: readonly X509Certificate[];
}

export type CertificateState = 'good' | 'soon' | 'expired' | 'broken' | 'missing' | 'encrypted';

export interface CertificateReport {
  readonly state: CertificateState;
  /** Name of who it is for: `CN=api.example.org`. */
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly names: readonly string[];
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  /** Whole days from now; negative where it is over. */
  readonly daysLeft: number | null;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string | null;
  readonly problems: readonly string[];
}

const DAY = 86_400_000;

/** What a certificate's file holds, against what it is for. Pure. */
export function inspect(content: PemContent, needs: CertificateNeeds, now: Date, warnDays: number): CertificateReport {
  const [leaf, ...rest] = content.certificates;
  if (leaf === undefined && content.isEncrypted) return { ...NOTHING, state: 'encrypted' };
  if (leaf === undefined)
    return { ...NOTHING, state: 'broken', problems: ['there is no certificate that can be read in it'] };
  const last = soonest(content.certificates);
  const daysLeft = Math.floor((Date.parse(last.validTo) - now.getTime()) / DAY);
  const problems = [
    ...content.unreadable.map((each) => `block ${each} cannot be read`),
    ...validity(content.certificates, now),
    ...keyProblems(leaf, content, needs.needsKey),
    ...needs.names.filter((name) => !covers(leaf, name)).map((name) => `it does not carry ${name}`),
    ...chainProblems(leaf, rest, needs.trusted),
  ];
  const isOver = Date.parse(last.validTo) <= now.getTime();
  return {
    state: isOver ? 'expired' : problems.length > 0 ? 'broken' : daysLeft < warnDays ? 'soon' : 'good',
    ...{ subject: oneLine(leaf.subject), issuer: oneLine(leaf.issuer), names: namesOf(leaf) },
    notBefore: new Date(leaf.validFrom).toISOString(),
    notAfter: new Date(last.validTo).toISOString(),
    ...{ daysLeft, fingerprint: leaf.fingerprint256, problems },
  };
}

export const NOTHING: CertificateReport = {
  ...{ state: 'missing', subject: null, issuer: null, names: [], notBefore: null, notAfter: null },
  ...{ daysLeft: null, fingerprint: null, problems: [] },
};

/** The first of a chain to end: an intermediate authority that is over ends the chain. */
function soonest(chain: readonly X509Certificate[]): X509Certificate {
  return chain.reduce((a, b) => (Date.parse(b.validTo) < Date.parse(a.validTo) ? b : a));
}

function validity(chain: readonly X509Certificate[], now: Date): string[] {
  return chain.flatMap((each) => {
    if (Date.parse(each.validTo) <= now.getTime()) return [`${oneLine(each.subject)} ended ${each.validTo}`];
    if (Date.parse(each.validFrom) > now.getTime()) return [`${oneLine(each.subject)} begins only ${each.validFrom}`];
    return [];
  });
}

function keyProblems(leaf: X509Certificate, { keys, isEncrypted }: PemContent, needsKey: boolean): string[] {
  if (!needsKey) return [];
  if (keys.length === 0 && isEncrypted) return [];
  if (keys.length === 0) return ['its private key is not there'];
  return keys.some((key) => leaf.checkPrivateKey(key)) ? [] : ['the private key belongs to another certificate'];
}

function covers(leaf: X509Certificate, name: string): boolean {
  return isIpv4(name) || name.includes(':') ? leaf.checkIP(name) !== undefined : leaf.checkHost(name) !== undefined;
}

/** A server sends its chain as the file has it: each must be signed by the next one, and the last by somebody that clients trust. */
function chainProblems(
  leaf: X509Certificate,
  rest: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): string[] {
  let end = leaf;
  for (const next of rest) {
    if (!isIssuedBy(end, next))
      return [`${oneLine(end.subject)} was not signed by the next in the file, ${oneLine(next.subject)}`];
    end = next;
  }
  const isTrusted = trusted.some((each) => each.fingerprint256 === end.fingerprint256 || isIssuedBy(end, each));
  return isTrusted
    ? []
    : [`it was signed by ${oneLine(end.issuer)}, whom neither certificates/ca nor the public list trusts`];
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}
