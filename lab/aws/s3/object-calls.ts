import { AwsError } from '../aws-error.ts';
import type { AwsResponse } from '../wire/request.ts';
import type { S3Call, S3Request } from './call.ts';
import { payloadOf } from './payload.ts';
import { currentObject, deleteObject, putObject, type StoredObject } from './store.ts';

export const objectCalls: Readonly<Record<string, S3Call>> = {
  PutObject: ({ request, context, bucket, key }) => {
    const target = bucket();
    const { body, checksums } = payloadOf(request);
    precondition(request.headers['if-none-match'], request.headers['if-match'], currentObject(target, key));
    const stored = putObject(context.world, target, {
      key,
      body,
      contentType: request.headers['content-type'] ?? 'binary/octet-stream',
      headers: { ...keptHeaders(request.headers), ...checksums },
    });
    return { status: 200, headers: { etag: `"${stored.etag}"`, ...checksums, ...versionHeader(stored) } };
  },
  GetObject: (call) => read(call, true),
  HeadObject: (call) => read(call, false),
  DeleteObject: ({ request, context, bucket, key }) => {
    const marker = deleteObject(context.world, bucket(), key, request.query.get('versionId') ?? undefined);
    if (marker === undefined) return { status: 204 };
    return { status: 204, headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.version } };
  },
};

/** `If-None-Match: *` writes only what is not there yet; `If-Match` only over the version that was read. */
export function precondition(
  noneMatch: string | undefined,
  match: string | undefined,
  found: StoredObject | undefined,
): void {
  const failed = () =>
    new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
      Condition: noneMatch === undefined ? 'If-Match' : 'If-None-Match',
    });
  if (noneMatch === '*' && found !== undefined) throw failed();
  if (noneMatch !== undefined && noneMatch !== '*')
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501);
  if (match === undefined) return;
  if (found === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if (match.replaceAll('"', '') !== found.etag) throw failed();
}

const KEPT = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];

/** Headers that come back with the object. */
export function keptHeaders(headers: S3Request['request']['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'string' || !(KEPT.includes(name) || name.startsWith('x-amz-meta-'))) return [];
    if (name !== 'content-encoding') return [[name, value]];
    // `aws-chunked` is how it was sent, not what it is.
    const encodings = value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== 'aws-chunked' && item !== '');
    return encodings.length === 0 ? [] : [[name, encodings.join(',')]];
  });
  return Object.fromEntries(entries);
}

export function versionHeader({ version }: StoredObject): Record<string, string> {
  return version === 'null' ? {} : { 'x-amz-version-id': version };
}

function read({ request, bucket, key }: S3Request, withBody: boolean): AwsResponse {
  const target = bucket();
  const version = request.query.get('versionId');
  const found =
    version === null
      ? currentObject(target, key)
      : target.objects.get(key)?.find((object) => object.version === version);
  if (found === undefined || found.marker)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  const { 'if-none-match': noneMatch, 'if-match': match, range } = request.headers;
  if (match !== undefined && match.replaceAll('"', '') !== found.etag) precondition(undefined, match, found);
  if (noneMatch?.replaceAll('"', '') === found.etag) return { status: 304, headers: { etag: `"${found.etag}"` } };
  const headers: Record<string, string> = {
    ...checksumsIfWanted(range === undefined && request.headers['x-amz-checksum-mode'] === 'ENABLED', found.headers),
    'content-type': found.contentType,
    etag: `"${found.etag}"`,
    'last-modified': new Date(found.modified).toUTCString(),
    'accept-ranges': 'bytes',
    ...versionHeader(found),
  };
  const part = range === undefined ? undefined : rangeOf(range, found.body.length);
  const body = part === undefined ? found.body : found.body.subarray(part.start, part.end + 1);
  headers['content-length'] = String(body.length);
  if (part !== undefined) headers['content-range'] = `bytes ${part.start}-${part.end}/${found.body.length}`;
  return { status: part === undefined ? 200 : 206, headers, ...(withBody ? { body } : {}) };
}

/** Checksums are of the whole object, and only told on request. */
function checksumsIfWanted(wanted: boolean, headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => wanted || !name.startsWith('x-amz-checksum-')));
}

function rangeOf(range: string, size: number): { start: number; end: number } {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start > end || start >= size || (from === '' && to === ''))
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { start, end };
}
