import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientConfig, type Rig, rig } from './rig.ts';

/** SPEC.md, "S3". */
describe('S3', () => {
  let lab: Rig;
  let s3: S3Client;
  const Bucket = 'results';
  beforeEach(async () => {
    lab = await rig();
    s3 = new S3Client(lab.config);
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  afterEach(() => lab.endpoint.close());

  const put = (Key: string, Body: string, more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = async (Key: string, more: object = {}) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString();

  it('keeps objects with their type, metadata and digest', async () => {
    const { ETag } = await put('a/ö b', 'hello', { ContentType: 'text/plain', Metadata: { owner: 'me' } });
    expect(ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
    expect(await get('a/ö b')).toBe('hello');
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/ö b' }));
    expect(head).toMatchObject({ ContentType: 'text/plain', ContentLength: 5, Metadata: { owner: 'me' } });
  });

  it('writes a result once: fails where If-None-Match finds one', async () => {
    await put('r', 'first', { IfNoneMatch: '*' });
    await expect(put('r', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await get('r')).toBe('first');
  });

  it('lets one of many at the same time win', async () => {
    const tries = Array.from({ length: 20 }, (_, index) => put('race', String(index), { IfNoneMatch: '*' }));
    const won = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
  });

  it('writes over the version that was read, and fails over another', async () => {
    const { ETag } = await put('r', 'one');
    await put('r', 'two', { IfMatch: ETag });
    await expect(put('r', 'three', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('gives ranges', async () => {
    await put('r', '0123456789');
    expect(await get('r', { Range: 'bytes=2-4' })).toBe('234');
    expect(await get('r', { Range: 'bytes=-3' })).toBe('789');
  });

  it('lists in pages and by delimiter', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c']) await put(key, key);
    const all = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect([all.CommonPrefixes?.map(({ Prefix }) => Prefix), all.Contents?.map(({ Key }) => Key)]).toEqual([
      ['a/'],
      ['b', 'c'],
    ]);
    const first = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 3 }));
    const rest = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: first.NextContinuationToken }));
    expect([first.Contents?.length, first.IsTruncated, rest.Contents?.map(({ Key }) => Key)]).toEqual([3, true, ['c']]);
  });

  it('deletes many', async () => {
    await put('a', 'a');
    await put('b', 'b');
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }] } }));
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });

  it('fails on a key, a bucket and an account that it should not', async () => {
    await expect(get('none')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    const other = new S3Client(clientConfig(lab.endpoint.url, '222233334444'));
    await expect(other.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('fails where the body is not what its checksum says', async () => {
    await expect(put('x', 'x', { ChecksumSHA256: 'AAAA' })).rejects.toMatchObject({ name: 'BadDigest' });
  });
});
