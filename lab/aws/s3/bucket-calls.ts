import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { defined, isObject } from '../json.ts';
import type { AwsResponse } from '../wire/request.ts';
import { elements, xmlOf } from '../wire/xml.ts';
import type { S3Call, S3Request } from './call.ts';
import { type Bucket, buckets, currentObject, deleteObject, newBucket, type StoredObject } from './store.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

export function xml(name: string, inner: string, headers: Readonly<Record<string, string>> = {}): AwsResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?><${name} ${NAMESPACE}>${inner}</${name}>`;
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body };
}

export const bucketCalls: Readonly<Record<string, S3Call>> = {
  ListBuckets: ({ context }) => {
    const mine = [...buckets(context.world).values()].filter(({ account }) => account === context.principal.account);
    const list = mine.map(
      ({ name, created }) => `<Bucket>${xmlOf({ Name: name, CreationDate: iso(created) })}</Bucket>`,
    );
    return xml('ListAllMyBucketsResult', `<Buckets>${list.join('')}</Buckets>`);
  },
  CreateBucket: ({ context, bucketName, request }) => {
    const found = buckets(context.world).get(bucketName);
    if (found !== undefined) throw bucketTaken(found, context.principal.account);
    newBucket(context.world, bucketName, context.principal.account, request.region);
    return { status: 200, headers: { location: `/${bucketName}` } };
  },
  HeadBucket: ({ bucket }) => ({ status: 200, headers: { 'x-amz-bucket-region': bucket().region } }),
  DeleteBucket: ({ bucket, context }) => {
    removeBucket(context.world, bucket());
    return { status: 204 };
  },
  GetBucketLocation: ({ bucket }) => {
    const { region } = bucket();
    return xml('LocationConstraint', region === 'us-east-1' ? '' : region);
  },
  GetBucketVersioning: ({ bucket }) =>
    xml('VersioningConfiguration', bucket().versioned ? '<Status>Enabled</Status>' : ''),
  GetBucketEncryption: (call) => {
    const rules = configured(call, 'BucketEncryption')?.['ServerSideEncryptionConfiguration'];
    const [rule] = Array.isArray(rules) ? (rules as JsonObject[]) : [];
    const byDefault = isObject(rule?.['ServerSideEncryptionByDefault'])
      ? rule['ServerSideEncryptionByDefault']
      : undefined;
    const shown = byDefault ?? { SSEAlgorithm: 'AES256' };
    return xml(
      'ServerSideEncryptionConfiguration',
      `<Rule><ApplyServerSideEncryptionByDefault>${xmlOf(shown)}</ApplyServerSideEncryptionByDefault></Rule>`,
    );
  },
  GetPublicAccessBlock: (call) => {
    const found = configured(call, 'PublicAccessBlockConfiguration');
    const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    return xml('PublicAccessBlockConfiguration', xmlOf(found ?? all));
  },
  GetBucketPolicy: ({ bucket, context }) => {
    const { name, region, account } = bucket();
    const policy = context.world.realm(account, region).find('AWS::S3::BucketPolicy', name);
    if (policy === undefined)
      throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: name });
    const document = policy.properties['PolicyDocument'];
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
  },
  ListObjectsV2: list,
  ListObjectVersions: listVersions,
  DeleteObjects: ({ request, context, bucket }) => {
    const wanted = elements(request.body.toString('utf8'), 'Object');
    if (wanted.length > 1000) throw new AwsError('MalformedXML', 'at most 1000 keys at once');
    const quiet = elements(request.body.toString('utf8'), 'Quiet')[0] === 'true';
    const target = bucket();
    const deleted = wanted.map((object) => {
      const [key = ''] = elements(object, 'Key');
      const [version] = elements(object, 'VersionId');
      deleteObject(context.world, target, key, version);
      return `<Deleted>${xmlOf(defined({ Key: key, VersionId: version }))}</Deleted>`;
    });
    return xml('DeleteResult', quiet ? '' : deleted.join(''));
  },
};

export function bucketTaken(found: Bucket, account: string): AwsError {
  return found.account === account
    ? new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
      )
    : new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.', 409);
}

/** Pages of at most 1,000, told on by key and version: API_ListObjectVersions. */
function listVersions(call: S3Request): AwsResponse {
  const bucket = call.bucket();
  const { query } = call.request;
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
  const all = [...bucket.objects.entries()]
    .filter(([key]) => key.startsWith(query.get('prefix') ?? ''))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => [...own].reverse().map((object, index) => ({ object, isLatest: index === 0 })));
  const marker = query.get('key-marker');
  const isMarked = ({ object }: (typeof all)[number]): boolean =>
    object.key === marker && object.version === query.get('version-id-marker');
  const isPast = ({ object }: (typeof all)[number]): boolean => object.key > (marker ?? '');
  const at = all.findIndex(isMarked);
  const rest = marker === null ? all : at >= 0 ? all.slice(at + 1) : all.filter(isPast);
  const shown = rest.slice(0, most);
  const last = rest.length > most ? shown.at(-1)?.object : undefined;
  const head = xmlOf(
    defined({
      Name: bucket.name,
      IsTruncated: last !== undefined,
      NextKeyMarker: last?.key,
      NextVersionIdMarker: last?.version,
    }),
  );
  return xml('ListVersionsResult', head + shown.map(({ object, isLatest }) => showVersion(object, isLatest)).join(''));
}

export function removeBucket(world: Parameters<typeof buckets>[0], bucket: Bucket): void {
  if (bucket.objects.size > 0) {
    const versions = bucket.versioned ? ' You must delete all versions in the bucket.' : '';
    throw new AwsError('BucketNotEmpty', `The bucket you tried to delete is not empty.${versions}`, 409);
  }
  buckets(world).delete(bucket.name);
}

/** What CloudFormation set on the bucket. */
function configured({ bucket, context }: S3Request, property: string): JsonObject | undefined {
  const { name, account, region } = bucket();
  const found = context.world.realm(account, region).find('AWS::S3::Bucket', name)?.properties[property];
  return isObject(found) ? found : undefined;
}

function list(call: S3Request): AwsResponse {
  const { query } = call.request;
  const bucket = call.bucket();
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter');
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
  const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix) && currentObject(bucket, key)).sort();
  const contents: string[] = [];
  const groups = new Set<string>();
  let last = '';
  let more = false;
  for (const key of keys) {
    const cut = delimiter === null || delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const group = cut < 0 ? undefined : key.slice(0, cut + (delimiter?.length ?? 0));
    if ((group ?? key) <= after || (group !== undefined && groups.has(group))) continue;
    if (contents.length + groups.size >= most) {
      more = true;
      break;
    }
    last = group ?? key;
    const object = currentObject(bucket, key);
    if (group !== undefined) groups.add(group);
    else if (object !== undefined) contents.push(`<Contents>${xmlOf(shown(object))}</Contents>`);
  }
  const prefixes = [...groups].map((group) => `<CommonPrefixes>${xmlOf({ Prefix: group })}</CommonPrefixes>`);
  const head = xmlOf(
    defined({
      Name: bucket.name,
      Prefix: prefix,
      KeyCount: contents.length + groups.size,
      MaxKeys: most,
      IsTruncated: more,
      NextContinuationToken: more ? last : undefined,
    }),
  );
  return xml('ListBucketResult', head + contents.join('') + prefixes.join(''));
}

function shown(object: StoredObject): JsonObject {
  return {
    Key: object.key,
    LastModified: iso(object.modified),
    ETag: `"${object.etag}"`,
    Size: object.body.length,
    StorageClass: 'STANDARD',
  };
}

function showVersion(object: StoredObject, latest: boolean): string {
  const { Key = '', LastModified = '', ...rest } = shown(object);
  const common = { Key, VersionId: object.version, IsLatest: latest, LastModified };
  return object.marker
    ? `<DeleteMarker>${xmlOf(common)}</DeleteMarker>`
    : `<Version>${xmlOf({ ...common, ...rest })}</Version>`;
}

const iso = (time: number): string => new Date(time).toISOString();
