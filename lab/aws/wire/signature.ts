import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../aws-error.ts';

/** Who signed a request, as STS would name them. */
export interface Principal {
  readonly accessKeyId: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** What the endpoint knows of an access key. */
export interface Signer {
  readonly principal: Principal;
  readonly secretAccessKey: string;
  /** Temporary credentials come with a token. */
  readonly sessionToken?: string;
  /** Milliseconds since 1970; temporary credentials end. */
  readonly expires?: number;
}

export interface SignedParts {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Claim {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly amzDate: string;
  readonly token: string | undefined;
  readonly presigned: boolean;
}

export interface Scope {
  readonly service: string;
  readonly region: string;
  readonly principal: Principal;
}

const CLOCK_SKEW_MS = 15 * 60 * 1000;

/** Signature Version 4, from the header or a presigned URL; throws AWS's errors where it does not hold. */
export function authorise(parts: SignedParts, signerOf: (id: string) => Signer | undefined, now: number): Scope {
  const claim = claimOf(parts);
  const signer = signerOf(claim.accessKeyId);
  if (signer === undefined || signer.sessionToken !== claim.token)
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
  if (signer.expires !== undefined && signer.expires <= now)
    throw new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
  const signedAt = timeOf(claim.amzDate);
  const lifetime = claim.presigned ? Number(parts.query.get('X-Amz-Expires') ?? 0) * 1000 : CLOCK_SKEW_MS;
  // Callers run on real time even where a test stands the endpoint's clock still.
  if (Math.abs(Date.now() - signedAt) > Math.max(lifetime, CLOCK_SKEW_MS))
    throw new AwsError('SignatureDoesNotMatch', `Signature expired: ${claim.amzDate}`, 403);
  if (!matches(signatureOf(parts, claim, signer.secretAccessKey), claim.signature)) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
      403,
    );
  }
  return { service: claim.service, region: claim.region, principal: signer.principal };
}

function claimOf(parts: SignedParts): Claim {
  const header = parts.headers.authorization ?? '';
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(header);
  const query = parts.query;
  const credential = match?.[1] ?? query.get('X-Amz-Credential') ?? '';
  const [accessKeyId, date, region, service, terminator] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request')
    throw new AwsError('MissingAuthenticationToken', 'Missing Authentication Token', 403);
  const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: (match?.[2] ?? query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: match?.[3] ?? query.get('X-Amz-Signature') ?? '',
    amzDate: one(parts.headers['x-amz-date']) ?? query.get('X-Amz-Date') ?? '',
    token: one(parts.headers['x-amz-security-token']) ?? query.get('X-Amz-Security-Token') ?? undefined,
    presigned: match === null,
  };
}

function signatureOf(parts: SignedParts, claim: Claim, secret: string): string {
  const canonicalHeaders = claim.signedHeaders.map((name) => `${name}:${headerText(parts.headers[name])}\n`).join('');
  const canonicalRequest = [
    parts.method,
    // S3 signs the path as it is sent; every other service encodes it once more.
    claim.service === 's3' ? parts.path : parts.path.split('/').map(encode).join('/'),
    canonicalQuery(parts.query),
    canonicalHeaders,
    claim.signedHeaders.join(';'),
    claim.presigned ? 'UNSIGNED-PAYLOAD' : headerText(parts.headers['x-amz-content-sha256']) || sha256(parts.body),
  ].join('\n');
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', claim.amzDate, scope, sha256(canonicalRequest)].join('\n');
  return createHmac('sha256', signingKey(claim, secret)).update(toSign).digest('hex');
}

/** Of the day, Region and service of each caller: deriving it takes longer than all the rest of a small call. */
const signingKeys = new Map<string, Buffer>();
const MOST_KEYS = 1000;

function signingKey({ date, region, service }: Claim, secret: string): Buffer {
  const name = JSON.stringify([secret, date, region, service]);
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  if (signingKeys.size >= MOST_KEYS) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function headerText(value: string | readonly string[] | undefined): string {
  const joined = typeof value === 'string' ? value : (value ?? []).join(',');
  return joined.trim().replace(/ +/g, ' ');
}

function encode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(value: string | Buffer): string {
  return createHash('sha256').update(value).digest('hex');
}

function matches(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

function timeOf(amzDate: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate) ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}
