import { createHash } from 'node:crypto';
import type { World } from '../world.ts';

export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  readonly etag: string;
  readonly modified: number;
  readonly version: string;
  /** A delete marker hides what is below it. */
  readonly marker: boolean;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly body: Buffer; readonly etag: string }>;
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: number;
  versioned: boolean;
  /** Newest last. */
  readonly objects: Map<string, StoredObject[]>;
  readonly uploads: Map<string, Upload>;
}

/** Names of buckets are one space for all accounts. */
export function buckets(world: World): Map<string, Bucket> {
  return world.shared('s3', () => new Map<string, Bucket>());
}

export function newBucket(world: World, name: string, account: string, region: string): Bucket {
  const bucket: Bucket = {
    name,
    account,
    region,
    created: world.clock.now(),
    versioned: false,
    objects: new Map(),
    uploads: new Map(),
  };
  buckets(world).set(name, bucket);
  return bucket;
}

/** The newest version of an object; undefined if there is none, or it is deleted. */
export function currentObject(bucket: Bucket, key: string): StoredObject | undefined {
  const newest = bucket.objects.get(key)?.at(-1);
  return newest?.marker === true ? undefined : newest;
}

export function readObject(world: World, bucket: string, key: string): StoredObject | undefined {
  const found = buckets(world).get(bucket);
  return found === undefined ? undefined : currentObject(found, key);
}

export interface NewObject {
  readonly key: string;
  readonly body: Buffer;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default - MD5 of the body */
  readonly etag?: string;
}

export function putObject(world: World, bucket: Bucket, object: NewObject): StoredObject {
  const stored: StoredObject = {
    key: object.key,
    body: object.body,
    etag: object.etag ?? createHash('md5').update(object.body).digest('hex'),
    modified: world.clock.now(),
    version: bucket.versioned ? world.ids.hex(32) : 'null',
    marker: false,
    contentType: object.contentType ?? 'binary/octet-stream',
    headers: object.headers ?? {},
  };
  push(bucket, stored);
  return stored;
}

/** Hides an object behind a delete marker, or removes it where there are no versions. */
export function deleteObject(world: World, bucket: Bucket, key: string, version?: string): StoredObject | undefined {
  if (version !== undefined) {
    const left = (bucket.objects.get(key) ?? []).filter((object) => object.version !== version);
    if (left.length === 0) bucket.objects.delete(key);
    else bucket.objects.set(key, left);
    return undefined;
  }
  if (!bucket.versioned) {
    bucket.objects.delete(key);
    return undefined;
  }
  const marker: StoredObject = {
    ...{ key, body: Buffer.alloc(0), etag: '', contentType: '', headers: {} },
    modified: world.clock.now(),
    version: world.ids.hex(32),
    marker: true,
  };
  push(bucket, marker);
  return marker;
}

function push(bucket: Bucket, object: StoredObject): void {
  const earlier = bucket.versioned ? (bucket.objects.get(object.key) ?? []) : [];
  bucket.objects.set(object.key, [...earlier, object]);
}
