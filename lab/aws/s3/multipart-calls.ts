import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { elements, xmlOf } from '../wire/xml.ts';
import { xml } from './bucket-calls.ts';
import type { S3Call, S3Request } from './call.ts';
import { keptHeaders, precondition, versionHeader } from './object-calls.ts';
import { payloadOf } from './payload.ts';
import { currentObject, putObject, type Upload } from './store.ts';

const SMALLEST_PART = 5 * 1024 * 1024;

export const multipartCalls: Readonly<Record<string, S3Call>> = {
  CreateMultipartUpload: ({ request, context, bucket, key }) => {
    const id = context.world.ids.hex(40);
    const contentType = request.headers['content-type'] ?? 'binary/octet-stream';
    const headers = { ...keptHeaders(request.headers), 'content-type': contentType };
    bucket().uploads.set(id, { id, key, headers, parts: new Map() });
    return xml('InitiateMultipartUploadResult', xmlOf({ Bucket: bucket().name, Key: key, UploadId: id }));
  },
  ListMultipartUploads: ({ bucket }) => {
    const uploads = [...bucket().uploads.values()].map(
      ({ id, key }) => `<Upload>${xmlOf({ Key: key, UploadId: id })}</Upload>`,
    );
    return xml(
      'ListMultipartUploadsResult',
      `${xmlOf({ Bucket: bucket().name, IsTruncated: false })}${uploads.join('')}`,
    );
  },
  UploadPart: (call) => {
    const upload = uploadOf(call);
    const { body, checksums } = payloadOf(call.request);
    const etag = createHash('md5').update(body).digest('hex');
    upload.parts.set(Number(call.request.query.get('partNumber')), { body, etag });
    return { status: 200, headers: { etag: `"${etag}"`, ...checksums } };
  },
  CompleteMultipartUpload: (call) => {
    const { request, context, bucket, key } = call;
    const upload = uploadOf(call);
    const wanted = elements(request.body.toString('utf8'), 'Part').map((part) => {
      const number = Number(elements(part, 'PartNumber')[0]);
      const etag = (elements(part, 'ETag')[0] ?? '').replaceAll('"', '');
      const found = upload.parts.get(number);
      if (found?.etag !== etag)
        throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.');
      return { number, ...found };
    });
    if (wanted.slice(0, -1).some(({ body }) => body.length < SMALLEST_PART))
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    precondition(request.headers['if-none-match'], request.headers['if-match'], currentObject(bucket(), key));
    const digest = createHash('md5').update(Buffer.concat(wanted.map(({ etag }) => Buffer.from(etag, 'hex'))));
    const { 'content-type': contentType = 'binary/octet-stream', ...headers } = upload.headers;
    const stored = putObject(context.world, bucket(), {
      key,
      body: Buffer.concat(wanted.map(({ body }) => body)),
      etag: `${digest.digest('hex')}-${wanted.length}`,
      contentType,
      headers,
    });
    bucket().uploads.delete(upload.id);
    const inner = xmlOf({ Bucket: bucket().name, Key: key, ETag: `"${stored.etag}"` });
    return xml('CompleteMultipartUploadResult', inner, versionHeader(stored));
  },
  AbortMultipartUpload: (call) => {
    call.bucket().uploads.delete(uploadOf(call).id);
    return { status: 204 };
  },
};

function uploadOf({ bucket, request }: S3Request): Upload {
  const found = bucket().uploads.get(request.query.get('uploadId') ?? '');
  if (found === undefined) throw new AwsError('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
  return found;
}
