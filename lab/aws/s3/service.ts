import { AwsError } from '../aws-error.ts';
import type { CallContext, Service } from '../service.ts';
import type { AwsRequest } from '../wire/request.ts';
import { escapeXml } from '../wire/xml.ts';
import { bucketCalls } from './bucket-calls.ts';
import type { S3Call } from './call.ts';
import { multipartCalls } from './multipart-calls.ts';
import { objectCalls } from './object-calls.ts';
import { type Bucket, buckets } from './store.ts';

const calls: Readonly<Record<string, S3Call>> = { ...bucketCalls, ...objectCalls, ...multipartCalls };

/** S3's calls by method, what they are about and subresource. */
const NAMES: Readonly<Record<string, string>> = {
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'PUT bucket': 'CreateBucket',
  'HEAD bucket': 'HeadBucket',
  'DELETE bucket': 'DeleteBucket',
  'GET ?location': 'GetBucketLocation',
  'GET ?versioning': 'GetBucketVersioning',
  'GET ?encryption': 'GetBucketEncryption',
  'GET ?publicAccessBlock': 'GetPublicAccessBlock',
  'GET ?policy': 'GetBucketPolicy',
  'GET ?versions': 'ListObjectVersions',
  'POST ?delete': 'DeleteObjects',
  'GET ?uploads': 'ListMultipartUploads',
  'POST object ?uploads': 'CreateMultipartUpload',
  'PUT uploadId': 'UploadPart',
  'POST uploadId': 'CompleteMultipartUpload',
  'DELETE uploadId': 'AbortMultipartUpload',
};

/** Query parameters that choose the call; every other subresource is refused. */
const SUBRESOURCES = [
  'location',
  'encryption',
  'versioning',
  'policy',
  'publicAccessBlock',
  'versions',
  'delete',
  'uploads',
];
const PLAIN = [
  ...[
    'list-type',
    'prefix',
    'delimiter',
    'max-keys',
    'continuation-token',
    'start-after',
    'encoding-type',
    'fetch-owner',
  ],
  ...['x-id', 'versionId', 'partNumber', 'uploadId', 'key-marker', 'version-id-marker'],
];

export const s3: Service = {
  name: 's3',
  answer: async (request, context) => {
    const [bucketName = '', ...rest] = request.path.slice(1).split('/');
    const key = decodeURIComponent(rest.join('/'));
    const route = routeOf(request, bucketName, key);
    const name = NAMES[route] ?? route;
    const call = calls[name];
    if (call === undefined) throw new AwsError('NotImplemented', `lab/aws has no ${name}; see lab/aws/SPEC.md`, 501);
    refuseHeaders(request, name);
    context.enter('s3', name);
    return call({ request, context, bucketName, key, bucket: () => needBucket(context, bucketName) });
  },
  refuse: (error, request) => {
    const extra = Object.entries(error.extra).map(([tag, value]) => `<${tag}>${escapeXml(value)}</${tag}>`);
    const inner = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error>${inner}${extra.join('')}<RequestId>${request.id}</RequestId></Error>`;
    const headers = { 'content-type': 'application/xml', 'x-amz-request-id': request.id };
    return { status: error.status, headers, ...(request.method === 'HEAD' ? {} : { body }) };
  },
};

/** Headers that would change what is kept, or who may read it. */
const UNSUPPORTED = /^x-amz-(tagging$|acl$|grant-|object-lock-|website-|storage-class$|mfa$)/;

function refuseHeaders({ headers }: AwsRequest, name: string): void {
  const found = Object.keys(headers).find((header) => UNSUPPORTED.test(header));
  if (found !== undefined) throw new AwsError('NotImplemented', `lab/aws does not support ${found} of ${name}`, 501);
}

function needBucket({ world, principal }: CallContext, name: string): Bucket {
  const found = buckets(world).get(name);
  if (found === undefined)
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  if (found.account !== principal.account) throw new AwsError('AccessDenied', 'Access Denied', 403);
  return found;
}

function routeOf({ method, query, headers }: AwsRequest, bucket: string, key: string): string {
  const unknown = [...query.keys()].find(
    (name) => !SUBRESOURCES.includes(name) && !PLAIN.includes(name) && !name.startsWith('X-Amz-'),
  );
  if (unknown !== undefined) return `${method} ?${unknown}`;
  const sub = SUBRESOURCES.find((name) => query.has(name));
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : method;
  if (key !== '') {
    if (headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
    if (query.has('uploadId')) return `${method} uploadId`;
    if (sub !== undefined) return `${method} object ?${sub}`;
    return `${method} object`;
  }
  if (sub !== undefined) return `${method} ?${sub}`;
  return query.get('list-type') === '2' ? 'ListObjectsV2' : `${method} bucket`;
}
