import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../aws-error.ts';
import type { AwsRequest } from '../wire/request.ts';

export interface Payload {
  readonly body: Buffer;
  /** `x-amz-checksum-…` headers that were sent and hold. */
  readonly checksums: Readonly<Record<string, string>>;
}

const ALGORITHMS: Readonly<Record<string, (body: Buffer) => string>> = {
  'x-amz-checksum-crc32': (body) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum.toString('base64');
  },
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest('base64'),
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest('base64'),
};

/** The body as it is to be kept: chunks joined, digests checked. */
export function payloadOf(request: AwsRequest): Payload {
  const streamed = String(request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const { body, trailers } = streamed ? unchunk(request.body) : { body: request.body, trailers: {} };
  const md5 = request.headers['content-md5'];
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  const sent: Record<string, unknown> = { ...request.headers, ...trailers };
  const checksums: Record<string, string> = {};
  for (const [name, value] of Object.entries(sent)) {
    if (!name.startsWith('x-amz-checksum-') || typeof value !== 'string' || name === 'x-amz-checksum-mode') continue;
    const digest = ALGORITHMS[name];
    // CRC32C and CRC64NVME are taken on trust (SPEC, S3).
    if (digest !== undefined && digest(body) !== value)
      throw new AwsError(
        'BadDigest',
        `The ${name.slice(15).toUpperCase()} you specified did not match the calculated checksum.`,
      );
    checksums[name] = value;
  }
  return { body, checksums };
}

/** `aws-chunked`: each chunk after its size in hexadecimal, headers after the last. */
function unchunk(raw: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    const size = end < 0 ? Number.NaN : Number.parseInt(raw.toString('latin1', at, end), 16);
    if (Number.isNaN(size)) throw new AwsError('IncompleteBody', 'the body ends before its last chunk');
    at = end + 2;
    if (size === 0) break;
    chunks.push(raw.subarray(at, at + size));
    at += size + 2;
  }
  const lines = raw
    .toString('latin1', at)
    .split('\r\n')
    .filter((line) => line.includes(':'));
  const trailers = lines.map(
    (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
  );
  return { body: Buffer.concat(chunks), trailers: Object.fromEntries(trailers) };
}
